package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import org.jspecify.annotations.Nullable;

/**
 * Compares JSON text with a value without reading the text into a tree: the annotation of an object that is in sync says what
 * the target says, and need not be parsed to know it. Says no when in doubt.
 */
public final class JsonTextMatch {
    private final String text;
    private int at;

    private JsonTextMatch(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /**
     * Whether the last-applied text holds nothing that the target does not hold with the same value; namespace and empty
     * annotations, which mean nothing in configurations, aside.
     */
    public static boolean lastAppliedSays(String text, JsonObject target) {
        JsonTextMatch match = new JsonTextMatch(text, 0);
        if (!match.object(target, 0, false)) {
            return false;
        }
        match.space();
        return match.at == text.length();
    }

    /** Whether the object text from {@code from} on has exactly these key fields of an item, absent ones standing at their default. */
    static boolean keysAre(String text, int from, ListSchema list, JsonObject item) {
        JsonTextMatch match = new JsonTextMatch(text, from);
        return match.keys(list, item) && match.at == text.length();
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private boolean take(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean value(Json value, int depth) {
        space();
        if (value instanceof JsonObject object) {
            return object(object, depth, true);
        }
        if (value instanceof JsonArray array) {
            return array(array, depth);
        }
        if (value.textOrNull() != null) {
            return string(String.valueOf(value.textOrNull()));
        }
        if (value instanceof JsonNumber number) {
            return word(number.lexeme());
        }
        return word(value.isNull() ? "null" : value == JsonBool.TRUE ? "true" : "false");
    }

    private boolean word(String word) {
        if (!text.startsWith(word, at)) {
            return false;
        }
        at += word.length();
        return at == text.length() || ",]} \n\r\t".indexOf(text.charAt(at)) >= 0;
    }

    private boolean array(JsonArray array, int depth) {
        if (!take('[')) {
            return false;
        }
        for (int i = 0; i < array.size(); i++) {
            if ((i > 0 && !take(',')) || !value(array.get(i), depth + 1)) {
                return false;
            }
        }
        return take(']');
    }

    /** Every member of the text is a member of the value, and if {@code whole} the other way round. */
    private boolean object(JsonObject object, int depth, boolean whole) {
        if (depth > 64 || !take('{')) {
            return false;
        }
        if (take('}')) {
            return !whole || object.isEmpty();
        }
        int hint = 0;
        int members = 0;
        do {
            space();
            int position = member(object, hint);
            if (position < 0) {
                if (depth > 1 || !meaningless(depth)) {
                    return false;
                }
                continue;
            }
            hint = position + 1;
            members++;
            Json value = object.valueAt(position);
            boolean metadata = depth == 0 && object.keyAt(position).equals("metadata");
            if (!take(':')
                    || !(metadata && value instanceof JsonObject m ? object(m, 1, false) : value(value, depth + 1))) {
                return false;
            }
        } while (take(','));
        return take('}') && (!whole || members == object.size());
    }

    /** Skips {@code "namespace": "…"} and {@code "annotations": {}} of metadata. */
    private boolean meaningless(int depth) {
        if (depth != 1) {
            return false;
        }
        if (text.startsWith("\"annotations\"", at)) {
            at += 13;
            return take(':') && take('{') && take('}');
        }
        if (text.startsWith("\"namespace\"", at)) {
            at += 11;
            if (!take(':') || !take('"')) {
                return false;
            }
            int end = text.indexOf('"', at);
            at = end + 1;
            return end >= 0;
        }
        return false;
    }

    /** The position of the member whose key stands here, past which {@code at} is then; -1 when there is none. */
    private int member(JsonObject object, int hint) {
        for (int i = 0; i < object.size(); i++) {
            int position = hint + i < object.size() ? hint + i : hint + i - object.size();
            int mark = at;
            if (string(object.keyAt(position))) {
                return position;
            }
            at = mark;
        }
        return -1;
    }

    private boolean string(String value) {
        if (at >= text.length() || text.charAt(at) != '"') {
            return false;
        }
        int end = at + 1 + value.length();
        if (end < text.length() && text.charAt(end) == '"' && text.startsWith(value, at + 1) && plain(value)) {
            at = end + 1;
            return true;
        }
        return escaped(value);
    }

    private static boolean plain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c == '"') {
                return false;
            }
        }
        return true;
    }

    private boolean escaped(String value) {
        int i = at + 1;
        int matched = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c == '"') {
                at = i;
                return matched == value.length();
            }
            if (c == '\\') {
                if (i >= text.length()) {
                    return false;
                }
                char e = text.charAt(i++);
                switch (e) {
                    case 'n' -> c = '\n';
                    case 't' -> c = '\t';
                    case 'r' -> c = '\r';
                    case 'b' -> c = '\b';
                    case 'f' -> c = '\f';
                    case 'u' -> {
                        int unit = hex(i);
                        if (unit < 0) {
                            return false;
                        }
                        c = (char) unit;
                        i += 4;
                    }
                    default -> c = e;
                }
            }
            if (matched == value.length() || value.charAt(matched++) != c) {
                return false;
            }
        }
        return false;
    }

    private int hex(int from) {
        if (from + 4 > text.length()) {
            return -1;
        }
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private boolean keys(ListSchema list, JsonObject item) {
        if (!take('{')) {
            return false;
        }
        int found = 0;
        int wanted = 0;
        for (int k = 0; k < list.keys().size(); k++) {
            if (keyOf(list, item, k) != null) {
                wanted++;
            }
        }
        do {
            boolean known = false;
            for (int k = 0; k < list.keys().size() && !known; k++) {
                Json value = keyOf(list, item, k);
                int mark = at;
                if (value != null && string(list.keys().get(k)) && take(':') && value(value, 1)) {
                    known = true;
                } else {
                    at = mark;
                }
            }
            if (!known) {
                return false;
            }
            found++;
        } while (take(','));
        return found == wanted && take('}');
    }

    private static @Nullable Json keyOf(ListSchema list, JsonObject item, int index) {
        Json value = item.get(list.keys().get(index));
        return value == null ? list.keyDefault(list.keys().get(index)) : value;
    }
}
