package io.gitops4j.policy.pss;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The checks of the baseline level. Source: rego §3.2. */
final class BaselineChecks {
    private static final List<String> CAPABILITIES = List.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final List<String> SYSCTLS = List.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range");
    private static final List<String> SYSCTLS_127 = List.of("net.ipv4.ip_local_reserved_ports");
    private static final List<String> SYSCTLS_129 = List.of(
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes");
    private static final List<String> SYSCTLS_132 = List.of("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");
    private static final String APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

    private BaselineChecks() {}

    static List<Check> all() {
        return List.of(
                check("appArmorProfile", 0, BaselineChecks::appArmor),
                check("capabilities_baseline", 0, BaselineChecks::capabilities),
                check("hostNamespaces", 0, BaselineChecks::hostNamespaces),
                check("hostPathVolumes", 0, BaselineChecks::hostPathVolumes),
                check("hostPorts", 0, BaselineChecks::hostPorts),
                check("hostProbesAndHostLifecycle", 34, BaselineChecks::hostProbes),
                check("privileged", 0, BaselineChecks::privileged),
                check("procMount", 0, BaselineChecks::procMount),
                check("seLinuxOptions", 0, BaselineChecks::seLinux),
                check("seccompProfile_baseline", 0, BaselineChecks::seccomp),
                check("sysctls", 0, BaselineChecks::sysctls),
                check("windowsHostProcess", 0, BaselineChecks::windowsHostProcess));
    }

    private static Check check(String name, int since, Check.Rule rule) {
        return new Check(name, Level.BASELINE, since, "", rule);
    }

    private static @Nullable Failure hostNamespaces(PodView pod, int minor) {
        List<String> on = new ArrayList<>();
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (pod.spec().bool(field, false)) {
                on.add(field + "=true");
            }
        }
        return on.isEmpty() ? null : new Failure("hostNamespaces", "host namespaces", String.join(", ", on));
    }

    private static @Nullable Failure privileged(PodView pod, int minor) {
        List<String> bad = Containers.named(pod, c -> c.security().bool("privileged", false));
        return bad.isEmpty()
                ? null
                : new Failure(
                        "privileged",
                        "privileged",
                        Containers.list(bad) + " must not set securityContext.privileged=true");
    }

    private static @Nullable Failure hostPathVolumes(PodView pod, int minor) {
        List<String> bad = new ArrayList<>();
        for (Json item : pod.spec().array("volumes")) {
            if (item instanceof JsonObject volume && volume.has("hostPath")) {
                bad.add(volume.text("name", ""));
            }
        }
        return bad.isEmpty()
                ? null
                : new Failure(
                        "hostPathVolumes",
                        "hostPath volumes",
                        (bad.size() == 1 ? "volume " : "volumes ") + Containers.quoted(bad));
    }

    private static @Nullable Failure hostPorts(PodView pod, int minor) {
        List<String> bad = new ArrayList<>();
        TreeSet<Long> ports = new TreeSet<>();
        for (PodView.Container container : pod.containers()) {
            boolean hit = false;
            for (Json item : container.body().array("ports")) {
                Long port = item instanceof JsonObject object ? PodView.number(object, "hostPort") : null;
                if (port != null && port != 0) {
                    ports.add(port);
                    hit = true;
                }
            }
            if (hit) {
                bad.add(container.name());
            }
        }
        String numbers = String.join(", ", ports.stream().map(String::valueOf).toList());
        return bad.isEmpty()
                ? null
                : new Failure(
                        "hostPorts",
                        "hostPort",
                        Containers.list(bad)
                                + (bad.size() == 1 ? " uses " : " use ")
                                + (ports.size() == 1 ? "hostPort " : "hostPorts ")
                                + numbers);
    }

