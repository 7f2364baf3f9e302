package io.gitops4j.policy.pss;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.pod.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The checks that the restricted level adds. Source: rego §3.2. */
final class RestrictedChecks {
    private static final List<String> VOLUMES = List.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret");

    private RestrictedChecks() {}

    static List<Check> all() {
        return List.of(
                check("allowPrivilegeEscalation", 8, "", RestrictedChecks::privilegeEscalation),
                check("capabilities_restricted", 22, "capabilities_baseline", RestrictedChecks::capabilities),
                check("procMount_restricted", 35, "procMount", BaselineChecks::unmaskedProc),
                check("restrictedVolumes", 0, "hostPathVolumes", RestrictedChecks::volumes),
                check("runAsNonRoot", 0, "", RestrictedChecks::runAsNonRoot),
                check("runAsUser", 23, "", RestrictedChecks::runAsUser),
                check("seccompProfile_restricted", 19, "seccompProfile_baseline", RestrictedChecks::seccomp));
    }

    private static Check check(String name, int since, String replaces, Check.Rule rule) {
        return new Check(name, Level.RESTRICTED, since, replaces, rule);
    }

    private static boolean isExemptWindows(PodView pod, int minor) {
        return minor >= 25 && pod.isWindows();
    }

    private static boolean hasUserNamespace(PodView pod, int minor) {
        return minor >= 35 && !pod.spec().bool("hostUsers", true);
    }

    private static @Nullable Failure volumes(PodView pod, int minor) {
        List<String> bad = new ArrayList<>();
        TreeSet<String> types = new TreeSet<>();
        for (Json item : pod.spec().array("volumes")) {
            if (item instanceof JsonObject volume && !VOLUMES.contains(PodView.volumeType(volume))) {
                bad.add(volume.text("name", ""));
                types.add(PodView.volumeType(volume));
            }
        }
        return bad.isEmpty()
                ? null
                : new Failure(
                        "restrictedVolumes",
                        "restricted volume types",
                        (bad.size() == 1 ? "volume " : "volumes ") + Containers.quoted(bad)
                                + (bad.size() == 1 ? " uses" : " use") + " restricted volume "
                                + (types.size() == 1 ? "type " : "types ") + Containers.quoted(List.copyOf(types)));
    }

    private static @Nullable Failure privilegeEscalation(PodView pod, int minor) {
        if (isExemptWindows(pod, minor)) {
            return null;
        }
        List<String> bad = Containers.named(pod, c -> c.security().bool("allowPrivilegeEscalation", true));
        return bad.isEmpty()
                ? null
                : new Failure(
                        "allowPrivilegeEscalation",
                        "allowPrivilegeEscalation != false",
                        Containers.list(bad) + " must set securityContext.allowPrivilegeEscalation=false");
    }

    private static @Nullable Failure runAsNonRoot(PodView pod, int minor) {
        if (hasUserNamespace(pod, minor)) {
            return null;
        }
        boolean podSays = pod.security().bool("runAsNonRoot", false);
        List<String> explicit = Containers.named(
                pod, c -> c.security().has("runAsNonRoot") && !c.security().bool("runAsNonRoot", true));
        if (!explicit.isEmpty()) {
            return new Failure(
                    "runAsNonRoot",
                    "runAsNonRoot != true",
                    Containers.list(explicit) + " must not set securityContext.runAsNonRoot=false");
        }
        List<String> implicit = Containers.named(pod, c -> !c.security().has("runAsNonRoot"));
        boolean podForbids = pod.security().has("runAsNonRoot") && !podSays;
        if (podForbids && !implicit.isEmpty()) {
            return new Failure(
                    "runAsNonRoot", "runAsNonRoot != true", "pod must not set securityContext.runAsNonRoot=false");
        }
        return podSays || implicit.isEmpty()
                ? null
                : new Failure(
                        "runAsNonRoot",
                        "runAsNonRoot != true",
                        "pod or " + Containers.list(implicit) + " must set securityContext.runAsNonRoot=true");
    }

    private static @Nullable Failure runAsUser(PodView pod, int minor) {
        if (hasUserNamespace(pod, minor)) {
            return null;
        }
        List<String> bad = new ArrayList<>();
        if (isRoot(pod.security())) {
            bad.add("pod");
        }
        List<String> names = Containers.named(pod, c -> isRoot(c.security()));
        if (!names.isEmpty()) {
            bad.add(Containers.list(names));
        }
        return bad.isEmpty()
                ? null
                : new Failure("runAsUser", "runAsUser=0", String.join(" and ", bad) + " must not set runAsUser=0");
    }

    private static boolean isRoot(JsonObject security) {
        Long user = PodView.number(security, "runAsUser");
        return user != null && user == 0;
    }

    private static @Nullable Failure seccomp(PodView pod, int minor) {
        if (isExemptWindows(pod, minor)) {
            return null;
        }
        TreeSet<String> types = new TreeSet<>();
        List<String> who = BaselineChecks.profileSetters(pod, "seccompProfile", types);
        if (!who.isEmpty()) {
            return BaselineChecks.badSeccomp("seccompProfile_restricted", who, types);
        }
        List<String> implicit = pod.security().has("seccompProfile")
                ? List.of()
                : Containers.named(pod, c -> !c.security().has("seccompProfile"));
        return implicit.isEmpty()
                ? null
                : new Failure(
                        "seccompProfile_restricted",
                        "seccompProfile",
                        "pod or " + Containers.list(implicit)
                                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                                + " \"Localhost\"");
    }

    private static @Nullable Failure capabilities(PodView pod, int minor) {
        if (isExemptWindows(pod, minor)) {
            return null;
        }
        List<String> keeping = Containers.named(
                pod,
                c -> !PodView.texts(c.security().object("capabilities"), "drop").contains("ALL"));
        TreeSet<String> extra = new TreeSet<>();
        List<String> adding = Containers.named(pod, c -> {
            List<String> added = new ArrayList<>(PodView.texts(c.security().object("capabilities"), "add"));
            added.removeAll(List.of("NET_BIND_SERVICE"));
            extra.addAll(added);
            return !added.isEmpty();
        });
        List<String> details = new ArrayList<>();
        if (!keeping.isEmpty()) {
            details.add(Containers.list(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        if (!adding.isEmpty()) {
            details.add(Containers.list(adding) + " must not include " + Containers.quoted(List.copyOf(extra))
                    + " in securityContext.capabilities.add");
        }
        return details.isEmpty()
                ? null
                : new Failure("capabilities_restricted", "unrestricted capabilities", String.join("; ", details));
    }
}
