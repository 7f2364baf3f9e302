package io.gitops4j.cli;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects for the screen with every value hidden that could be secret. */
final class HiddenValues {
    private static final Json HIDDEN = Json.of("++++++++");
    private static final List<String> OPEN = List.of("apiVersion", "kind", "type", "immutable");

    private HiddenValues() {}

    /** The object with its kind, name, namespace and labels; everything else hidden. */
    static JsonObject in(JsonObject object) {
        JsonObject.Builder out = JsonObject.builder();
        object.forEach((key, value) -> {
            if (key.equals("metadata") && value instanceof JsonObject metadata) {
                JsonObject.Builder shown = JsonObject.builder();
                metadata.forEach((name, member) -> shown.put(
                        name, List.of("name", "namespace", "labels").contains(name) ? member : hidden(member)));
                out.put(key, shown.build());
            } else {
                out.put(key, OPEN.contains(key) ? value : hidden(value));
            }
        });
        return out.build();
    }

    private static Json hidden(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder();
            object.forEach((key, member) -> out.put(key, hidden(member)));
            return out.build();
        }
        if (value instanceof JsonArray array) {
            return JsonArray.of(array.items().stream().map(HiddenValues::hidden).toList());
        }
        return HIDDEN;
    }

    /** Whether what is said of an object may quote something secret. */
    static boolean mayHoldSecrets(JsonObject object) {
        return "Secret".equals(object.text("kind"));
    }

    /** A text about an object, without the values of a Secret in any spelling that a policy is likely to give them. */
    static String hiddenIn(String text, JsonObject object) {
        if (!mayHoldSecrets(object)) {
            return text;
        }
        List<String> values = new ArrayList<>();
        for (String field : List.of("stringData", "data")) {
            object.object(field).forEach((key, value) -> spellings(field, value.textOrNull(), values));
        }
        values.sort(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        String out = text;
        for (String value : values) {
            // Shorter ones stand in every word.
            boolean hides = value.length() > 2 || text.equals(value);
            out = !hides ? out : out.replace(value, "++++++++");
        }
        return out;
    }

    /** As {@link #hiddenIn(String, JsonObject)}, in every text and key of a value. */
    static Json hiddenIn(Json value, JsonObject about) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder();
            object.forEach((key, member) -> out.put(hiddenIn(key, about), hiddenIn(member, about)));
            return out.build();
        }
        if (value instanceof JsonArray array) {
            return JsonArray.of(
                    array.items().stream().map(item -> hiddenIn(item, about)).toList());
        }
        String text = value.textOrNull();
        return text == null ? value : Json.of(hiddenIn(text, about));
    }

    private static void spellings(String field, @Nullable String text, List<String> values) {
        if (text == null || text.isBlank()) {
            return;
        }
        String plain = text;
        if (field.equals("data")) {
            try {
                plain = new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notBase64) {
                plain = text;
            }
        }
        byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
        String quoted = Json.of(plain).toJson();
        for (String spelling : List.of(
                text,
                plain,
                quoted.substring(1, quoted.length() - 1),
                Base64.getEncoder().encodeToString(bytes))) {
            if (!spelling.isBlank() && !values.contains(spelling)) {
                values.add(spelling);
            }
        }
    }
}
