package io.gitops4j.kustomize;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kustomization file says, decoded and checked: field names in their own spelling, deprecated fields moved into those
 * that replaced them. Immutable.
 */
public final class Kustomization {
    private final JsonObject fields;

    private Kustomization(JsonObject fields) {
        this.fields = fields;
    }

    /** The kustomization of decoded fields; the caller vouches for their types. */
    public static Kustomization of(JsonObject fields) {
        return new Kustomization(fields);
    }

    /** All fields. */
    public JsonObject fields() {
        return fields;
    }

    /** Whether this is a Component. */
    public boolean isComponent() {
        return "Component".equals(kind());
    }

    /** {@code Kustomization} or {@code Component}. */
    public String kind() {
        String kind = fields.text("kind", "");
        return kind.isEmpty() ? "Kustomization" : kind;
    }

    /** Files, directories and repositories, {@code bases} included. */
    public List<String> resources() {
        return texts("resources");
    }

    /** Directories and repositories of components. */
    public List<String> components() {
        return texts("components");
    }

    /** Prefix of names, {@code ""} for none. */
    public String namePrefix() {
        return fields.text("namePrefix", "");
    }

    /** Suffix of names, {@code ""} for none. */
    public String nameSuffix() {
        return fields.text("nameSuffix", "");
    }

    /** Namespace of everything, {@code ""} for no change. */
    public String namespace() {
        return fields.text("namespace", "");
    }

    /** Labels for objects, selectors and templates. */
    public Map<String, String> commonLabels() {
        return textMap("commonLabels");
    }

    /** Annotations for objects and templates. */
    public Map<String, String> commonAnnotations() {
        return textMap("commonAnnotations");
    }

    /** The entries of a list of objects, {@code images}, {@code patches}, {@code configMapGenerator} and so on. */
    public List<JsonObject> entries(String field) {
        List<JsonObject> entries = new ArrayList<>();
        for (Json item : fields.array(field)) {
            if (item instanceof JsonObject object) {
                entries.add(object);
            }
        }
        return entries;
    }

    /** The entries of a list of strings, {@code crds}, {@code transformers} and so on. */
    public List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (Json item : fields.array(field)) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    /** The entries of a map of strings, in the order of the file. */
    public Map<String, String> textMap(String field) {
        Map<String, String> map = new LinkedHashMap<>();
        fields.object(field).forEach((key, value) -> {
            String text = value.textOrNull();
            if (text != null) {
                map.put(key, text);
            }
        });
        return map;
    }

    /** These fields with more: used for options that a caller adds to the file's own. */
    public Kustomization with(String field, Json value) {
        return of(fields.with(field, value));
    }

    /** These fields with entries appended to a list. */
    public Kustomization appending(String field, JsonArray entries) {
        JsonArray all = fields.array(field);
        for (Json entry : entries) {
            all = all.appended(entry);
        }
        return entries.isEmpty() ? this : with(field, all);
    }

    @Override
    public String toString() {
        return fields.toJson();
    }
}
