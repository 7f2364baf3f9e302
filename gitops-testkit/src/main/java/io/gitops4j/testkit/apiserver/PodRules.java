package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pod's spec must be.
 *
 * <p>Source: behaviour recorded from a server 1.36.
 */
final class PodRules {
    private static final Set<String> HANDLERS = Set.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");

    private final Checks checks;
    private final Set<String> volumes = new HashSet<>();
    private final Set<String> containerNames = new HashSet<>();

    PodRules(Checks checks) {
        this.checks = checks;
    }

    /** Checks a spec. */
    void spec(JsonObject spec, String path) {
        volumes(spec.array("volumes"), path + ".volumes");
        JsonArray containers = spec.array("containers");
        if (containers.isEmpty()) {
            checks.add(FieldError.required(path + ".containers"));
        }
        containers(containers, path + ".containers");
        containers(spec.array("initContainers"), path + ".initContainers");
        checks.supported(spec, "restartPolicy", path, "Always", "OnFailure", "Never");
        checks.supported(spec, "dnsPolicy", path, "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
        MetadataRules.labels(spec.object("nodeSelector"), path + ".nodeSelector", checks.errors());
        if (!Checks.blank(spec, "serviceAccountName")) {
            checks.subdomain(spec.text("serviceAccountName", ""), path + ".serviceAccountName");
        }
        if (spec.get("activeDeadlineSeconds") instanceof JsonNumber n && (n.longValue() < 1)) {
            checks.add(FieldError.invalid(
                    path + ".activeDeadlineSeconds", n, "must be between 1 and 2147483647, inclusive"));
        }
        checks.nonNegative(spec, "terminationGracePeriodSeconds", path);
        List<JsonObject> aliases = Checks.objects(spec.array("hostAliases"));
        for (int i = 0; i < aliases.size(); i++) {
            checks.ip(aliases.get(i).text("ip", ""), path + ".hostAliases[" + i + "].ip");
        }
        tolerations(spec.array("tolerations"), path + ".tolerations");
        spread(spec.array("topologySpreadConstraints"), path + ".topologySpreadConstraints");
    }

    private void volumes(JsonArray array, String path) {
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject volume = all.get(i);
            String at = path + "[" + i + "]";
            String name = volume.text("name", "");
            if (name.isEmpty()) {
                checks.add(FieldError.required(at + ".name"));
            } else {
                checks.label(name, at + ".name");
                if (!volumes.add(name)) {
                    checks.add(FieldError.duplicate(at + ".name", Json.of(name).toJson()));
                }
            }
            int sources = 0;
            for (int j = 0; j < volume.size(); j++) {
                String key = volume.keyAt(j);
                if (key.equals("name")) {
                    continue;
                }
                sources++;
                if (key.equals("persistentVolumeClaim") && Checks.blank(volume.object(key), "claimName")) {
                    checks.add(FieldError.required(at + "." + key + ".claimName"));
                }
                if (sources > 1) {
                    checks.add(FieldError.forbidden(at + "." + key, "may not specify more than 1 volume type"));
                }
            }
            if (sources == 0) {
                checks.add(FieldError.required(at, "must specify a volume type"));
            }
        }
    }

