package io.gitops4j.policy.pss;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the Pod Security labels of namespaces, those of a plan or of a cluster: {@code enforce} refuses pods, and in a plan workloads
 * too, since their pods would be refused; {@code audit} and {@code warn} warn. A Namespace whose labels cannot be read is refused, and
 * its pods are held as the API server holds them. Namespaces, runtime classes and users may be exempt, as in the configuration of the
 * admission plugin.
 */
public final class PodSecurityGate implements PlanGate, AdmissionHook {
    private static final List<String> IGNORED_SUBRESOURCES =
            List.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");

    private final PodSecurityConfiguration configuration;
    private final Map<String, JsonObject> known;
    private final Enforcement enforcement;

    private PodSecurityGate(
            PodSecurityConfiguration configuration, Map<String, JsonObject> known, Enforcement enforcement) {
        this.configuration = configuration;
        this.known = known;
        this.enforcement = enforcement;
    }

    /** A gate that looks at labels alone. */
    public static PodSecurityGate byLabels() {
        return configured(PodSecurityConfiguration.none());
    }

    /** A gate with the levels and exemptions of the admission plugin's configuration. */
    public static PodSecurityGate configured(PodSecurityConfiguration configuration) {
        return new PodSecurityGate(configuration, Collections.emptyMap(), Enforcement.strict());
    }

    /** A gate where namespaces without a label are held to a level. */
    public static PodSecurityGate enforcing(Level level) {
        return configured(new PodSecurityConfiguration(
                JsonObject.of("enforce", Json.of(level.wire())), List.of(), List.of(), List.of()));
    }

    /** This gate with exemptions from {@code PodSecurity/baseline} or {@code PodSecurity/restricted}. */
    public PodSecurityGate with(Enforcement policy) {
        return new PodSecurityGate(configuration, known, policy);
    }

    /** This gate, which leaves alone what is in one of the namespaces, of one of the runtime classes, or written by one of the users. */
    public PodSecurityGate exempting(List<String> namespaces, List<String> runtimeClasses, List<String> usernames) {
        return new PodSecurityGate(
                new PodSecurityConfiguration(configuration.defaults(), namespaces, runtimeClasses, usernames),
                known,
                enforcement);
    }

    /** This gate, which knows the labels of these Namespaces too where a plan does not hold them; other objects are left out. */
    public PodSecurityGate knowing(List<Manifest> manifests) {
        return new PodSecurityGate(configuration, labels(manifests), enforcement);
    }

