package io.gitops4j.kustomize.internal.transform;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.tree.Node;
import io.gitops4j.problem.Outcome;
import io.gitops4j.selector.LabelSelector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Kubernetes label selector over the members of a node, whatever their type. */
final class Labels {
    private final LabelSelector selector;

    private Labels(LabelSelector selector) {
        this.selector = selector;
    }

    static Labels parse(String text) {
        Outcome<LabelSelector> parsed = LabelSelector.parse(text);
        LabelSelector selector = parsed.orNull();
        if (selector == null) {
            throw new BuildFault("SELECTOR", parsed.errors().get(0).text())
                    .hint("such as app=web,tier in (a, b),!canary");
        }
        return new Labels(selector);
    }

    boolean isEmpty() {
        return selector.isEverything();
    }

    boolean matches(@Nullable Node labels) {
        if (selector.isEverything()) {
            return true;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; labels != null && labels.isMap() && i < labels.size(); i++) {
            texts.put(labels.key(i), labels.item(i).text());
        }
        return selector.matches(texts);
    }
}
