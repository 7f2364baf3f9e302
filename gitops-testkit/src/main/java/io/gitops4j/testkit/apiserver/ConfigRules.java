package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;

/** What ConfigMaps, Secrets, Ingresses, autoscalers, roles and a few others must be. */
final class ConfigRules {
    private static final int LIMIT = 1024 * 1024;

    private final Checks checks;

    ConfigRules(Checks checks) {
        this.checks = checks;
    }

    void configMap(JsonObject object) {
        JsonObject data = object.object("data");
        JsonObject binary = object.object("binaryData");
        keys(data, "data");
        keys(binary, "binaryData");
        for (int i = 0; i < data.size(); i++) {
            String key = data.keyAt(i);
            if (binary.has(key)) {
                checks.add(FieldError.invalid("data[" + key + "]", key, "duplicate of key present in binaryData"));
            }
        }
    }

    private void keys(JsonObject map, String path) {
        long size = 0;
        for (int i = 0; i < map.size(); i++) {
            String key = map.keyAt(i);
            String wrong = Names.configKey(key);
            if (wrong != null) {
                checks.add(FieldError.invalid(path + "[" + key + "]", key, wrong));
            }
            String value = map.valueAt(i).textOrNull();
            size += value == null ? 0 : value.length();
        }
        if (size > LIMIT) {
            checks.add(FieldError.tooLong(path, LIMIT));
        }
    }

    void frozen(JsonObject object, JsonObject old, String... fields) {
        if (!old.bool("immutable", false)) {
            return;
        }
        String why = "field is immutable when `immutable` is set";
        if (!object.bool("immutable", false)) {
            checks.add(FieldError.forbidden("immutable", why));
        }
        for (String field : fields) {
            if (!object.object(field).equals(old.object(field))) {
                checks.add(FieldError.forbidden(field, why));
            }
        }
    }

    void secret(JsonObject object) {
        JsonObject data = object.object("data");
        keys(data, "data");
        List<String> required = switch (object.text("type", "")) {
            case "kubernetes.io/tls" -> List.of("tls.crt", "tls.key");
            case "kubernetes.io/dockerconfigjson" -> List.of(".dockerconfigjson");
            case "kubernetes.io/dockercfg" -> List.of(".dockercfg");
            case "kubernetes.io/ssh-auth" -> List.of("ssh-privatekey");
            default -> List.of();
        };
        for (String key : required) {
            if (!data.has(key)) {
                checks.add(FieldError.required("data[" + key + "]"));
            }
        }
        if (object.text("type", "").equals("kubernetes.io/service-account-token")
                && object.object("metadata")
                        .object("annotations")
                        .text("kubernetes.io/service-account.name", "")
                        .isEmpty()) {
            checks.add(FieldError.required("metadata.annotations[kubernetes.io/service-account.name]"));
        }
        if (object.text("type", "").equals("kubernetes.io/basic-auth")
                && !data.has("username")
                && !data.has("password")) {
            checks.add(FieldError.required("data[username]"));
            checks.add(FieldError.required("data[password]"));
        }
    }

    void secretUpdate(JsonObject object, JsonObject old) {
        if (!object.text("type", "").equals(old.text("type", ""))) {
            checks.add(FieldError.invalid("type", object.text("type", ""), "field is immutable"));
        }
        frozen(object, old, "data");
    }

    void ingress(JsonObject spec) {
        JsonObject backend = spec.object("defaultBackend");
        List<JsonObject> rules = Checks.objects(spec.array("rules"));
        if (rules.isEmpty() && !spec.has("defaultBackend")) {
            checks.add(FieldError.invalid("spec", Json.nul(), "either `defaultBackend` or `rules` must be specified"));
        }
        if (spec.has("defaultBackend")) {
            backend(backend, "spec.defaultBackend");
        }
        for (int i = 0; i < rules.size(); i++) {
            List<JsonObject> paths = Checks.objects(rules.get(i).object("http").array("paths"));
            if (rules.get(i).has("http") && paths.isEmpty()) {
                checks.add(FieldError.required("spec.rules[" + i + "].http.paths"));
            }
            for (int j = 0; j < paths.size(); j++) {
                path(paths.get(j), "spec.rules[" + i + "].http.paths[" + j + "]");
            }
        }
    }

