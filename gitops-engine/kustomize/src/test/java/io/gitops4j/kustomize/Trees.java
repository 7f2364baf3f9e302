package io.gitops4j.kustomize;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import java.util.LinkedHashMap;
import java.util.Map;

/** Trees written as path, text, path, text. */
final class Trees {
    static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: 1
              template:
                spec:
                  containers:
                  - name: main
                    image: nginx:1.25
                    envFrom:
                    - configMapRef:
                        name: settings
            """;

    private Trees() {}

    static MemoryTree tree(String... pathsAndTexts) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return MemoryTree.ofText(files);
    }

    static Outcome<KustomizeResult> outcome(String path, String... files) {
        return Kustomize.build(tree(files), path, KustomizeOptions.defaults());
    }

    static String build(String path, String... files) {
        return outcome(path, files).orThrow().yaml();
    }

    static Problem refusal(String path, String... files) {
        Outcome<KustomizeResult> outcome = outcome(path, files);
        if (outcome.ok()) {
            throw new AssertionError("built:\n" + outcome.orThrow().yaml());
        }
        if (outcome.errors().size() != 1) {
            throw new AssertionError("not one problem: " + outcome.errors());
        }
        return outcome.errors().get(0);
    }
}
