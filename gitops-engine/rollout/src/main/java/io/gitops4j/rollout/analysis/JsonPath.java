package io.gitops4j.rollout.analysis;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The first match of a Kubernetes JSONPath: names, quoted names, indexes and {@code [*]}. */
final class JsonPath {
    private JsonPath() {}

    /** The first value at {@code path} ({@code {$.data.items[0]['a b']}}), or {@code null}. */
    static @Nullable Json first(Json root, String path) {
        String text = path.trim();
        if (text.startsWith("{") && text.endsWith("}")) {
            text = text.substring(1, text.length() - 1);
        }
        text = text.startsWith("$") ? text.substring(1) : text;
        Json at = root;
        int i = 0;
        while (i < text.length() && at != null) {
            char c = text.charAt(i);
            int end;
            if (c == '.') {
                end = i + 1;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                String name = text.substring(i + 1, end);
                at = name.isEmpty() ? at : at.child(name);
            } else if (c == '[') {
                end = text.indexOf(']', i);
                if (end < 0) {
                    return null;
                }
                at = indexed(at, text.substring(i + 1, end).trim());
                end++;
            } else {
                return null;
            }
            i = end;
        }
        return at;
    }

    private static @Nullable Json indexed(Json at, String index) {
        if (index.length() > 1 && (index.startsWith("'") || index.startsWith("\""))) {
            return at.child(index.substring(1, index.length() - 1));
        }
        if (at instanceof JsonArray array) {
            int position;
            try {
                position = index.equals("*") ? 0 : Integer.parseInt(index);
            } catch (NumberFormatException e) {
                return null;
            }
            position = position < 0 ? array.size() + position : position;
            return position < 0 || position >= array.size() ? null : array.get(position);
        }
        return at instanceof JsonObject object && index.equals("*") && !object.isEmpty() ? object.valueAt(0) : null;
    }
}
