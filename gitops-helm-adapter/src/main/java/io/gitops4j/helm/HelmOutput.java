package io.gitops4j.helm;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine printed, as manifests that know their template: ordinary objects first, then hooks, as Helm prints them. */
final class HelmOutput {
    private static final Pattern DOCUMENT = Pattern.compile("(?m)^---\\n# Source: [^/\\n]+/(\\S+)\\n");
    private static final String HOOK = "helm.sh/hook";

    private HelmOutput() {}

    static Outcome<List<Manifest>> read(String printed, UnaryOperator<String> place, boolean skipTests, Limits limits) {
        List<Manifest> ordinary = new ArrayList<>();
        List<Manifest> hooks = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        String text = Marks.show(printed);
        Matcher matcher = DOCUMENT.matcher(text);
        int from = -1;
        String file = "";
        boolean more = true;
        while (more) {
            more = matcher.find();
            if (from >= 0) {
                String document = text.substring(from, more ? matcher.start() : text.length());
                Outcome<List<Manifest>> read =
                        YamlReader.kubectl().withLimits(limits).readManifests(file, document);
                problems.addAll(read.problems());
                read.value()
                        .ifPresent(
                                all -> all.forEach(manifest -> sort(unplaced(manifest), skipTests, ordinary, hooks)));
            }
            if (more) {
                from = matcher.end();
                file = place.apply(matcher.group(1));
            }
        }
        ordinary.addAll(hooks);
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : Outcome.of(List.copyOf(ordinary), problems);
    }

    /** Lines of what a template prints are none of its own. */
    private static Manifest unplaced(Manifest manifest) {
        return manifest.withOrigin(manifest.origin().atLine(0));
    }

    private static void sort(Manifest manifest, boolean skipTests, List<Manifest> ordinary, List<Manifest> hooks) {
        String hook = manifest.annotation(HOOK);
        if (hook == null) {
            ordinary.add(manifest);
        } else if (!skipTests || !isTest(hook)) {
            hooks.add(manifest);
        }
    }

    private static boolean isTest(String hook) {
        for (String event : hook.split(",", -1)) {
            if (event.strip().equals("test") || event.strip().equals("test-success")) {
                return true;
            }
        }
        return false;
    }
}
