package io.gitops4j.cli;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;

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
}
