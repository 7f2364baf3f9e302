package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;

/**
 * JSON as Go's encoder prints a map: compact, keys sorted by byte, numbers in their shortest
 * form, {@code <}, {@code >}, {@code &}, U+2028 and U+2029 escaped.
 * It is the text of last-applied annotations and of keys in {@code fieldsV1}.
 */
public final class GoJson {
    private GoJson() {}

    /** The text of {@code value}. */
    public static String write(Json value) {
        StringBuilder out = new StringBuilder(64);
        write(value, out);
        return escaped(out);
    }

    private static void write(Json value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            JsonObject sorted = object.sorted();
            out.append('{');
            for (int i = 0; i < sorted.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                JsonString.quote(sorted.keyAt(i), out);
                out.append(':');
                write(sorted.valueAt(i), out);
            }
            out.append('}');
        } else if (value instanceof JsonArray array) {
            out.append('[');
            for (int i = 0; i < array.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                write(array.get(i), out);
            }
            out.append(']');
        } else if (value instanceof JsonNumber) {
            out.append(value.canonical());
        } else {
            value.write(out);
        }
    }

    /** These characters can only stand inside strings, so that the finished text may be searched for them. */
    private static String escaped(StringBuilder json) {
        StringBuilder out = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean special = c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
            if (special && out == null) {
                out = new StringBuilder(json.length() + 16).append(json, 0, i);
            }
            if (out != null) {
                if (special) {
                    out.append("\\u")
                            .append(Character.forDigit(c >> 12, 16))
                            .append(Character.forDigit(c >> 8 & 15, 16))
                            .append(Character.forDigit(c >> 4 & 15, 16))
                            .append(Character.forDigit(c & 15, 16));
                } else {
                    out.append(c);
                }
            }
        }
        return out == null ? json.toString() : out.toString();
    }
}