    private void path(JsonObject path, String at) {
        String type = path.text("pathType", "");
        String text = path.text("path", "");
        if (type.isEmpty()) {
            checks.add(FieldError.required(at + ".pathType", "pathType must be specified"));
        } else if (type.equals("Exact") || type.equals("Prefix")) {
            if (!text.startsWith("/")) {
                checks.add(FieldError.invalid(at + ".path", text, "must be an absolute path"));
            }
        } else if (!type.equals("ImplementationSpecific")) {
            checks.supported(path, "pathType", at, "Exact", "ImplementationSpecific", "Prefix");
        } else if (!text.isEmpty() && !text.startsWith("/")) {
            checks.add(FieldError.invalid(at + ".path", text, "must be an absolute path"));
        }
        backend(path.object("backend"), at + ".backend");
    }

    private void backend(JsonObject backend, String at) {
        JsonObject service = backend.object("service");
        if (backend.has("resource")) {
            if (backend.has("service")) {
                checks.add(FieldError.invalid(at, "", "cannot set both resource and service backends"));
            }
            return;
        }
        if (!backend.has("service")) {
            checks.add(FieldError.required(at, "resource or service backend is required"));
            return;
        }
        JsonObject port = service.object("port");
        boolean named = !Checks.blank(port, "name");
        boolean numbered = Checks.number(port, "number", 0) != 0;
        if (Checks.blank(service, "name")) {
            checks.add(FieldError.required(at + ".service.name"));
        }
        if (named && numbered) {
            checks.add(FieldError.invalid(at, "", "cannot set both port name & port number"));
        } else if (numbered) {
            checks.portNumber(port.get("number"), at + ".service.port.number");
        } else if (named) {
            checks.portName(port.text("name", ""), at + ".service.port.name");
        } else {
            checks.add(FieldError.required(at, "port name or number is required"));
        }
    }

    void autoscaler(JsonObject spec) {
        long min = Checks.number(spec, "minReplicas", 1);
        long max = Checks.number(spec, "maxReplicas", 0);
        if (min < 1) {
            checks.add(FieldError.invalid(
                    "spec.minReplicas", spec.get("minReplicas"), "must be greater than or equal to 1"));
        }
        if (max < 1) {
            checks.add(FieldError.required("spec.maxReplicas", "must be set and greater than 0"));
        }
        if (max < min) {
            checks.add(FieldError.invalid(
                    "spec.maxReplicas", Json.of(max), "must be greater than or equal to `minReplicas`"));
        }
        JsonObject target = spec.object("scaleTargetRef");
        checks.required(target, "kind", "spec.scaleTargetRef");
        checks.required(target, "name", "spec.scaleTargetRef");
    }

    void roles(JsonObject object, boolean cluster) {
        List<JsonObject> rules = Checks.objects(object.array("rules"));
        for (int i = 0; i < rules.size(); i++) {
            JsonObject rule = rules.get(i);
            String at = "rules[" + i + "]";
            if (rule.array("verbs").isEmpty()) {
                checks.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
            }
            boolean urls = !rule.array("nonResourceURLs").isEmpty();
            if (urls && !cluster) {
                checks.add(FieldError.invalid(
                        at + ".nonResourceURLs",
                        rule.array("nonResourceURLs"),
                        "namespaced rules cannot apply to non-resource URLs"));
            }
            if (!urls && rule.array("apiGroups").isEmpty()) {
                checks.add(FieldError.required(at + ".apiGroups", "resource rules must supply at least one api group"));
            }
            if (!urls && rule.array("resources").isEmpty()) {
                checks.add(FieldError.required(at + ".resources", "resource rules must supply at least one resource"));
            }
        }
    }

    void bindingUpdate(JsonObject object, JsonObject old) {
        if (!object.object("roleRef").equals(old.object("roleRef"))) {
            checks.add(FieldError.invalid("roleRef", object.get("roleRef"), "cannot change roleRef"));
        }
    }
}
