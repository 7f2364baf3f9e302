package io.gitops4j.app;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Lists of texts and of objects out of JSON lists; items of another kind are left out. */
final class Texts {
    private Texts() {}

    static List<String> list(JsonArray array) {
        List<String> texts = new ArrayList<>();
        for (Json item : array) {
            String text = item.textOrNull();
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        for (Json item : array) {
            if (item instanceof JsonObject object) {
                objects.add(object);
            }
        }
        return List.copyOf(objects);
    }
}
