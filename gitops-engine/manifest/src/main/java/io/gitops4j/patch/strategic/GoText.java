package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;

/** Values printed as Go's {@code %v} does: merge keys are compared in this form, and messages quote it. */
final class GoText {
    private GoText() {}

    static String of(Json value) {
        if (value.textOrNull() != null) {
            return String.valueOf(value.textOrNull());
        }
        if (value instanceof JsonNumber) {
            return value.canonical();
        }
        if (value.isNull()) {
            return "<nil>";
        }
        if (value instanceof JsonArray array) {
            StringBuilder out = new StringBuilder("[");
            for (Json item : array) {
                out.append(out.length() > 1 ? " " : "").append(of(item));
            }
            return out.append(']').toString();
        }
        if (value instanceof JsonObject object) {
            StringBuilder out = new StringBuilder("map[");
            JsonObject sorted = object.sorted();
            for (int i = 0; i < sorted.size(); i++) {
                out.append(i > 0 ? " " : "").append(sorted.keyAt(i)).append(':').append(of(sorted.valueAt(i)));
            }
            return out.append(']').toString();
        }
        return value.toJson();
    }
}
