package io.gitops4j.recovery.restore;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the field out of an object that a server-side apply conflict names, such as
 * {@code .spec.template.spec.containers[name="web"].image}. A key may have dots in it: of the keys of the object the longest that
 * fits is meant.
 */
final class ConflictPaths {
    private static final Pattern ITEM = Pattern.compile("^\\[([^\\]]+)\\]");
    private static final Pattern PAIR = Pattern.compile("([A-Za-z]+)=(\"[^\"]*\"|[^,]+)");

    private ConflictPaths() {}

    /** The object without the field; empty when there is no such field. */
    static Optional<JsonObject> without(JsonObject object, String path) {
        return remove(object, path).map(changed -> (JsonObject) changed);
    }

    private static Optional<Json> remove(Json value, String path) {
        if (path.startsWith("[")) {
            Matcher item = ITEM.matcher(path);
            return value instanceof JsonArray array && item.find()
                    ? removeItem(array, item.group(1), path.substring(item.end()))
                    : Optional.empty();
        }
        if (!(value instanceof JsonObject object) || !path.startsWith(".")) {
            return Optional.empty();
        }
        String key = "";
        for (String candidate : object.keys()) {
            String rest = path.substring(1);
            boolean fits =
                    rest.equals(candidate) || rest.startsWith(candidate + ".") || rest.startsWith(candidate + "[");
            if (fits && candidate.length() > key.length()) {
                key = candidate;
            }
        }
        Json child = object.get(key);
        if (child == null) {
            return Optional.empty();
        }
        String rest = path.substring(1 + key.length());
        if (rest.isEmpty()) {
            return Optional.of(object.without(key));
        }
        String name = key;
        return remove(child, rest).map(changed -> object.with(name, changed));
    }

    private static Optional<Json> removeItem(JsonArray array, String selector, String rest) {
        Map<String, String> wanted = new LinkedHashMap<>();
        Matcher pairs = PAIR.matcher(selector);
        while (pairs.find()) {
            wanted.put(pairs.group(1), pairs.group(2));
        }
        for (int i = 0; i < array.size(); i++) {
            if (!wanted.isEmpty() && fits(array.get(i), wanted)) {
                int index = i;
                return rest.isEmpty()
                        ? Optional.of(array.without(i))
                        : remove(array.get(i), rest).map(changed -> array.with(index, changed));
            }
        }
        return Optional.empty();
    }

    private static boolean fits(Json item, Map<String, String> wanted) {
        if (!(item instanceof JsonObject object)) {
            return false;
        }
        return wanted.entrySet().stream().allMatch(pair -> {
            Json member = object.get(pair.getKey());
            return member != null && member.toJson().equals(pair.getValue());
        });
    }
}