    private void containers(JsonArray array, String path) {
        List<JsonObject> all = Checks.objects(array);
        Set<String> hostPorts = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            container(all.get(i), path + "[" + i + "]");
        }
        for (int i = 0; i < all.size(); i++) {
            List<JsonObject> ports = Checks.objects(all.get(i).array("ports"));
            for (int j = 0; j < ports.size(); j++) {
                JsonObject port = ports.get(j);
                long host = Checks.number(port, "hostPort", 0);
                String key = port.text("protocol", "TCP") + "/" + port.text("hostIP", "") + "/" + host;
                if (host > 0 && !hostPorts.add(key)) {
                    checks.add(FieldError.duplicate(
                            path + "[" + i + "].ports[" + j + "].hostPort",
                            Json.of(key).toJson()));
                }
            }
        }
    }

    private void container(JsonObject container, String at) {
        String name = container.text("name", "");
        if (name.isEmpty()) {
            checks.add(FieldError.required(at + ".name"));
        } else {
            checks.label(name, at + ".name");
            if (!containerNames.add(name)) {
                checks.add(FieldError.duplicate(at + ".name", Json.of(name).toJson()));
            }
        }
        String image = container.text("image", "");
        if (image.isEmpty()) {
            checks.add(FieldError.required(at + ".image"));
        } else if (!image.strip().equals(image)) {
            checks.add(FieldError.invalid(at + ".image", image, "must not have leading or trailing whitespace"));
        }
        checks.supported(container, "terminationMessagePolicy", at, "FallbackToLogsOnError", "File");
        checks.supported(container, "imagePullPolicy", at, "Always", "IfNotPresent", "Never");
        ports(container.array("ports"), at + ".ports");
        env(container.array("env"), at + ".env");
        mounts(container.array("volumeMounts"), at + ".volumeMounts");
        for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
            if (container.get(probe) instanceof JsonObject found) {
                probe(found, at + "." + probe, !probe.equals("readinessProbe"));
            }
        }
        JsonObject lifecycle = container.object("lifecycle");
        for (String hook : new String[] {"postStart", "preStop"}) {
            if (lifecycle.get(hook) instanceof JsonObject found) {
                handler(found, at + ".lifecycle." + hook);
            }
        }
        checks.resources(container.object("resources"), at + ".resources");
    }

    private void ports(JsonArray array, String path) {
        Set<String> names = new HashSet<>();
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject port = all.get(i);
            String at = path + "[" + i + "]";
            String name = port.text("name", "");
            if (!name.isEmpty()) {
                checks.portName(name, at + ".name");
                if (!names.add(name)) {
                    checks.add(FieldError.duplicate(at + ".name", Json.of(name).toJson()));
                }
            }
            if (Checks.number(port, "containerPort", 0) == 0) {
                checks.add(FieldError.required(at + ".containerPort"));
            } else {
                checks.portNumber(port.get("containerPort"), at + ".containerPort");
            }
            if (Checks.number(port, "hostPort", 0) != 0) {
                checks.portNumber(port.get("hostPort"), at + ".hostPort");
            }
            if (Checks.blank(port, "protocol")) {
                checks.add(FieldError.required(at + ".protocol"));
            } else {
                checks.supported(port, "protocol", at, "SCTP", "TCP", "UDP");
            }
        }
    }

    private void env(JsonArray array, String path) {
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject env = all.get(i);
            String at = path + "[" + i + "]";
            String name = env.text("name", "");
            if (name.isEmpty()) {
                checks.add(FieldError.required(at + ".name"));
            } else {
                String wrong = Names.environmentName(name);
                if (wrong != null) {
                    checks.add(FieldError.invalid(at + ".name", name, wrong));
                }
            }
            if (env.get("valueFrom") instanceof JsonObject from) {
                valueFrom(env, from, at + ".valueFrom");
            }
        }
    }

    private void valueFrom(JsonObject env, JsonObject from, String at) {
        if (from.isEmpty()) {
            checks.add(FieldError.invalid(
                    at,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`"));
        } else if (!Checks.blank(env, "value")) {
            checks.add(FieldError.invalid(at, "", "may not be specified when `value` is not empty"));
        } else if (from.size() > 1) {
            checks.add(FieldError.invalid(at, "", "may not have more than one field specified at a time"));
        }
        for (String ref : new String[] {"configMapKeyRef", "secretKeyRef"}) {
            if (from.get(ref) instanceof JsonObject found && Checks.blank(found, "key")) {
                checks.add(FieldError.required(at + "." + ref + ".key"));
            }
        }
    }

    private void mounts(JsonArray array, String path) {
        Set<String> places = new HashSet<>();
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject mount = all.get(i);
            String at = path + "[" + i + "]";
            String name = mount.text("name", "");
            if (name.isEmpty()) {
                checks.add(FieldError.required(at + ".name"));
            } else if (!volumes.contains(name)) {
                checks.add(FieldError.notFound(at + ".name", name));
            }
            String place = mount.text("mountPath", "");
            if (place.isEmpty()) {
                checks.add(FieldError.required(at + ".mountPath"));
            } else if (!places.add(place)) {
                checks.add(FieldError.invalid(at + ".mountPath", place, "must be unique"));
            }
        }
    }

    private void probe(JsonObject probe, String at, boolean oneSuccess) {
        handler(probe, at);
        for (String field : new String[] {
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"
        }) {
            checks.nonNegative(probe, field, at);
        }
        if (oneSuccess && Checks.number(probe, "successThreshold", 1) > 1) {
            checks.add(FieldError.invalid(at + ".successThreshold", probe.get("successThreshold"), "must be 1"));
        }
    }

    private void handler(JsonObject handler, String at) {
        int count = 0;
        for (String kind : new String[] {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
            if (!HANDLERS.contains(kind) || !(handler.get(kind) instanceof JsonObject found)) {
                continue;
            }
            count++;
            if (count > 1) {
                checks.add(FieldError.forbidden(at + "." + kind, "may not specify more than 1 handler type"));
                continue;
            }
            switch (kind) {
                case "exec" -> {
                    if (found.array("command").isEmpty()) {
                        checks.add(FieldError.required(at + ".exec.command"));
                    }
                }
                case "httpGet", "tcpSocket" -> checks.portNumberOrName(found.get("port"), at + "." + kind + ".port");
                default -> {}
            }
        }
        if (count == 0) {
            checks.add(FieldError.required(at, "must specify a handler type"));
        }
    }

    private void tolerations(JsonArray array, String path) {
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject toleration = all.get(i);
            String at = path + "[" + i + "]";
            String operator = toleration.text("operator", "");
            if (Checks.blank(toleration, "key") && !operator.equals("Exists")) {
                checks.add(FieldError.invalid(
                        at + ".operator",
                        operator,
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
            }
            if (toleration.has("tolerationSeconds")
                    && !toleration.text("effect", "").equals("NoExecute")) {
                checks.add(FieldError.invalid(
                        at + ".effect",
                        toleration.text("effect", ""),
                        "effect must be 'NoExecute' when `tolerationSeconds` is set"));
            }
            if (operator.equals("Exists") && !Checks.blank(toleration, "value")) {
                checks.add(FieldError.invalid(
                        at + ".operator",
                        toleration.text("value", ""),
                        "value must be empty when `operator` is 'Exists'"));
            }
        }
    }

    private void spread(JsonArray array, String path) {
        Set<String> seen = new HashSet<>();
        List<JsonObject> all = Checks.objects(array);
        for (int i = 0; i < all.size(); i++) {
            JsonObject constraint = all.get(i);
            String at = path + "[" + i + "]";
            if (Checks.number(constraint, "maxSkew", 0) <= 0) {
                checks.add(FieldError.invalid(at + ".maxSkew", constraint.get("maxSkew"), "must be greater than zero"));
            }
            checks.required(constraint, "topologyKey", at);
            checks.supported(constraint, "whenUnsatisfiable", at, "DoNotSchedule", "ScheduleAnyway");
            String key = constraint.text("topologyKey", "") + ", " + constraint.text("whenUnsatisfiable", "");
            if (!seen.add(key)) {
                checks.add(FieldError.duplicate(
                        at + ".{topologyKey, whenUnsatisfiable}",
                        Json.of("{" + key + "}").toJson()));
            }
        }
    }
}
