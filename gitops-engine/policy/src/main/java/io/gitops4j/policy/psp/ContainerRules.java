package io.gitops4j.policy.psp;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a policy over one container. */
final class ContainerRules {
    private static final String APPARMOR = "apparmor.security.beta.kubernetes.io/allowedProfileNames";
    private static final String APPARMOR_POD = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP = "seccomp.security.alpha.kubernetes.io/allowedProfileNames";

    private final PodSecurityPolicy policy;
    private final JsonObject spec;
    private final PodView pod;
    private final PodView.Container container;
    private final JsonObject security;
    private final String path;
    private final List<String> errors;

    ContainerRules(PodSecurityPolicy policy, PodView pod, PodView.Container container, List<String> errors) {
        this.policy = policy;
        this.spec = policy.spec();
        this.pod = pod;
        this.container = container;
        this.security = container.security();
        this.path = container.path() + ".securityContext";
        this.errors = errors;
    }

    void check() {
        user();
        group();
        PodRules.seLinux(
                policy,
                security.object("seLinuxOptions"),
                security.has("seLinuxOptions"),
                path + ".seLinuxOptions",
                errors);
        if (security.bool("privileged", false) && !spec.bool("privileged", false)) {
            errors.add(path + ".privileged: Invalid value: true: Privileged containers are not allowed");
        }
        capabilities();
        hostPorts();
        readOnlyRoot();
        escalation();
        procMount();
        appArmor();
        seccomp();
    }

    private void user() {
        IdRule rule = IdRule.of(spec.object("runAsUser"));
        Long user = effective("runAsUser");
        if (rule.mustRunAs() && user != null && !rule.allows(user)) {
            errors.add(path + ".runAsUser: Invalid value: " + user + ": must be in the ranges: " + rule.shown());
        }
        if (rule.rule().equals("MustRunAsNonRoot")) {
            Json nonRoot = security.has("runAsNonRoot")
                    ? security.get("runAsNonRoot")
                    : pod.security().get("runAsNonRoot");
            if (user != null && user == 0) {
                errors.add(path + ".runAsUser: Invalid value: 0: running with the root UID is forbidden");
            } else if (user == null && Json.of(false).equals(nonRoot)) {
                errors.add(path + ".runAsNonRoot: Invalid value: false: must be true");
            }
        }
    }

    private void group() {
        IdRule rule = IdRule.of(spec.object("runAsGroup"));
        Long group = effective("runAsGroup");
        if (rule.limits() && group != null && !rule.allows(group)) {
            errors.add(path + ".runAsGroup: Invalid value: " + group + ": must be in the ranges: " + rule.shown());
        }
    }

    private @Nullable Long effective(String field) {
        Long own = PodView.number(security, field);
        return own == null ? PodView.number(pod.security(), field) : own;
    }

    private void capabilities() {
        List<String> allowed = new ArrayList<>(PodView.texts(spec, "allowedCapabilities"));
        allowed.addAll(PodView.texts(spec, "defaultAddCapabilities"));
        JsonObject capabilities = security.object("capabilities");
        if (!allowed.contains("*")) {
            for (String added : PodView.texts(capabilities, "add")) {
                if (!allowed.contains(added)) {
                    errors.add(
                            path + ".capabilities.add: Invalid value: \"" + added + "\": capability may not be added");
                }
            }
        }
        List<String> added = PodView.texts(capabilities, "add");
        for (String required : PodView.texts(spec, "requiredDropCapabilities")) {
            if (added.contains(required)) {
                errors.add(
                        path + ".capabilities.drop: Invalid value: \"" + required + "\": capability must be dropped");
            }
        }
    }

    private void hostPorts() {
        int index = 0;
        for (Json item : container.body().array("ports")) {
            Long port = item instanceof JsonObject object ? PodView.number(object, "hostPort") : null;
            String at = container.path() + ".ports[" + index++ + "].hostPort";
            if (port == null || port == 0 || inRange(port)) {
                continue;
            }
            List<String> shown = new ArrayList<>();
            for (Json range : spec.array("hostPorts")) {
                JsonObject bounds = (JsonObject) range;
                shown.add(bounds.get("min") + "-" + bounds.get("max"));
            }
            errors.add(at + ": Invalid value: " + port + ": Host port " + port
                    + " is not allowed to be used. Allowed ports: [" + String.join(",", shown) + "]");
        }
    }

    private boolean inRange(long port) {
        for (Json item : spec.array("hostPorts")) {
            if (item instanceof JsonObject range
                    && range.get("min") instanceof JsonNumber min
                    && range.get("max") instanceof JsonNumber max
                    && port >= min.longValue()
                    && port <= max.longValue()) {
                return true;
            }
        }
        return false;
    }

    /** A missing value would be defaulted to true. */
    private void readOnlyRoot() {
        if (spec.bool("readOnlyRootFilesystem", false) && !security.bool("readOnlyRootFilesystem", true)) {
            errors.add(
                    path + ".readOnlyRootFilesystem: Invalid value: false: ReadOnlyRootFilesystem must be set to true");
        }
    }

    /** A missing value would be defaulted to what the policy says, so that only an explicit true counts. */
    private void escalation() {
        boolean asked = security.has("allowPrivilegeEscalation")
                ? security.bool("allowPrivilegeEscalation", false)
                : spec.bool("defaultAllowPrivilegeEscalation", false);
        if (!spec.bool("allowPrivilegeEscalation", true) && asked) {
            errors.add(path
                    + ".allowPrivilegeEscalation: Invalid value: true: Allowing privilege escalation for containers is not"
                    + " allowed");
        }
    }

    private void procMount() {
        List<String> allowed = PodView.texts(spec, "allowedProcMountTypes");
        String type = security.text("procMount", "Default");
        boolean fine = allowed.isEmpty() ? type.equals("Default") : allowed.contains(type);
        if (!fine) {
            errors.add(path + ".procMount: Invalid value: \"" + type + "\": ProcMountType is not allowed");
        }
    }

    private void appArmor() {
        String allowed = policy.annotations().text(APPARMOR);
        String profile = pod.metadata().object("annotations").text(APPARMOR_POD + container.name());
        if (allowed != null
                && profile != null
                && !List.of(allowed.split(",", -1)).contains(profile)) {
            errors.add("metadata.annotations[" + APPARMOR_POD + container.name() + "]: Forbidden: " + profile
                    + " is not an allowed profile. Allowed values: \"" + allowed + "\"");
        }
    }

    private void seccomp() {
        String allowed = policy.annotations().text(SECCOMP);
        JsonObject own = security.object("seccompProfile");
        JsonObject profile = own.isEmpty() ? pod.security().object("seccompProfile") : own;
        String name = switch (profile.text("type", "")) {
            case "RuntimeDefault" -> "runtime/default";
            case "Localhost" -> "localhost/" + profile.text("localhostProfile", "");
            case "Unconfined" -> "unconfined";
            default -> "";
        };
        if (name.isEmpty()) {
            return;
        }
        List<String> names = allowed == null ? List.of() : List.of(allowed.split(",", -1));
        if (!names.contains("*") && !names.contains(name)) {
            errors.add(path + ".seccompProfile: Forbidden: " + name
                    + " is not an allowed seccomp profile. Valid values are " + (allowed == null ? "" : allowed));
        }
    }
}
