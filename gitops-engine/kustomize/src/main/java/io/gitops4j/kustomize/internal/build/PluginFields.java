package io.gitops4j.kustomize.internal.build;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The field names of built-in plugin configurations; they are read in any case. */
final class PluginFields {
    private static final Map<String, String> NAMES = names();

    /** Members of these are keys of the user's, not field names. */
    private static final Set<String> FREE = Set.of("labels", "annotations", "pairs", "metadata", "valuesInline");

    private PluginFields() {}

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : List.of(
                "name",
                "namespace",
                "prefix",
                "suffix",
                "labels",
                "annotations",
                "fieldSpecs",
                "path",
                "create",
                "group",
                "version",
                "kind",
                "imageTag",
                "newName",
                "newTag",
                "digest",
                "tagSuffix",
                "replica",
                "count",
                "paths",
                "patches",
                "patch",
                "target",
                "options",
                "allowNameChange",
                "allowKindChange",
                "jsonOp",
                "labelSelector",
                "annotationSelector",
                "unsetOnly",
                "setRoleBindingSubjects",
                "replacements",
                "source",
                "sourceValue",
                "targets",
                "select",
                "reject",
                "fieldPath",
                "fieldPaths",
                "delimiter",
                "index",
                "value",
                "targetFilePath",
                "filePathPosition",
                "selector",
                "literals",
                "files",
                "envs",
                "env",
                "behavior",
                "type",
                "disableNameSuffixHash",
                "immutable",
                "cloud",
                "kubernetesService",
                "serviceAccount",
                "projectId",
                "metadata",
                "apiVersion",
                "releaseName",
                "repo",
                "valuesFile",
                "valuesInline",
                "includeCRDs")) {
            names.put(name.toLowerCase(Locale.ROOT), name);
        }
        return Collections.unmodifiableMap(names);
    }

    /** The configuration with every field name in its own spelling. */
    static JsonObject spelled(JsonObject config) {
        JsonObject.Builder members = JsonObject.builder(config.size());
        config.forEach((key, value) -> {
            String name = NAMES.getOrDefault(key.toLowerCase(Locale.ROOT), key);
            members.put(name, FREE.contains(name) ? value : spelled(value));
        });
        return members.build();
    }

    private static Json spelled(Json value) {
        if (value instanceof JsonObject object) {
            return spelled(object);
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder items = JsonArray.builder();
            for (Json item : array) {
                items.add(spelled(item));
            }
            return items.build();
        }
        return value;
    }
}
