package io.gitops4j.policy.psp;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;

/** The rules of a policy over a pod as a whole. */
final class PodRules {
    private static final List<String> SAFE_SYSCTLS = List.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start");

    private final PodSecurityPolicy policy;
    private final JsonObject spec;
    private final PodView pod;
    private final List<String> errors;

    PodRules(PodSecurityPolicy policy, PodView pod, List<String> errors) {
        this.policy = policy;
        this.spec = policy.spec();
        this.pod = pod;
        this.errors = errors;
    }

    void check() {
        String security = pod.path() + ".securityContext";
        host("hostNetwork", "Host network is not allowed to be used");
        host("hostPID", "Host PID is not allowed to be used");
        host("hostIPC", "Host IPC is not allowed to be used");
        groups("fsGroup", security + ".fsGroup", ids(pod.security().get("fsGroup")));
        groups("supplementalGroups", security + ".supplementalGroups", supplemental());
        seLinux(
                policy,
                pod.security().object("seLinuxOptions"),
                pod.security().has("seLinuxOptions"),
                security + ".seLinuxOptions",
                errors);
        volumes();
        sysctls(security + ".sysctls");
        runtimeClass();
    }

    private void host(String field, String text) {
        if (pod.spec().bool(field, false) && !spec.bool(field, false)) {
            errors.add(pod.path() + "." + field + ": Invalid value: true: " + text);
        }
    }

    private static List<Long> ids(@org.jspecify.annotations.Nullable Json value) {
        return value instanceof JsonNumber number && number.isLong() ? List.of(number.longValue()) : List.of();
    }

    private List<Long> supplemental() {
        List<Long> groups = new ArrayList<>();
        for (Json item : pod.security().array("supplementalGroups")) {
            groups.addAll(ids(item));
        }
        return groups;
    }

    /** An id that is missing would be defaulted to the first range, so that only wrong ones count. */
    private void groups(String field, String path, List<Long> ids) {
        IdRule rule = IdRule.of(spec.object(field));
        if (!rule.limits()) {
            return;
        }
        for (long id : ids) {
            if (!rule.allows(id)) {
                errors.add(
                        path + ": Invalid value: " + id + ": group " + id + " must be in the ranges: " + rule.shown());
            }
        }
    }

    static void seLinux(PodSecurityPolicy policy, JsonObject options, boolean set, String path, List<String> errors) {
        JsonObject wanted = policy.spec().object("seLinux");
        if (!wanted.text("rule", "").equals("MustRunAs") || !set) {
            return;
        }
        JsonObject expected = wanted.object("seLinuxOptions");
        for (String field : List.of("level", "role", "type", "user")) {
            String want = expected.text(field, "");
            String got = options.text(field, "");
            boolean same = field.equals("level") ? sameLevel(want, got) : want.equals(got);
            if (!same) {
                errors.add(path + "." + field + ": Invalid value: \"" + got + "\": must be " + want);
            }
        }
    }

    /** Categories are a set: {@code s0:c1,c0} is {@code s0:c0,c1}. */
    private static boolean sameLevel(String want, String got) {
        return sortedLevel(want).equals(sortedLevel(got));
    }

    private static String sortedLevel(String level) {
        int colon = level.indexOf(':');
        if (colon < 0) {
            return level;
        }
        List<String> categories =
                new ArrayList<>(List.of(level.substring(colon + 1).split(",", -1)));
        categories.sort(null);
        return level.substring(0, colon) + ":" + String.join(",", categories);
    }

    private void volumes() {
        List<String> allowed = PodView.texts(spec, "volumes");
        int index = 0;
        for (Json item : pod.spec().array("volumes")) {
            String path = pod.path() + ".volumes[" + index++ + "]";
            if (!(item instanceof JsonObject volume)) {
                continue;
            }
            String type = PodView.volumeType(volume);
            if (!allowed.contains("*") && !allowed.contains(type)) {
                errors.add(path + ": Invalid value: \"" + type + "\": " + type + " volumes are not allowed to be used");
                continue;
            }
            switch (type) {
                case "hostPath" -> hostPath(volume, path);
                case "flexVolume" ->
                    driver(volume.object("flexVolume"), "allowedFlexVolumes", "driver", path, "Flexvolume");
                case "csi" -> driver(volume.object("csi"), "allowedCSIDrivers", "name", path, "Inline CSI");
                default -> {
                    continue;
                }
            }
        }
    }

    private void hostPath(JsonObject volume, String path) {
        if (spec.array("allowedHostPaths").isEmpty()) {
            return;
        }
        String used = volume.object("hostPath").text("path", "");
        boolean allowed = false;
        boolean onlyReading = true;
        for (Json item : spec.array("allowedHostPaths")) {
            if (item instanceof JsonObject entry && isBelow(used, entry.text("pathPrefix", ""))) {
                allowed = true;
                onlyReading &= entry.bool("readOnly", false);
            }
        }
        if (!allowed) {
            errors.add(path + ".hostPath.pathPrefix: Invalid value: \"" + used + "\": is not allowed to be used");
        } else if (onlyReading) {
            for (PodView.Container container : pod.containers()) {
                mounts(container, volume.text("name", ""));
            }
        }
    }

    private void mounts(PodView.Container container, String volume) {
        int index = 0;
        for (Json item : container.body().array("volumeMounts")) {
            if (item instanceof JsonObject mount
                    && volume.equals(mount.text("name"))
                    && !mount.bool("readOnly", false)) {
                errors.add(container.path() + ".volumeMounts[" + index
                        + "].readOnly: Invalid value: false: must be read-only");
            }
            index++;
        }
    }

    private static boolean isBelow(String path, String prefix) {
        String base = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        return path.equals(base) || path.startsWith(base + "/");
    }

    private void driver(JsonObject source, String list, String field, String path, String what) {
        if (spec.array(list).isEmpty()) {
            return;
        }
        String driver = source.text("driver", "");
        for (Json item : spec.array(list)) {
            if (item instanceof JsonObject entry && driver.equals(entry.text(field))) {
                return;
            }
        }
        errors.add(path + ".driver: Invalid value: \"" + driver + "\": " + what + " driver is not allowed to be used");
    }

    private void sysctls(String path) {
        List<String> forbidden = PodView.texts(spec, "forbiddenSysctls");
        List<String> unsafe = PodView.texts(spec, "allowedUnsafeSysctls");
        int index = 0;
        for (Json item : pod.security().array("sysctls")) {
            String name = item instanceof JsonObject sysctl ? sysctl.text("name", "") : "";
            String at = path + "[" + index++ + "]";
            if (matches(forbidden, name)) {
                errors.add(at + ": Invalid value: \"" + name + "\": sysctl is not allowed");
            } else if (!SAFE_SYSCTLS.contains(name) && !matches(unsafe, name)) {
                errors.add(at + ": Invalid value: \"" + name + "\": unsafe sysctl is not allowed");
            }
        }
    }

    private static boolean matches(List<String> patterns, String name) {
        return patterns.stream()
                .anyMatch(p -> p.endsWith("*") ? name.startsWith(p.substring(0, p.length() - 1)) : name.equals(p));
    }

    private void runtimeClass() {
        if (!spec.has("runtimeClass")) {
            return;
        }
        List<String> allowed = PodView.texts(spec.object("runtimeClass"), "allowedRuntimeClassNames");
        String name = pod.spec().text("runtimeClassName", "");
        if (!name.isEmpty() && !allowed.contains("*") && !allowed.contains(name)) {
            errors.add(pod.path() + ".runtimeClassName: Invalid value: \"" + name + "\": is not allowed to be used");
        }
    }
}
