package io.gitops4j.policy.pss;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the Pod Security labels of namespaces, those of a plan or of a cluster: {@code enforce} refuses pods, and in a plan workloads
 * too, since their pods would be refused; {@code audit} and {@code warn} warn. Namespaces, runtime classes and users may be exempt, as in the
 * configuration of the admission plugin.
 */
public final class PodSecurityGate implements PlanGate, AdmissionHook {
    private static final String LABEL = "pod-security.kubernetes.io/";
    private static final List<String> MODES = List.of("enforce", "audit", "warn");

    private final JsonObject defaults;
    private final Exempt exempt;
    private final Enforcement enforcement;

    /** What the admission plugin leaves alone. */
    private record Exempt(List<String> namespaces, List<String> runtimeClasses, List<String> usernames) {}

    private PodSecurityGate(JsonObject defaults, Exempt exempt, Enforcement enforcement) {
        this.defaults = defaults;
        this.exempt = exempt;
        this.enforcement = enforcement;
    }

    private static PodSecurityGate of(JsonObject defaults) {
        return new PodSecurityGate(defaults, new Exempt(List.of(), List.of(), List.of()), Enforcement.strict());
    }

    /** A gate that looks at labels alone. */
    public static PodSecurityGate byLabels() {
        return of(JsonObject.empty());
    }

    /** A gate where namespaces without a label are held to a level. */
    public static PodSecurityGate enforcing(Level level) {
        return of(JsonObject.builder().put(LABEL + "enforce", level.wire()).build());
    }

    /** This gate with exemptions from {@code PodSecurity/baseline} or {@code PodSecurity/restricted}. */
    public PodSecurityGate with(Enforcement policy) {
        return new PodSecurityGate(defaults, exempt, policy);
    }

    /** This gate, which leaves alone what is in one of the namespaces, of one of the runtime classes, or written by one of the users. */
    public PodSecurityGate exempting(List<String> namespaces, List<String> runtimeClasses, List<String> usernames) {
        return new PodSecurityGate(
                defaults,
                new Exempt(List.copyOf(namespaces), List.copyOf(runtimeClasses), List.copyOf(usernames)),
                enforcement);
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
            problems.addAll(enforcement.problems(
                    manifest,
                    violations(manifest, labels, true),
                    "POD_SECURITY",
                    violation -> manifest.key() + " " + violation.message()));
        }
        return List.copyOf(problems);
    }

    /** As the admission plugin: {@code enforce} refuses pods only, of workloads it says nothing. */
    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        boolean writes =
                request.operation().equals("CREATE") || request.operation().equals("UPDATE");
        JsonObject namespace = request.namespaceObject();
        if (object == null
                || !writes
                || !request.subresource().isEmpty()
                || exempt.usernames().contains(request.user())) {
            return Review.allowed();
        }
        JsonObject labels = namespace == null
                ? JsonObject.empty()
                : namespace.object("metadata").object("labels");
        Manifest manifest = Manifest.trusted(object, Origin.memory());
        List<Violation> violations = violations(
                        manifest, labels, manifest.kind().equals("Pod"))
                .stream()
                .filter(violation -> !violation.action().equals("audit"))
                .toList();
        return enforcement.review(violations, Violation::message, Optional.empty());
    }

    private List<Violation> violations(Manifest manifest, JsonObject labels, boolean enforced) {
        if (exempt.namespaces().contains(manifest.namespace()) || isOfExemptClass(manifest.body())) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        for (String mode : MODES) {
            boolean denies = mode.equals("enforce");
            String text = labels.text(LABEL + mode, defaults.text(LABEL + mode, ""));
            Level level = Level.of(text).orElse(Level.PRIVILEGED);
            String version = labels.text(LABEL + mode + "-version", "latest");
            String message = level == Level.PRIVILEGED || (denies && !enforced)
                    ? ""
                    : PodSecurity.message(manifest.body(), level, version);
            if (!message.isEmpty()) {
                violations.add(new Violation(
                        "PodSecurity/" + level.wire(),
                        denies ? "deny" : mode,
                        message,
                        manifest.key(),
                        JsonObject.of("version", Json.of(version))));
            }
        }
        return violations;
    }

    private boolean isOfExemptClass(JsonObject object) {
        return !exempt.runtimeClasses().isEmpty()
                && PodView.of(object)
                        .filter(pod ->
                                exempt.runtimeClasses().contains(pod.spec().text("runtimeClassName", "")))
                        .isPresent();
    }
}