    @Override
    public String name() {
        return "pod-security";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Manifest> manifests = new ArrayList<>();
        desired.forEach(manifests::add);
        Map<String, JsonObject> namespaces = new LinkedHashMap<>(known);
        namespaces.putAll(labels(manifests));
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : manifests) {
            problems.addAll(enforcement.problems(
                    manifest,
                    violations(manifest, namespaces),
                    "POD_SECURITY",
                    violation -> manifest.key() + " " + violation.message()));
        }
        return List.copyOf(problems);
    }

    /** What speaks against each of the objects, by the Namespaces among them; in their order, also where nothing does. */
    public List<List<Violation>> audit(List<Manifest> manifests) {
        Map<String, JsonObject> namespaces = new LinkedHashMap<>(known);
        namespaces.putAll(labels(manifests));
        return manifests.stream()
                .map(manifest -> violations(manifest, namespaces))
                .toList();
    }

    private static Map<String, JsonObject> labels(List<Manifest> manifests) {
        Map<String, JsonObject> labels = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            if (isNamespace(manifest)) {
                labels.put(manifest.name(), manifest.labels());
            }
        }
        return labels;
    }

    private static boolean isNamespace(Manifest manifest) {
        return manifest.kind().equals("Namespace") && manifest.gvk().group().isEmpty();
    }

    private List<Violation> violations(Manifest manifest, Map<String, JsonObject> namespaces) {
        if (isNamespace(manifest)) {
            return ofLabels(manifest, manifest.labels());
        }
        String namespace = manifest.namespace().isEmpty() ? "default" : manifest.namespace();
        return ofPods(manifest, namespace, namespaces.getOrDefault(namespace, JsonObject.empty()), true);
    }

    /** As the admission plugin: {@code enforce} refuses pods only, of workloads it says nothing. */
    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        boolean writes =
                request.operation().equals("CREATE") || request.operation().equals("UPDATE");
        if (object == null || !writes || IGNORED_SUBRESOURCES.contains(request.subresource())) {
            return Review.allowed();
        }
        Manifest manifest = Manifest.trusted(object, Origin.memory());
        if (isNamespace(manifest)) {
            return request.subresource().isEmpty() ? ofNamespace(manifest, request.oldObject()) : Review.allowed();
        }
        boolean pod = manifest.kind().equals("Pod");
        boolean subresource = !request.subresource().isEmpty() && !pod;
        if (subresource
                || configuration.usernames().contains(request.user())
                || (pod && !changesContainers(object, request.oldObject()))) {
            return Review.allowed();
        }
        JsonObject namespace = request.namespaceObject();
        JsonObject labels = namespace == null
                ? JsonObject.empty()
                : namespace.object("metadata").object("labels");
        List<Violation> found = ofPods(manifest, manifest.namespace(), labels, pod);
        boolean refused = found.stream().anyMatch(Violation::denies);
        List<Violation> violations = found.stream()
                .filter(violation -> violation.action().equals(refused ? "deny" : "warn"))
                .toList();
        return enforcement.review(violations, Violation::message, Optional.empty());
    }

    private Review ofNamespace(Manifest namespace, @Nullable JsonObject old) {
        List<Violation> violations = ofLabels(namespace, namespace.labels());
        JsonObject before =
                old == null ? JsonObject.empty() : old.object("metadata").object("labels");
        List<String> errors = policy(namespace.labels()).errors();
        boolean unchanged =
                old != null && !errors.isEmpty() && errors.equals(policy(before).errors());
        return unchanged ? Review.allowed() : enforcement.review(violations, Violation::message, Optional.empty());
    }

    private NamespacePolicy policy(JsonObject labels) {
        return NamespacePolicy.of(labels, configuration.defaults());
    }

    /** Labels that cannot be read, or that have no effect. */
    private List<Violation> ofLabels(Manifest namespace, JsonObject labels) {
        NamespacePolicy policy = policy(labels);
        List<Violation> violations = new ArrayList<>();
        if (!policy.errors().isEmpty()) {
            String all = policy.errors().size() == 1
                    ? policy.errors().get(0)
                    : "[" + String.join(", ", policy.errors()) + "]";
            violations.add(violation(
                    "labels", "deny", "Namespace \"" + namespace.name() + "\" is invalid: " + all, namespace, ""));
        } else if (configuration.namespaces().contains(namespace.name())
                && !policy.labelled(labels).isEmpty()) {
            violations.add(violation(
                    "labels",
                    "warn",
                    "namespace \"" + namespace.name() + "\" is exempt from Pod Security, and the policy ("
                            + policy.labelled(labels) + ") will be ignored",
                    namespace,
                    ""));
        }
        return violations;
    }

    private List<Violation> ofPods(Manifest manifest, String namespace, JsonObject labels, boolean enforced) {
        PodView pod = PodView.of(manifest.body()).orElse(null);
        if (pod == null
                || configuration.namespaces().contains(namespace)
                || configuration.runtimeClasses().contains(pod.spec().text("runtimeClassName", ""))) {
            return List.of();
        }
        NamespacePolicy policy = policy(labels);
        if (policy.isFullyPrivileged()) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        String refused = enforced ? detail(manifest, policy.enforce()) : "";
        if (!refused.isEmpty()) {
            violations.add(ofPod(policy.enforce(), "deny", "violates PodSecurity " + refused, manifest));
        }
        for (NamespacePolicy.Mode mode : List.of(NamespacePolicy.Mode.AUDIT, NamespacePolicy.Mode.WARN)) {
            String detail = detail(manifest, policy.wanted(mode));
            // what is refused is not said again
            if (!detail.isEmpty() && !refused.equals(detail)) {
                violations.add(
                        ofPod(policy.wanted(mode), mode.wire(), "would violate PodSecurity " + detail, manifest));
            }
        }
        return violations;
    }

    private static String detail(Manifest manifest, NamespacePolicy.Wanted wanted) {
        return PodSecurity.detail(manifest.body(), wanted.level(), wanted.version());
    }

    private static Violation ofPod(NamespacePolicy.Wanted wanted, String action, String message, Manifest manifest) {
        return violation(wanted.level().wire(), action, message, manifest, wanted.version());
    }

    private static Violation violation(String rule, String action, String message, Manifest manifest, String version) {
        return new Violation(
                "PodSecurity/" + rule,
                action,
                message,
                manifest.key(),
                version.isEmpty() ? JsonObject.empty() : JsonObject.of("version", Json.of(version)));
    }

    /** Whether an update of a pod changes an image or the number of its containers: the plugin looks at no other update. */
    private static boolean changesContainers(JsonObject pod, @Nullable JsonObject old) {
        if (old == null) {
            return true;
        }
        JsonObject now = pod.object("spec");
        JsonObject before = old.object("spec");
        for (String field : List.of("containers", "initContainers", "ephemeralContainers")) {
            if (!images(now.array(field)).equals(images(before.array(field)))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> images(JsonArray containers) {
        List<String> images = new ArrayList<>();
        for (Json container : containers) {
            images.add(container instanceof JsonObject object ? object.text("image", "") : "");
        }
        return images;
    }
}
