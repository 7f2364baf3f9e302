package io.gitops4j.conformance.ssalive;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers in the recorded form: placeholders for what differs between servers, and a fixed order. */
final class Normal {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern ADDRESS = Pattern.compile("10\\.96\\.\\d+\\.\\d+");
    private static final Pattern QUOTED_OBJECT = Pattern.compile("Invalid value: \"\\{.*\\}\": ");

    private Normal() {}

    /** The object without what every server gives differently. */
    static JsonObject object(JsonObject object) {
        JsonObject metadata = object.object("metadata")
                .without("uid")
                .without("resourceVersion")
                .without("creationTimestamp")
                .without("managedFields");
        JsonObject out = object.with("metadata", metadata);
        if (object.text("kind", "").equals("CustomResourceDefinition")) {
            out = out.without("status");
        }
        out = (JsonObject) placed(out, "");
        return out;
    }

    private static Json placed(Json value, String key) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((name, child) -> out.put(name, placed(child, name)));
            return out.build();
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            array.forEach(child -> out.add(placed(child, key)));
            return out.build();
        }
        String text = value.textOrNull();
        if (text != null && (key.equals("deletionTimestamp") || key.equals("lastPhaseTransitionTime"))) {
            return TIME.matcher(text).matches() ? Json.of("<time>") : value;
        }
        if (text != null && (key.equals("clusterIP") || key.equals("clusterIPs"))) {
            return ADDRESS.matcher(text).matches() ? Json.of("<ip>") : value;
        }
        if (text != null && key.contains("controller-uid") && UID.matcher(text).matches()) {
            return Json.of("<uid>");
        }
        if (key.equals("nodePort")
                && value instanceof JsonNumber number
                && number.intValueOr(0) >= 30000
                && number.intValueOr(0) < 32768) {
            return Json.of("<port>");
        }
        return value;
    }

    /** The entries of managedFields without times, in the recorded order; {@code null} when there are none. */
    static @Nullable JsonArray managedFields(JsonObject object) {
        List<JsonObject> entries = new ArrayList<>();
        boolean crd = object.text("kind", "").equals("CustomResourceDefinition");
        for (Json item : object.object("metadata").array("managedFields")) {
            JsonObject entry = ((JsonObject) item).without("time").without("fieldsType");
            if (!crd || !entry.text("subresource", "").equals("status")) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparing((JsonObject entry) -> entry.text("operation", ""))
                .thenComparing(entry -> entry.text("manager", ""))
                .thenComparing(entry -> entry.text("apiVersion", ""))
                .thenComparing(entry -> entry.text("subresource", "")));
        return entries.isEmpty() ? null : JsonArray.of(entries);
    }

    /** A message with placeholders; the lines of a list of errors are sorted. */
    static String text(String message, String uid) {
        String out = uid.isEmpty() ? message : message.replace(uid, "<uid>");
        out = UID.matcher(out).replaceAll("<uid>");
        out = QUOTED_OBJECT.matcher(out).replaceFirst("Invalid value: \"<object>\": ");
        int at = out.indexOf("errors:\n");
        if (at >= 0) {
            List<String> lines = new ArrayList<>(List.of(out.substring(at + 8).split("\n", -1)));
            lines.sort(null);
            out = out.substring(0, at + 8) + String.join("\n", lines);
        }
        return out;
    }

    /** Causes with placeholders, sorted by their text. */
    static JsonArray causes(JsonArray causes, String uid) {
        List<JsonObject> out = new ArrayList<>();
        for (Json item : causes) {
            JsonObject cause = (JsonObject) item;
            String message = cause.text("message");
            out.add(message == null ? cause : cause.with("message", Json.of(text(message, uid))));
        }
        out.sort(Comparator.comparing(cause -> cause.sorted().toJson()));
        return JsonArray.of(out);
    }
}
