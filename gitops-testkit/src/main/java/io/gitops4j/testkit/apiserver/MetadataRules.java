package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code metadata} must be, for every kind.
 *
 * <p>Source: k8s-apply §5.3, §5.4.
 */
final class MetadataRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private MetadataRules() {}

    /** Errors of a new object's metadata. */
    static List<FieldError> create(ResourceType type, JsonObject object) {
        List<FieldError> errors = new ArrayList<>();
        JsonObject metadata = object.object("metadata");
        String name = metadata.text("name", "");
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else {
            String wrong = wrongName(type, name);
            if (wrong != null) {
                errors.add(FieldError.invalid("metadata.name", name, wrong));
            }
        }
        common(metadata, errors);
        return errors;
    }

    /** Errors of a changed object's metadata; the server checks them more than once and names each as often. */
    static List<FieldError> update(ResourceType type, JsonObject object, JsonObject old) {
        List<FieldError> errors = new ArrayList<>();
        JsonObject metadata = object.object("metadata");
        JsonObject before = old.object("metadata");
        if (before.has("deletionTimestamp")) {
            Set<String> known = new LinkedHashSet<>(texts(before.array("finalizers")));
            List<String> added = texts(metadata.array("finalizers")).stream()
                    .filter(each -> !known.contains(each))
                    .toList();
            if (!added.isEmpty()) {
                errors.add(FieldError.forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                                + added.stream()
                                        .map(each -> Json.of(each).toJson())
                                        .collect(Collectors.joining(", "))
                                + "}"));
            }
        }
        immutable(metadata, before, "uid", errors);
        errors.addAll(List.copyOf(errors));
        int times = type.qualifiedResource().equals("configmaps")
                        || type.qualifiedResource().equals("secrets")
                ? 4
                : 3;
        List<FieldError> common = new ArrayList<>();
        common(metadata, common);
        for (int i = 0; i < times; i++) {
            errors.addAll(common);
        }
        return errors;
    }

    private static void immutable(JsonObject metadata, JsonObject before, String field, List<FieldError> errors) {
        String now = metadata.text(field, "");
        if (!now.equals(before.text(field, ""))) {
            errors.add(FieldError.invalid("metadata." + field, now, "field is immutable"));
        }
    }

    private static @Nullable String wrongName(ResourceType type, String name) {
        return switch (type.qualifiedResource()) {
            case "namespaces" -> Names.label(name);
            case "services" -> Names.label1035(name);
            case "statefulsets.apps" ->
                name.length() > 63
                        ? "must be no more than 63 characters"
                        : name.indexOf('.') >= 0 ? "must not contain dots" : Names.label(name);
            case "roles.rbac.authorization.k8s.io",
                    "clusterroles.rbac.authorization.k8s.io",
                    "rolebindings.rbac.authorization.k8s.io",
                    "clusterrolebindings.rbac.authorization.k8s.io" -> Names.pathSegment(name);
            default -> Names.subdomain(name);
        };
    }

    private static void common(JsonObject metadata, List<FieldError> errors) {
        labels(metadata.object("labels"), "metadata.labels", errors);
        annotations(metadata.object("annotations"), "metadata.annotations", errors);
        ownerReferences(metadata.array("ownerReferences"), errors);
        JsonArray finalizers = metadata.array("finalizers");
        for (int i = 0; i < finalizers.size(); i++) {
            String finalizer = finalizers.get(i).textOrNull();
            String wrong = finalizer == null ? null : Names.qualified(finalizer);
            if (finalizer != null && wrong != null) {
                errors.add(FieldError.invalid("metadata.finalizers", finalizer, wrong));
            }
        }
        List<String> all = texts(finalizers);
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            errors.add(FieldError.invalid(
                    "metadata.finalizers", finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
        }
    }

    /** Errors of a map of annotations at {@code path}. */
    static void annotations(JsonObject annotations, String path, List<FieldError> errors) {
        long size = 0;
        for (int i = 0; i < annotations.size(); i++) {
            String key = annotations.keyAt(i);
            String value = annotations.valueAt(i).textOrNull();
            size += key.length() + (value == null ? 0 : value.length());
            String wrong = Names.qualified(key.toLowerCase(java.util.Locale.ROOT));
            if (wrong != null) {
                errors.add(FieldError.invalid(path, key, wrong));
            }
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.add(FieldError.tooLong(path, ANNOTATIONS_LIMIT));
        }
    }

    /** Errors of a map of labels at {@code path}. */
    static void labels(JsonObject labels, String path, List<FieldError> errors) {
        for (int i = 0; i < labels.size(); i++) {
            String key = labels.keyAt(i);
            String wrong = Names.qualified(key);
            if (wrong != null) {
                errors.add(FieldError.invalid(path, key, wrong));
            }
            String value = labels.valueAt(i).textOrNull();
            String wrongValue = value == null ? null : Names.labelValue(value);
            if (value != null && wrongValue != null) {
                errors.add(FieldError.invalid(path, value, wrongValue));
            }
        }
    }

    private static void ownerReferences(JsonArray references, List<FieldError> errors) {
        String controller = null;
        String second = null;
        for (int i = 0; i < references.size(); i++) {
            JsonObject reference = references.get(i) instanceof JsonObject object ? object : JsonObject.empty();
            String path = "metadata.ownerReferences[" + i + "].";
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (reference.text(field, "").isEmpty()) {
                    errors.add(FieldError.invalid(
                            path + field, "", (field.equals("apiVersion") ? "version" : field) + " must not be empty"));
                }
            }
            if (reference.bool("controller", false)) {
                second = controller == null ? null : described(reference);
                if (second != null) {
                    errors.add(FieldError.invalidText(
                            "metadata.ownerReferences",
                            printed(references),
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + second));
                    return;
                }
                controller = described(reference);
            }
        }
    }

    private static String described(JsonObject reference) {
        return reference.text("kind", "") + "/" + reference.text("name", "");
    }

    /** The references in the order of the server's own type. */
    private static String printed(JsonArray references) {
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : references) {
            JsonObject reference = item instanceof JsonObject object ? object : JsonObject.empty();
            JsonObject.Builder ordered = JsonObject.builder();
            for (String key : List.of("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")) {
                ordered.putIfPresent(key, reference.get(key));
            }
            out.add(ordered.build());
        }
        return out.build().toJson();
    }

    /** The texts among the items of an array. */
    static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (Json item : array) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }
}
