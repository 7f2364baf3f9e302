package io.gitops4j.policy.pss;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the Pod Security labels of the namespaces that a plan has in it: {@code enforce} refuses pods, and workloads too,
 * since their pods would be refused; {@code audit} and {@code warn} warn.
 */
public final class PodSecurityGate implements PlanGate {
    private static final String LABEL = "pod-security.kubernetes.io/";

    private final JsonObject defaults;

    private PodSecurityGate(JsonObject defaults) {
        this.defaults = defaults;
    }

    /** A gate that looks at labels alone. */
    public static PodSecurityGate byLabels() {
        return new PodSecurityGate(JsonObject.empty());
    }

    /** A gate where namespaces without a label are held to a level. */
    public static PodSecurityGate enforcing(Level level) {
        return new PodSecurityGate(
                JsonObject.builder().put(LABEL + "enforce", level.wire()).build());
    }

    @Override
    public String name() {
        return "pod-security";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        Map<String, JsonObject> namespaces = new LinkedHashMap<>();
        for (Manifest manifest : desired) {
            if (manifest.kind().equals("Namespace") && manifest.gvk().group().isEmpty()) {
                namespaces.put(manifest.name(), manifest.labels());
            }
        }
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : desired) {
            JsonObject labels = namespaces.getOrDefault(manifest.namespace(), JsonObject.empty());
            for (String mode : List.of("enforce", "audit", "warn")) {
                review(manifest, labels, mode, problems);
            }
        }
        return List.copyOf(problems);
    }

    private void review(Manifest manifest, JsonObject labels, String mode, List<Problem> problems) {
        String text = labels.text(LABEL + mode, defaults.text(LABEL + mode, ""));
        Level level = Level.of(text).orElse(Level.PRIVILEGED);
        String version = labels.text(LABEL + mode + "-version", "latest");
        String message = level == Level.PRIVILEGED ? "" : PodSecurity.message(manifest.body(), level, version);
        if (!message.isEmpty()) {
            String sentence = manifest.key() + " " + message;
            Problem problem = mode.equals("enforce")
                    ? Problem.error("POD_SECURITY", sentence)
                    : Problem.warning("POD_SECURITY", sentence);
            problems.add(problem.at(Where.file(manifest.origin().file())));
        }
    }
}
