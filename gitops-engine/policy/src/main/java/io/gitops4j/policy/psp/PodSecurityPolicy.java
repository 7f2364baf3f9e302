package io.gitops4j.policy.psp;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.policy.pod.PodView;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * A PodSecurityPolicy. The kind is gone from Kubernetes since 1.25; here it still judges pods and the templates of workloads, as a
 * gate of its own. What Kubernetes would have defaulted counts as set: a field that the policy would fill in is no violation.
 *
 * <p>Source: rego §3.1.
 */
public final class PodSecurityPolicy {
    private static final List<String> FIELDS = List.of(
            "privileged",
            "defaultAddCapabilities",
            "requiredDropCapabilities",
            "allowedCapabilities",
            "volumes",
            "hostNetwork",
            "hostPorts",
            "hostPID",
            "hostIPC",
            "seLinux",
            "runAsUser",
            "runAsGroup",
            "supplementalGroups",
            "fsGroup",
            "readOnlyRootFilesystem",
            "defaultAllowPrivilegeEscalation",
            "allowPrivilegeEscalation",
            "allowedHostPaths",
            "allowedFlexVolumes",
            "allowedCSIDrivers",
            "allowedUnsafeSysctls",
            "forbiddenSysctls",
            "allowedProcMountTypes",
            "runtimeClass");

    private final JsonObject body;

    private PodSecurityPolicy(JsonObject body) {
        this.body = body;
    }

    /** Whether an object is of this kind. */
    public static boolean isPolicy(JsonObject object) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        return gvk.kind().equals("PodSecurityPolicy")
                && List.of("policy", "extensions").contains(gvk.group());
    }

    /**
     * The policy in an object. Problem {@code PSP_INVALID}; warnings {@code PSP_GONE} (real Kubernetes no longer serves the kind)
     * and {@code PSP_UNKNOWN_FIELD} (real Kubernetes would drop the field).
     */
    public static Outcome<PodSecurityPolicy> parse(JsonObject object) {
        String name = object.object("metadata").text("name", "");
        if (!isPolicy(object) || name.isEmpty()) {
            return Outcome.failed(Problem.error("PSP_INVALID", "not a PodSecurityPolicy with a name"));
        }
        List<Problem> problems = new ArrayList<>();
        problems.add(Problem.warning(
                        "PSP_GONE", "PodSecurityPolicy " + name + " is of a kind that Kubernetes removed in 1.25")
                .hint("gitops4j still holds it; for the cluster itself use Pod Security labels"));
        JsonObject spec = object.object("spec");
        for (String field : spec.keys()) {
            if (!FIELDS.contains(field)) {
                problems.add(Problem.warning(
                                "PSP_UNKNOWN_FIELD",
                                "PodSecurityPolicy " + name + " has no field spec." + field
                                        + "; Kubernetes would drop it")
                        .hint("remove it; it never had an effect"));
            }
        }
        for (String required : List.of("seLinux", "runAsUser", "supplementalGroups", "fsGroup")) {
            if (spec.object(required).text("rule", "").isEmpty()) {
                problems.add(Problem.warning(
                        "PSP_UNKNOWN_FIELD",
                        "PodSecurityPolicy " + name + " lacks spec." + required + ".rule; read as RunAsAny"));
            }
        }
        return Outcome.of(new PodSecurityPolicy(object), problems);
    }

    /** Its name. */
    public String name() {
        return body.object("metadata").text("name", "");
    }

    JsonObject spec() {
        return body.object("spec");
    }

    JsonObject annotations() {
        return body.object("metadata").object("annotations");
    }

    /**
     * What the policy has against the pod that {@code object} is or makes, each as {@code path: Invalid value: value: text}, pod
     * before containers; none for an object without a pod.
     */
    public List<String> violations(JsonObject object) {
        return PodView.of(object).map(this::violations).orElse(List.of());
    }

    private List<String> violations(PodView pod) {
        List<String> errors = new ArrayList<>();
        new PodRules(this, pod, errors).check();
        for (PodView.Container container : pod.containers()) {
            new ContainerRules(this, pod, container, errors).check();
        }
        return List.copyOf(errors);
    }

    /**
     * {@code object} with everything filled in that the policy defaults, in the pod that it is or makes; the same when there is nothing
     * to fill in or no pod. What is set already is never changed.
     */
    public JsonObject defaulted(JsonObject object) {
        return PodView.of(object)
                .map(pod -> new PodDefaults(this, pod).apply(object))
                .orElse(object);
    }

    /** The strictest Pod Security Standard that forbids no more than this policy does, and what it would leave open. */
    public Migration migration() {
        JsonObject spec = spec();
        List<String> gaps = new ArrayList<>();
        boolean baseline = !spec.bool("privileged", false)
                && !spec.bool("hostNetwork", false)
                && !spec.bool("hostPID", false)
                && !spec.bool("hostIPC", false);
        boolean restricted = baseline
                && !spec.bool("allowPrivilegeEscalation", true)
                && PodView.texts(spec, "requiredDropCapabilities").contains("ALL")
                && !spec.object("runAsUser").text("rule", "RunAsAny").equals("RunAsAny");
        Level level = restricted ? Level.RESTRICTED : baseline ? Level.BASELINE : Level.PRIVILEGED;
        if (spec.bool("readOnlyRootFilesystem", false)) {
            gaps.add("readOnlyRootFilesystem");
        }
        if (!restricted && spec.object("runAsUser").text("rule", "").startsWith("Must")) {
            gaps.add("runAsUser " + spec.object("runAsUser").text("rule", ""));
        }
        for (String field : List.of("runAsGroup", "supplementalGroups", "fsGroup", "seLinux")) {
            String rule = spec.object(field).text("rule", "");
            if (rule.equals("MustRunAs") || rule.equals("MayRunAs")) {
                gaps.add(field + " " + rule);
            }
        }
        JsonArray paths = spec.array("allowedHostPaths");
        if (!paths.isEmpty()) {
            gaps.add("allowedHostPaths");
        }
        List<String> volumes = PodView.texts(spec, "volumes");
        if (level == Level.BASELINE && !volumes.contains("*") && !volumes.isEmpty()) {
            gaps.add("volumes " + String.join(",", volumes));
        }
        return new Migration(level, List.copyOf(gaps));
    }

    /**
     * Where a policy would go.
     *
     * @param level nearest standard
     * @param notCovered what the standard would not hold
     */
    public record Migration(Level level, List<String> notCovered) {}
}
