package io.gitops4j.testkit.apiserver;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scale subresource: an {@code autoscaling/v1} Scale made of an object, and an object changed by a Scale. Ownership travels
 * both ways: the entries that own the replicas of the object own those of the Scale.
 */
final class Scales {
    static final String API_VERSION = "autoscaling/v1";
    static final String KIND = "Scale";
    private static final List<String> SCALE_PATH = List.of("spec", "replicas");

    private Scales() {}

    /** Where the numbers are. */
    private record Paths(
            List<String> replicas,
            List<String> observed,
            @Nullable List<String> selector) {}

    private static Paths paths(ResourceType type, String version) {
        CustomType custom = type.crd();
        if (custom == null) {
            return new Paths(SCALE_PATH, List.of("status", "replicas"), List.of("spec", "selector"));
        }
        JsonObject scale = custom.subresource(version, "scale");
        if (scale == null) {
            throw Refusals.unknownPath();
        }
        String selector = scale.text("labelSelectorPath", "");
        return new Paths(
                split(scale.text("specReplicasPath", "")),
                split(scale.text("statusReplicasPath", "")),
                selector.isEmpty() ? null : split(selector));
    }

    private static List<String> split(String path) {
        return Splitter.on('.').omitEmptyStrings().splitToList(path);
    }

    /** The Scale of an object in one of its versions, with managedFields. */
    static JsonObject of(ResourceType type, String version, JsonObject object) {
        Paths paths = paths(type, version);
        JsonObject metadata = object.object("metadata");
        JsonObject.Builder meta = JsonObject.builder();
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            meta.putIfPresent(field, metadata.get(field));
        }
        JsonArray managed = toScale(metadata.array("managedFields"), paths);
        if (!managed.isEmpty()) {
            meta.put("managedFields", managed);
        }
        JsonObject.Builder spec = JsonObject.builder();
        spec.putIfPresent("replicas", at(object, paths.replicas()));
        JsonObject.Builder status = JsonObject.builder();
        Json observed = at(object, paths.observed());
        status.put("replicas", observed == null ? Json.of(0) : observed);
        List<String> selectorPath = paths.selector();
        Json selector = selectorPath == null ? null : at(object, selectorPath);
        String text = selector instanceof JsonObject labels
                ? selectorText(labels)
                : selector == null ? null : selector.textOrNull();
        if (text != null && !text.isEmpty()) {
            status.put("selector", text);
        }
        return JsonObject.builder()
                .put("kind", KIND)
                .put("apiVersion", API_VERSION)
                .put("metadata", meta.build())
                .put("spec", spec.build())
                .put("status", status.build())
                .build();
    }

    /** A Scale as it is answered. */
    static JsonObject answer(ResourceType type, String version, JsonObject object) {
        JsonObject scale = of(type, version, object);
        return scale.with("metadata", scale.object("metadata").without("managedFields"));
    }

    private static String selectorText(JsonObject labels) {
        JsonObject selector = labels.has("matchLabels") || labels.has("matchExpressions") || labels.isEmpty()
                ? labels
                : JsonObject.of("matchLabels", labels);
        LabelSelector parsed = LabelSelector.of(selector).orNull();
        return parsed == null ? "" : parsed.toString();
    }

    private static @Nullable Json at(JsonObject object, List<String> path) {
        return object.find(JsonPointer.of(path));
    }

    /** {@code object} with the replicas and the ownership of {@code scale}. */
    static JsonObject applied(ResourceType type, String version, JsonObject object, JsonObject scale) {
        Paths paths = paths(type, version);
        Json replicas = scale.object("spec").get("replicas");
        JsonObject out = set(object, paths.replicas(), 0, replicas == null ? Json.of(0) : replicas);
        JsonArray entries = toParent(
                object.object("metadata").array("managedFields"),
                scale.object("metadata").array("managedFields"),
                paths,
                type.apiVersion(version));
        return Edit.into(
                out,
                "metadata",
                metadata -> entries.isEmpty()
                        ? metadata.without("managedFields")
                        : metadata.with("managedFields", entries));
    }

    private static JsonObject set(JsonObject object, List<String> path, int from, Json value) {
        String name = path.get(from);
        return from == path.size() - 1
                ? object.with(name, value)
                : object.with(name, set(object.object(name), path, from + 1, value));
    }

    private static JsonArray toScale(JsonArray entries, Paths paths) {
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : entries) {
            if (item instanceof JsonObject entry && owns(entry, paths.replicas())) {
                out.add(entry.with("apiVersion", Json.of(API_VERSION)).with("fieldsV1", fields(SCALE_PATH)));
            }
        }
        return out.build();
    }

    private static JsonArray toParent(JsonArray before, JsonArray scale, Paths paths, String apiVersion) {
        List<JsonObject> left = new ArrayList<>();
        for (Json item : scale) {
            if (item instanceof JsonObject entry && owns(entry, SCALE_PATH)) {
                left.add(entry);
            }
        }
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : before) {
            JsonObject entry = (JsonObject) item;
            if (!owns(entry, paths.replicas())) {
                out.add(entry);
                continue;
            }
            JsonObject match =
                    left.stream().filter(each -> same(each, entry)).findFirst().orElse(null);
            if (match != null) {
                left.remove(match);
                Json time = match.get("time");
                out.add(time == null ? entry : entry.with("time", time));
                continue;
            }
            JsonObject fields = without(entry.object("fieldsV1"), paths.replicas(), 0);
            if (!fields.isEmpty()) {
                out.add(entry.with("fieldsV1", fields));
            }
        }
        for (JsonObject added : left) {
            out.add(added.with("apiVersion", Json.of(apiVersion)).with("fieldsV1", fields(paths.replicas())));
        }
        return out.build();
    }

    private static boolean same(JsonObject a, JsonObject b) {
        return a.text("manager", "").equals(b.text("manager", ""))
                && a.text("operation", "").equals(b.text("operation", ""))
                && a.text("subresource", "").equals(b.text("subresource", ""));
    }

    private static boolean owns(JsonObject entry, List<String> path) {
        Json at = entry.get("fieldsV1");
        for (String name : path) {
            at = at == null ? null : at.child("f:" + name);
        }
        return at != null;
    }

    private static JsonObject fields(List<String> path) {
        JsonObject out = JsonObject.empty();
        for (int i = path.size() - 1; i >= 0; i--) {
            out = JsonObject.of("f:" + path.get(i), out);
        }
        return out;
    }

    private static JsonObject without(JsonObject fields, List<String> path, int from) {
        String key = "f:" + path.get(from);
        if (from == path.size() - 1) {
            return fields.without(key);
        }
        JsonObject below = without(fields.object(key), path, from + 1);
        return below.isEmpty() ? fields.without(key) : fields.with(key, below);
    }
}
