package io.gitops4j.policy.pss;

import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Names containers in messages: {@code container "a"}, {@code containers "a", "b"}. */
final class Containers {
    private Containers() {}

    static List<String> named(PodView pod, Predicate<PodView.Container> bad) {
        List<String> names = new ArrayList<>();
        for (PodView.Container container : pod.containers()) {
            if (bad.test(container)) {
                names.add(container.name());
            }
        }
        return names;
    }

    static String list(List<String> names) {
        return (names.size() == 1 ? "container " : "containers ") + quoted(names);
    }

    static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
    }
}
