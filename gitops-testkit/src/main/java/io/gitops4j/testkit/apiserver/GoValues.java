package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;

/** Values as Go prints them by {@code %v}, which some of the server's sentences quote. */
final class GoValues {
    private GoValues() {}

    static String print(Json value) {
        StringBuilder out = new StringBuilder();
        print(value, out);
        return out.toString();
    }

    private static void print(Json value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            JsonObject sorted = object.sorted();
            out.append("map[");
            for (int i = 0; i < sorted.size(); i++) {
                out.append(i == 0 ? "" : " ").append(sorted.keyAt(i)).append(':');
                print(sorted.valueAt(i), out);
            }
            out.append(']');
        } else if (value instanceof JsonArray array) {
            out.append('[');
            for (int i = 0; i < array.size(); i++) {
                out.append(i == 0 ? "" : " ");
                print(array.get(i), out);
            }
            out.append(']');
        } else {
            String text = value.textOrNull();
            out.append(value.isNull() ? "<nil>" : text == null ? value.toJson() : text);
        }
    }
}
