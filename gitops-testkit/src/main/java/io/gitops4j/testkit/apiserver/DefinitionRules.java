package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.List;

/** What a CustomResourceDefinition must be: names, one storage version, structural schemas. */
final class DefinitionRules {
    private final Checks checks;

    private DefinitionRules(Checks checks) {
        this.checks = checks;
    }

    static void check(JsonObject crd, Checks checks) {
        new DefinitionRules(checks).definition(crd);
    }

    private void definition(JsonObject crd) {
        JsonObject spec = crd.object("spec");
        JsonObject names = spec.object("names");
        String name = crd.object("metadata").text("name", "");
        String wanted = names.text("plural", "") + "." + spec.text("group", "");
        if (!name.equals(wanted)) {
            checks.add(FieldError.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        }
        checks.required(spec, "group", "spec");
        checks.supported(spec, "scope", "spec", "Cluster", "Namespaced");
        checks.required(names, "plural", "spec.names");
        checks.required(names, "kind", "spec.names");
        List<JsonObject> versions = Checks.objects(spec.array("versions"));
        long storage = versions.stream().filter(v -> v.bool("storage", false)).count();
        if (storage != 1) {
            checks.add(FieldError.invalid(
                    "spec.versions", spec.get("versions"), "must have exactly one version marked as storage version"));
        }
        for (int i = 0; i < versions.size(); i++) {
            JsonObject version = versions.get(i);
            String at = "spec.versions[" + i + "]";
            if (!(version.object("schema").get("openAPIV3Schema") instanceof JsonObject schema)) {
                checks.add(FieldError.required(at + ".schema.openAPIV3Schema", "schemas are required"));
                continue;
            }
            schema(
                    schema,
                    versions.size() == 1 ? "spec.validation.openAPIV3Schema" : at + ".schema.openAPIV3Schema",
                    true);
        }
    }

    private void schema(JsonObject schema, String path, boolean root) {
        String type = schema.text("type", "");
        boolean typeless = schema.bool("x-kubernetes-int-or-string", false)
                || schema.bool("x-kubernetes-preserve-unknown-fields", false);
        if (type.isEmpty() && (root || !typeless)) {
            checks.add(FieldError.required(
                    path + ".type",
                    root ? "must not be empty at the root" : "must not be empty for specified object fields"));
        }
        if (root && !type.isEmpty() && !type.equals("object")) {
            checks.add(FieldError.invalid(path + ".type", type, "must be object at the root"));
        }
        if (type.equals("array")) {
            array(schema, path);
        }
        JsonObject properties = schema.object("properties");
        for (int i = 0; i < properties.size(); i++) {
            if (properties.valueAt(i) instanceof JsonObject below) {
                schema(below, path + ".properties[" + properties.keyAt(i) + "]", false);
            }
        }
        if (schema.get("additionalProperties") instanceof JsonObject below) {
            schema(below, path + ".additionalProperties", false);
        }
        if (schema.get("items") instanceof JsonObject below) {
            schema(below, path + ".items", false);
        }
    }

    private void array(JsonObject schema, String path) {
        if (!(schema.get("items") instanceof JsonObject items)) {
            checks.add(FieldError.required(path + ".items", "must be specified"));
            return;
        }
        String listType = schema.text("x-kubernetes-list-type", "");
        if (listType.equals("map")) {
            if (schema.array("x-kubernetes-list-map-keys").isEmpty()) {
                checks.add(FieldError.required(
                        path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map"));
            }
            for (Json key : schema.array("x-kubernetes-list-map-keys")) {
                String name = String.valueOf(key.textOrNull());
                JsonObject property = items.object("properties").object(name);
                boolean required = MetadataRules.texts(items.array("required")).contains(name);
                if (!required && !property.has("default")) {
                    checks.add(FieldError.required(
                            path + ".items.properties[" + name + "].default",
                            "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                    + " property"));
                }
            }
        }
        if (listType.equals("set")
                && items.text("type", "").equals("object")
                && !items.text("x-kubernetes-map-type", "").equals("atomic")) {
            checks.add(FieldError.invalid(
                    path + ".items.x-kubernetes-map-type",
                    Json.nul(),
                    "must be atomic as item of a list with x-kubernetes-list-type=set"));
        }
    }
}
