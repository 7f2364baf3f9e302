package io.gitops4j.k8s;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.Map;

/** Tells whether a write whose answer was lost has been carried out. Source: secrets-dr-security §6.2 R5. */
final class LostAnswers {
    private LostAnswers() {}

    /** Whether {@code live} was made by {@code manager} and holds everything that was sent. */
    static boolean isOurs(JsonObject sent, JsonObject live, String manager) {
        boolean managed = false;
        for (Json item : live.object("metadata").array("managedFields")) {
            managed |= item instanceof JsonObject entry && manager.equals(entry.text("manager"));
        }
        return managed && holds(sent, live);
    }

    private static boolean holds(Json sent, Json live) {
        if (sent instanceof JsonObject wanted && live instanceof JsonObject has) {
            for (Map.Entry<String, Json> member : wanted.asMap().entrySet()) {
                Json value = has.get(member.getKey());
                if (value == null ? !isEmpty(member.getValue()) : !holds(member.getValue(), value)) {
                    return false;
                }
            }
            return true;
        }
        if (sent instanceof JsonArray wanted && live instanceof JsonArray has && wanted.size() == has.size()) {
            for (int i = 0; i < wanted.size(); i++) {
                if (!holds(wanted.get(i), has.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return sent.equals(live);
    }

    /** A server leaves empty values out. */
    private static boolean isEmpty(Json value) {
        return value.isNull()
                || value instanceof JsonObject object && object.isEmpty()
                || value instanceof JsonArray array && array.isEmpty();
    }
}
