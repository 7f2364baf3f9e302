package io.gitops4j.policy.psp;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a policy fills into a pod where the pod says nothing. Source: rego §3.1. */
final class PodDefaults {
    private static final String SECCOMP = "seccomp.security.alpha.kubernetes.io/defaultProfileName";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String APPARMOR = "apparmor.security.beta.kubernetes.io/defaultProfileName";
    private static final String APPARMOR_POD = "container.apparmor.security.beta.kubernetes.io/";

    private final PodSecurityPolicy policy;
    private final JsonObject rules;
    private final PodView pod;

    PodDefaults(PodSecurityPolicy policy, PodView pod) {
        this.policy = policy;
        this.rules = policy.spec();
        this.pod = pod;
    }

    JsonObject apply(JsonObject object) {
        JsonObject security = podSecurity();
        JsonObject spec = pod.spec();
        if (!security.equals(pod.security())) {
            spec = spec.with("securityContext", security);
        }
        String runtime = rules.object("runtimeClass").text("defaultRuntimeClassName", "");
        if (!runtime.isEmpty() && !spec.has("runtimeClassName")) {
            spec = spec.with("runtimeClassName", runtime);
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec = containers(spec, list, security);
        }
        JsonObject metadata = metadata();
        return spec.equals(pod.spec()) && metadata.equals(pod.metadata())
                ? object
                : pod.replaced(object, metadata, spec);
    }

    private JsonObject podSecurity() {
        JsonObject security = pod.security();
        Json group = firstOf("fsGroup");
        if (group != null && !security.has("fsGroup")) {
            security = security.with("fsGroup", group);
        }
        Json supplemental = firstOf("supplementalGroups");
        if (supplemental != null && !security.has("supplementalGroups")) {
            security = security.with("supplementalGroups", JsonArray.of(supplemental));
        }
        JsonObject seLinux = rules.object("seLinux");
        if (seLinux.text("rule", "").equals("MustRunAs") && !security.has("seLinuxOptions")) {
            security = security.with("seLinuxOptions", seLinux.object("seLinuxOptions"));
        }
        JsonObject profile = seccompProfile();
        if (profile != null && !security.has("seccompProfile")) {
            security = security.with("seccompProfile", profile);
        }
        return security;
    }

    /** The first id that a {@code MustRunAs} rule allows, {@code null} when nothing is to be filled in. */
    private @Nullable Json firstOf(String field) {
        IdRule rule = IdRule.of(rules.object(field));
        return rule.mustRunAs() && !rule.ranges().isEmpty()
                ? Json.of(rule.ranges().get(0)[0])
                : null;
    }

    private @Nullable JsonObject seccompProfile() {
        String name = policy.annotations().text(SECCOMP, "");
        return switch (name) {
            case "" -> null;
            case "runtime/default", "docker/default" -> JsonObject.of("type", Json.of("RuntimeDefault"));
            case "unconfined" -> JsonObject.of("type", Json.of("Unconfined"));
            default ->
                name.startsWith("localhost/")
                        ? JsonObject.of(
                                "type",
                                Json.of("Localhost"),
                                "localhostProfile",
                                Json.of(name.substring("localhost/".length())))
                        : null;
        };
    }

    private JsonObject metadata() {
        JsonObject annotations = pod.metadata().object("annotations");
        String seccomp = policy.annotations().text(SECCOMP, "");
        if (!seccomp.isEmpty()
                && !annotations.has(SECCOMP_POD)
                && !pod.security().has("seccompProfile")) {
            annotations = annotations.with(SECCOMP_POD, seccomp);
        }
        String appArmor = policy.annotations().text(APPARMOR, "");
        for (PodView.Container container : pod.containers()) {
            String key = APPARMOR_POD + container.name();
            if (!appArmor.isEmpty() && !annotations.has(key)) {
                annotations = annotations.with(key, appArmor);
            }
        }
        return annotations.equals(pod.metadata().object("annotations"))
                ? pod.metadata()
                : pod.metadata().with("annotations", annotations);
    }

    private JsonObject containers(JsonObject spec, String list, JsonObject podSecurity) {
        JsonArray containers = spec.array(list);
        JsonArray out = containers;
        for (int i = 0; i < containers.size(); i++) {
            if (containers.get(i) instanceof JsonObject container) {
                JsonObject before = container.object("securityContext");
                JsonObject after = container(before, podSecurity);
                out = after.equals(before) ? out : out.with(i, container.with("securityContext", after));
            }
        }
        return out == containers ? spec : spec.with(list, out);
    }

    private JsonObject container(JsonObject given, JsonObject podSecurity) {
        JsonObject security = given;
        Json user = firstOf("runAsUser");
        boolean hasUser = security.has("runAsUser") || podSecurity.has("runAsUser");
        if (user != null && !hasUser) {
            security = security.with("runAsUser", user);
        }
        boolean nonRoot = rules.object("runAsUser").text("rule", "").equals("MustRunAsNonRoot");
        if (nonRoot && !hasUser && !security.has("runAsNonRoot") && !podSecurity.has("runAsNonRoot")) {
            security = security.with("runAsNonRoot", Json.of(true));
        }
        Json group = firstOf("runAsGroup");
        if (group != null && !security.has("runAsGroup") && !podSecurity.has("runAsGroup")) {
            security = security.with("runAsGroup", group);
        }
        if (rules.bool("readOnlyRootFilesystem", false) && !security.has("readOnlyRootFilesystem")) {
            security = security.with("readOnlyRootFilesystem", Json.of(true));
        }
        if (!security.has("allowPrivilegeEscalation")) {
            if (rules.has("defaultAllowPrivilegeEscalation")) {
                security = security.with(
                        "allowPrivilegeEscalation", Json.of(rules.bool("defaultAllowPrivilegeEscalation", false)));
            } else if (!rules.bool("allowPrivilegeEscalation", true)) {
                security = security.with("allowPrivilegeEscalation", Json.of(false));
            }
        }
        return capabilities(security);
    }

    /** A capability that the container drops is not added by default. */
    private JsonObject capabilities(JsonObject security) {
        JsonObject given = security.object("capabilities");
        List<String> givenAdd = PodView.texts(given, "add");
        List<String> givenDrop = PodView.texts(given, "drop");
        TreeSet<String> add = new TreeSet<>(PodView.texts(rules, "defaultAddCapabilities"));
        add.removeAll(givenDrop);
        add.addAll(givenAdd);
        TreeSet<String> drop = new TreeSet<>(PodView.texts(rules, "requiredDropCapabilities"));
        drop.addAll(givenDrop);
        JsonObject out = given;
        if (!givenAdd.containsAll(add)) {
            out = out.with("add", texts(add));
        }
        if (!givenDrop.containsAll(drop)) {
            out = out.with("drop", texts(drop));
        }
        return out.equals(given) ? security : security.with("capabilities", out);
    }

    private static JsonArray texts(TreeSet<String> names) {
        JsonArray.Builder out = JsonArray.builder();
        names.forEach(out::add);
        return out.build();
    }
}
