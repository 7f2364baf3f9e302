package io.gitops4j.json;

import org.jspecify.annotations.Nullable;

/** A JSON string. */
public record JsonString(String value) implements Json {

    @Override
    public Kind kind() {
        return Kind.STRING;
    }

    @Override
    public @Nullable String textOrNull() {
        return value;
    }

    @Override
    public void write(StringBuilder out) {
        quote(value, out);
    }

    /** Appends {@code text} as a quoted JSON string, escaping only what RFC 8259 requires. */
    public static void quote(String text, StringBuilder out) {
        out.append('"');
        int from = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, from, i);
            from = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default ->
                    out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        out.append(text, from, length).append('"');
    }

    @Override
    public String toString() {
        return toJson();
    }
}
