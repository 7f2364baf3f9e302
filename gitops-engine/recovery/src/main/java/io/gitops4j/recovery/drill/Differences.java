package io.gitops4j.recovery.drill;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where two trees differ, without what stands there. */
final class Differences {
    private Differences() {}

    static List<String> between(JsonObject wanted, JsonObject found) {
        List<String> paths = new ArrayList<>();
        walk(wanted, found, JsonPointer.root(), paths);
        return paths;
    }

    private static void walk(@Nullable Json wanted, @Nullable Json found, JsonPointer at, List<String> paths) {
        if (wanted != null && wanted.equals(found)) {
            return;
        }
        if (wanted instanceof JsonObject a && found instanceof JsonObject b) {
            Set<String> keys = new LinkedHashSet<>(a.keys());
            keys.addAll(b.keys());
            keys.forEach(key -> walk(a.get(key), b.get(key), at.child(key), paths));
        } else if (wanted instanceof JsonArray a && found instanceof JsonArray b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                walk(a.get(i), b.get(i), at.child(i), paths);
            }
        } else {
            paths.add(at.toString());
        }
    }
}
