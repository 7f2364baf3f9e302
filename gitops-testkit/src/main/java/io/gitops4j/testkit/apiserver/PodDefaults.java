package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.Set;

/**
 * Defaults of a pod's spec, alone or in a template.
 *
 * <p>Source: k8s-apply §5.9.
 */
final class PodDefaults {
    private static final JsonObject EMPTY = JsonObject.empty();
    private static final Set<String> DEFAULT_MODE = Set.of("secret", "configMap", "projected", "downwardAPI");

    private PodDefaults() {}

    /** The spec of a Pod. */
    static JsonObject pod(JsonObject spec) {
        JsonObject out = template(spec);
        out = Edit.byDefault(out, "enableServiceLinks", Json.of(true));
        for (String list : new String[] {"containers", "initContainers"}) {
            out = Edit.each(out, list, PodDefaults::requestsFromLimits);
        }
        return out;
    }

    /** The spec of a template. */
    static JsonObject template(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "restartPolicy", "Always");
        out = Edit.byDefault(out, "dnsPolicy", "ClusterFirst");
        out = Edit.byDefault(out, "schedulerName", "default-scheduler");
        out = Edit.byDefault(out, "securityContext", EMPTY);
        out = Edit.byDefault(out, "terminationGracePeriodSeconds", 30);
        String account = out.text("serviceAccountName", "");
        if (!account.isEmpty()) {
            out = out.with("serviceAccount", Json.of(account));
        } else if (!out.text("serviceAccount", "").isEmpty()) {
            out = out.with("serviceAccountName", Json.of(out.text("serviceAccount", "")));
        }
        boolean hostNetwork = out.bool("hostNetwork", false);
        out = Edit.each(out, "volumes", PodDefaults::volume);
        for (String list : new String[] {"containers", "initContainers", "ephemeralContainers"}) {
            out = Edit.each(out, list, container -> container(container, hostNetwork));
        }
        return out;
    }

    private static JsonObject container(JsonObject container, boolean hostNetwork) {
        JsonObject out = Edit.each(container, "ports", port -> {
            JsonObject changed = Edit.byDefault(port, "protocol", "TCP");
            Json number = port.get("containerPort");
            return hostNetwork && number != null ? Edit.byDefault(changed, "hostPort", number) : changed;
        });
        out = Edit.byDefault(out, "imagePullPolicy", pullPolicy(out.text("image", "")));
        out = Edit.byDefault(out, "terminationMessagePath", "/dev/termination-log");
        out = Edit.byDefault(out, "terminationMessagePolicy", "File");
        for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
            out = Edit.in(out, probe, PodDefaults::probe);
        }
        out = Edit.in(
                out,
                "lifecycle",
                lifecycle -> Edit.in(
                        Edit.in(lifecycle, "preStop", PodDefaults::handler), "postStart", PodDefaults::handler));
        return Edit.each(out, "env", PodDefaults::env);
    }

    private static JsonObject env(JsonObject env) {
        return Edit.in(env, "valueFrom", from -> {
            JsonObject out = Edit.in(from, "fieldRef", ref -> Edit.byDefault(ref, "apiVersion", "v1"));
            out = Edit.in(out, "resourceFieldRef", ref -> Edit.byDefault(ref, "divisor", "0"));
            return Edit.in(out, "fileKeyRef", ref -> Edit.byDefault(ref, "optional", Json.of(false)));
        });
    }

    private static String pullPolicy(String image) {
        if (image.indexOf('@') >= 0) {
            return "IfNotPresent";
        }
        int colon = image.lastIndexOf(':');
        String tag = colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
        return tag.equals("latest") ? "Always" : "IfNotPresent";
    }

    private static JsonObject probe(JsonObject probe) {
        JsonObject out = handler(probe);
        out = Edit.byDefault(out, "timeoutSeconds", 1);
        out = Edit.byDefault(out, "periodSeconds", 10);
        out = Edit.byDefault(out, "successThreshold", 1);
        return Edit.byDefault(out, "failureThreshold", 3);
    }

    private static JsonObject handler(JsonObject handler) {
        JsonObject out =
                Edit.in(handler, "httpGet", get -> Edit.byDefault(Edit.byDefault(get, "path", "/"), "scheme", "HTTP"));
        return Edit.in(out, "grpc", grpc -> Edit.byDefault(grpc, "service", Json.of("")));
    }

    private static JsonObject volume(JsonObject volume) {
        JsonObject out = volume;
        if (volume.size() == 1 && volume.has("name")) {
            return volume.with("emptyDir", EMPTY);
        }
        for (String source : DEFAULT_MODE) {
            out = Edit.in(out, source, each -> Edit.byDefault(each, "defaultMode", 420));
        }
        out = Edit.in(out, "downwardAPI", PodDefaults::downward);
        out = Edit.in(
                out,
                "projected",
                projected -> Edit.each(projected, "sources", source -> {
                    JsonObject changed = Edit.in(
                            source, "serviceAccountToken", token -> Edit.byDefault(token, "expirationSeconds", 3600));
                    return Edit.in(changed, "downwardAPI", PodDefaults::downward);
                }));
        out = Edit.in(out, "hostPath", path -> Edit.byDefault(path, "type", Json.of("")));
        out = Edit.in(out, "iscsi", iscsi -> Edit.byDefault(iscsi, "iscsiInterface", "default"));
        out = Edit.in(out, "rbd", PodDefaults::rbd);
        out = Edit.in(out, "azureDisk", PodDefaults::azureDisk);
        out = Edit.in(
                out,
                "scaleIO",
                scale -> Edit.byDefault(Edit.byDefault(scale, "storageMode", "ThinProvisioned"), "fsType", "xfs"));
        return Edit.in(
                out,
                "ephemeral",
                ephemeral -> Edit.in(
                        ephemeral,
                        "volumeClaimTemplate",
                        claim -> Edit.in(claim, "spec", spec -> Edit.byDefault(spec, "volumeMode", "Filesystem"))));
    }

    static JsonObject rbd(JsonObject rbd) {
        JsonObject out = Edit.byDefault(rbd, "pool", "rbd");
        out = Edit.byDefault(out, "user", "admin");
        return Edit.byDefault(out, "keyring", "/etc/ceph/keyring");
    }

    static JsonObject azureDisk(JsonObject disk) {
        JsonObject out = Edit.byDefault(disk, "cachingMode", "ReadWrite");
        out = Edit.byDefault(out, "kind", "Shared");
        out = Edit.byDefault(out, "fsType", "ext4");
        return Edit.byDefault(out, "readOnly", Json.of(false));
    }

    private static JsonObject downward(JsonObject source) {
        return Edit.each(
                source,
                "items",
                item -> Edit.in(
                        Edit.in(item, "fieldRef", ref -> Edit.byDefault(ref, "apiVersion", "v1")),
                        "resourceFieldRef",
                        ref -> Edit.byDefault(ref, "divisor", "0")));
    }

    private static JsonObject requestsFromLimits(JsonObject container) {
        return Edit.in(container, "resources", resources -> {
            JsonObject limits = resources.object("limits");
            JsonObject requests = resources.object("requests");
            for (int i = 0; i < limits.size(); i++) {
                requests = Edit.byDefault(requests, limits.keyAt(i), limits.valueAt(i));
            }
            return requests.isEmpty() ? resources : resources.with("requests", requests);
        });
    }
}