    private static @Nullable Failure windowsHostProcess(PodView pod, int minor) {
        List<String> bad =
                Containers.named(pod, c -> c.security().object("windowsOptions").bool("hostProcess", false));
        boolean podToo = pod.security().object("windowsOptions").bool("hostProcess", false);
        if (bad.isEmpty() && !podToo) {
            return null;
        }
        String who = podToo ? "pod" + (bad.isEmpty() ? "" : " and " + Containers.list(bad)) : Containers.list(bad);
        return new Failure(
                "windowsHostProcess",
                "hostProcess",
                who + " must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static @Nullable Failure capabilities(PodView pod, int minor) {
        TreeSet<String> extra = new TreeSet<>();
        List<String> bad = Containers.named(pod, c -> {
            List<String> forbidden = new ArrayList<>(PodView.texts(c.security().object("capabilities"), "add"));
            forbidden.removeAll(CAPABILITIES);
            extra.addAll(forbidden);
            return !forbidden.isEmpty();
        });
        return bad.isEmpty()
                ? null
                : new Failure(
                        "capabilities_baseline",
                        "non-default capabilities",
                        Containers.list(bad) + " must not include " + Containers.quoted(List.copyOf(extra))
                                + " in securityContext.capabilities.add");
    }

    /** Who sets a profile to which values: the pod and containers by a field, whatever the version; containers by annotations. */
    private static @Nullable Failure appArmor(PodView pod, int minor) {
        TreeSet<String> types = new TreeSet<>();
        List<String> who = profileSetters(pod, "appArmorProfile", types);
        TreeSet<String> annotations = new TreeSet<>();
        pod.metadata().object("annotations").forEach((key, json) -> {
            String value = json.textOrNull();
            if (key.startsWith(APPARMOR)
                    && value != null
                    && !value.isEmpty()
                    && !value.equals("runtime/default")
                    && !value.startsWith("localhost/")) {
                annotations.add(key + "=" + Json.of(value).toJson());
            }
        });
        if (!annotations.isEmpty()) {
            who.add(annotations.size() == 1 ? "annotation" : "annotations");
        }
        List<String> values = new ArrayList<>(types);
        values.addAll(annotations);
        return who.isEmpty()
                ? null
                : new Failure(
                        "appArmorProfile",
                        values.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
                        String.join(" and ", who) + " must not set AppArmor profile type to "
                                + Containers.quoted(values));
    }

    /** Who sets a profile of security to a type that is neither RuntimeDefault nor Localhost; the types are added to {@code types}. */
    static List<String> profileSetters(PodView pod, String profile, TreeSet<String> types) {
        List<String> who = new ArrayList<>();
        if (isUnconfined(pod.security(), profile, types)) {
            who.add("pod");
        }
        List<String> names = Containers.named(pod, c -> isUnconfined(c.security(), profile, types));
        if (!names.isEmpty()) {
            who.add(Containers.list(names));
        }
        return who;
    }

    private static boolean isUnconfined(JsonObject security, String profile, TreeSet<String> types) {
        String type = security.object(profile).text("type", "");
        boolean bad = security.get(profile) instanceof JsonObject
                && !type.equals("RuntimeDefault")
                && !type.equals("Localhost");
        if (bad) {
            types.add(type);
        }
        return bad;
    }

    private static @Nullable Failure seLinux(PodView pod, int minor) {
        TreeSet<String> types = new TreeSet<>();
        TreeSet<String> fields = new TreeSet<>();
        List<String> who = new ArrayList<>();
        if (isBadSeLinux(pod.security().object("seLinuxOptions"), minor, types, fields)) {
            who.add("pod");
        }
        List<String> names =
                Containers.named(pod, c -> isBadSeLinux(c.security().object("seLinuxOptions"), minor, types, fields));
        if (!names.isEmpty()) {
            who.add(Containers.list(names));
        }
        List<String> reasons = new ArrayList<>();
        if (!types.isEmpty()) {
            reasons.add((types.size() == 1 ? "type " : "types ") + Containers.quoted(List.copyOf(types)));
        }
        for (String field : List.of("user", "role")) {
            if (fields.contains(field)) {
                reasons.add(field + " may not be set");
            }
        }
        return who.isEmpty()
                ? null
                : new Failure(
                        "seLinuxOptions",
                        "seLinuxOptions",
                        String.join(" and ", who) + " set forbidden securityContext.seLinuxOptions: "
                                + String.join("; ", reasons));
    }

    private static boolean isBadSeLinux(JsonObject options, int minor, TreeSet<String> types, TreeSet<String> fields) {
        List<String> allowed = new ArrayList<>(List.of("", "container_t", "container_init_t", "container_kvm_t"));
        if (minor >= 31) {
            allowed.add("container_engine_t");
        }
        boolean bad = false;
        if (!allowed.contains(options.text("type", ""))) {
            types.add(options.text("type", ""));
            bad = true;
        }
        for (String field : List.of("user", "role")) {
            if (!options.text(field, "").isEmpty()) {
                fields.add(field);
                bad = true;
            }
        }
        return bad;
    }

    private static @Nullable Failure procMount(PodView pod, int minor) {
        return minor >= 35 && !pod.spec().bool("hostUsers", true) ? null : unmaskedProc(pod, 0);
    }

    /** Of restricted since 1.35, whatever the user namespace; it fails under the name of the check it stands for before that. */
    static @Nullable Failure unmaskedProc(PodView pod, int minor) {
        TreeSet<String> types = new TreeSet<>();
        List<String> bad = Containers.named(pod, c -> {
            String type = c.security().text("procMount", "Default");
            if (!type.equals("Default")) {
                types.add(type);
                return true;
            }
            return false;
        });
        return bad.isEmpty()
                ? null
                : new Failure(
                        minor >= 35 ? "procMount_restricted" : "procMount",
                        "procMount",
                        Containers.list(bad) + " must not set securityContext.procMount to "
                                + Containers.quoted(List.copyOf(types)));
    }

    private static @Nullable Failure seccomp(PodView pod, int minor) {
        if (minor < 19) {
            return seccompAnnotations(pod);
        }
        TreeSet<String> types = new TreeSet<>();
        List<String> who = profileSetters(pod, "seccompProfile", types);
        return who.isEmpty() ? null : badSeccomp("seccompProfile_baseline", who, types);
    }

    static Failure badSeccomp(String check, List<String> who, TreeSet<String> types) {
        return new Failure(
                check,
                "seccompProfile",
                String.join(" and ", who) + " must not set securityContext.seccompProfile.type to "
                        + Containers.quoted(List.copyOf(types)));
    }

    /** The annotations of the pod and of containers that are there. */
    private static @Nullable Failure seccompAnnotations(PodView pod) {
        JsonObject annotations = pod.metadata().object("annotations");
        TreeSet<String> bad = new TreeSet<>();
        List<String> keys = new ArrayList<>(List.of(SECCOMP_POD));
        pod.containers().forEach(container -> keys.add(SECCOMP_CONTAINER + container.name()));
        for (String key : keys) {
            String value = annotations.text(key);
            if (value != null
                    && !List.of("runtime/default", "docker/default").contains(value)
                    && !value.startsWith("localhost/")) {
                bad.add(key + "=" + Json.of(value).toJson());
            }
        }
        return bad.isEmpty()
                ? null
                : new Failure(
                        "seccompProfile_baseline",
                        "seccompProfile",
                        (bad.size() == 1 ? "forbidden annotation " : "forbidden annotations ")
                                + String.join(", ", bad));
    }

    private static @Nullable Failure sysctls(PodView pod, int minor) {
        List<String> allowed = new ArrayList<>(SYSCTLS);
        if (minor >= 27) {
            allowed.addAll(SYSCTLS_127);
        }
        if (minor >= 29) {
            allowed.addAll(SYSCTLS_129);
        }
        if (minor >= 32) {
            allowed.addAll(SYSCTLS_132);
        }
        List<String> bad = new ArrayList<>();
        for (Json item : pod.security().array("sysctls")) {
            String name = item instanceof JsonObject sysctl ? sysctl.text("name", "") : "";
            if (!allowed.contains(name)) {
                bad.add(name);
            }
        }
        return bad.isEmpty() ? null : new Failure("sysctls", "forbidden sysctls", String.join(", ", bad));
    }

    private static @Nullable Failure hostProbes(PodView pod, int minor) {
        TreeSet<String> hosts = new TreeSet<>();
        List<String> bad = Containers.named(pod, c -> {
            int before = hosts.size();
            boolean hit = false;
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                hit |= addHost(c.body().object(probe), hosts);
            }
            for (String hook : List.of("postStart", "preStop")) {
                hit |= addHost(c.body().object("lifecycle").object(hook), hosts);
            }
            return hit || hosts.size() > before;
        });
        return bad.isEmpty()
                ? null
                : new Failure(
                        "hostProbesAndHostLifecycle",
                        "probe or lifecycle host",
                        Containers.list(List.copyOf(new TreeSet<>(bad)))
                                + (bad.size() == 1 ? " uses " : " use ")
                                + (hosts.size() == 1 ? "probe or lifecycle host " : "probe or lifecycle hosts ")
                                + Containers.quoted(List.copyOf(hosts)));
    }

    private static boolean addHost(JsonObject handler, TreeSet<String> hosts) {
        boolean hit = false;
        for (String action : List.of("httpGet", "tcpSocket")) {
            String host = handler.object(action).text("host", "");
            if (!host.isEmpty()) {
                hosts.add(host);
                hit = true;
            }
        }
        return hit;
    }
}
