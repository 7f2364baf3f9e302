package io.gitops4j.rego.value;

/** JSON text as Go's encoder writes it: sorted keys, {@code <}, {@code >} and {@code &} escaped. */
public final class GoJson {
    private static final String HEX = "0123456789abcdef";

    private GoJson() {}

    /** The text of a value, without spaces. */
    public static String text(Value value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** The text that a key has in JSON: a string is itself, anything else its JSON text. */
    public static String keyText(Value key) {
        return key instanceof StringValue text ? text.text() : text(key);
    }

    /** Appends the text of a value, without spaces. */
    public static void write(Value value, StringBuilder out) {
        write(value, out, null, "", "");
    }

    /** Appends the text of a value over several lines, as {@code json.MarshalIndent}. */
    public static void writeIndented(Value value, StringBuilder out, String prefix, String indent) {
        write(value, out, indent, prefix, "");
    }

    private static void write(
            Value value,
            StringBuilder out,
            @org.jspecify.annotations.Nullable String indent,
            String prefix,
            String at) {
        if (value instanceof StringValue text) {
            quote(text.text(), out);
        } else if (value instanceof ArrayValue array) {
            items(array.toArray(), out, indent, prefix, at);
        } else if (value instanceof SetValue set) {
            items(set.sorted(), out, indent, prefix, at);
        } else if (value instanceof ObjectValue object) {
            object(object.stringKeys() ? object : withStringKeys(object), out, indent, prefix, at);
        } else {
            value.write(out);
        }
    }

    private static ObjectValue withStringKeys(ObjectValue object) {
        ObjectBuilder out = ObjectValue.builder();
        for (int position : object.order()) {
            out.put(keyText(object.keyAt(position)), object.valueAt(position));
        }
        return out.build();
    }

    private static void items(
            Value[] items,
            StringBuilder out,
            @org.jspecify.annotations.Nullable String indent,
            String prefix,
            String at) {
        if (items.length == 0) {
            out.append("[]");
            return;
        }
        out.append('[');
        String deeper = indent == null ? at : at + indent;
        for (int i = 0; i < items.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            line(out, indent, prefix, deeper);
            write(items[i], out, indent, prefix, deeper);
        }
        line(out, indent, prefix, at);
        out.append(']');
    }

    private static void object(
            ObjectValue object,
            StringBuilder out,
            @org.jspecify.annotations.Nullable String indent,
            String prefix,
            String at) {
        if (object.size() == 0) {
            out.append("{}");
            return;
        }
        out.append('{');
        String deeper = indent == null ? at : at + indent;
        boolean first = true;
        for (int position : object.order()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            line(out, indent, prefix, deeper);
            quote(((StringValue) object.keyAt(position)).text(), out);
            out.append(indent == null ? ":" : ": ");
            write(object.valueAt(position), out, indent, prefix, deeper);
        }
        line(out, indent, prefix, at);
        out.append('}');
    }

    private static void line(
            StringBuilder out, @org.jspecify.annotations.Nullable String indent, String prefix, String at) {
        if (indent != null) {
            out.append('\n').append(prefix).append(at);
        }
    }

    /** Appends a JSON string with Go's HTML escapes. */
    public static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        out.append("\\u")
                                .append(HEX.charAt(c >> 12))
                                .append(HEX.charAt((c >> 8) & 15))
                                .append(HEX.charAt((c >> 4) & 15))
                                .append(HEX.charAt(c & 15));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
