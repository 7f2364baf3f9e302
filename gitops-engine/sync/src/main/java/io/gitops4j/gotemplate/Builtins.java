package io.gitops4j.gotemplate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The functions of Go's template package. */
final class Builtins {
    private Builtins() {}

    static void addTo(Map<String, GoFunction> functions) {
        functions.put("and", Builtins::unreachable);
        functions.put("or", Builtins::unreachable);
        functions.put("not", a -> !GoValues.truth(a.exactly(1).any(0)));
        functions.put("len", a -> length(a.exactly(1).any(0)));
        functions.put("index", Builtins::index);
        functions.put("slice", Builtins::slice);
        functions.put("print", Builtins::print);
        functions.put("println", a -> joined(a) + "\n");
        functions.put(
                "printf", a -> GoFormat.format(a.atLeast(1).text(0), a.values().subList(1, a.size())));
        functions.put("html", a -> html(joinedText(a)));
        functions.put("js", a -> js(joinedText(a)));
        functions.put("urlquery", a -> query(joinedText(a)));
        functions.put("eq", Builtins::equal);
        functions.put("ne", a -> !same(a.exactly(2).any(0), a.any(1)));
        functions.put("lt", a -> compare(a.exactly(2)) < 0);
        functions.put("le", a -> compare(a.exactly(2)) <= 0);
        functions.put("gt", a -> compare(a.exactly(2)) > 0);
        functions.put("ge", a -> compare(a.exactly(2)) >= 0);
        functions.put("call", a -> {
            throw new TemplateException(
                    "non-function " + GoValues.text(a.atLeast(1).any(0)));
        });
    }

    private static Object unreachable(Arguments arguments) {
        throw new IllegalStateException(arguments.function() + " is evaluated by the interpreter");
    }

    static long length(Object value) {
        if (value instanceof String text) {
            return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        throw new TemplateException("len of type " + GoValues.type(value));
    }

    private static Object index(Arguments arguments) {
        Object at = arguments.atLeast(1).any(0);
        if (at == GoNil.NIL) {
            throw new TemplateException("index of untyped nil");
        }
        for (int i = 1; i < arguments.size(); i++) {
            Object key = arguments.any(i);
            if (at instanceof Map<?, ?> map) {
                if (!(key instanceof String)) {
                    throw new TemplateException("value has type " + GoValues.type(key) + "; should be string");
                }
                Object value = map.get(key);
                at = value != null ? value : map instanceof GoStringMap ? "" : GoNil.NIL;
            } else if (at instanceof List<?> list) {
                at = list.get(position(key, list.size()));
            } else if (at instanceof String text) {
                byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                at = (long) (bytes[position(key, bytes.length)] & 0xFF);
            } else if (at == GoNil.NIL) {
                throw new TemplateException("index of nil pointer");
            } else {
                throw new TemplateException("can't index item of type " + GoValues.type(at));
            }
        }
        return at;
    }

    private static int position(Object key, int size) {
        if (!(key instanceof Long number)) {
            throw new TemplateException("cannot index slice/array with type " + GoValues.type(key));
        }
        if (number < 0 || number >= size) {
            throw new TemplateException("index out of range: " + number);
        }
        return number.intValue();
    }

    private static Object slice(Arguments arguments) {
        Object of = arguments.atLeast(1).any(0);
        int size = (int) length(of);
        int from = arguments.size() > 1 ? bound(arguments.integer(1), size) : 0;
        int to = arguments.size() > 2 ? bound(arguments.integer(2), size) : size;
        if (from > to) {
            throw new TemplateException("invalid slice index: " + from + " > " + to);
        }
        if (of instanceof List<?> list) {
            return new ArrayList<Object>(list.subList(from, to));
        }
        byte[] bytes = String.valueOf(of).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static int bound(long value, int size) {
        if (value < 0 || value > size) {
            throw new TemplateException("index out of range: " + value);
        }
        return (int) value;
    }

    /** Texts side by side, a space only between two values that are no texts. */
    private static Object print(Arguments arguments) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            Object value = arguments.any(i);
            if (i > 0 && !(value instanceof String) && !(arguments.any(i - 1) instanceof String)) {
                out.append(' ');
            }
            out.append(GoValues.text(value));
        }
        return out.toString();
    }

    private static String joined(Arguments arguments) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            out.append(i > 0 ? " " : "").append(GoValues.text(arguments.any(i)));
        }
        return out.toString();
    }

    private static String joinedText(Arguments arguments) {
        return arguments.size() == 1 && arguments.any(0) instanceof String text
                ? text
                : String.valueOf(print(arguments));
    }

    private static boolean equal(Arguments arguments) {
        arguments.atLeast(2);
        for (int i = 1; i < arguments.size(); i++) {
            if (same(arguments.any(0), arguments.any(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(Object a, Object b) {
        if (a == GoNil.NIL || b == GoNil.NIL) {
            return a == b;
        }
        if (a instanceof List<?> || a instanceof Map<?, ?> || b instanceof List<?> || b instanceof Map<?, ?>) {
            throw new TemplateException("non-comparable type " + GoValues.type(a) + " or " + GoValues.type(b));
        }
        if (!a.getClass().equals(b.getClass())) {
            throw new TemplateException("incompatible types for comparison");
        }
        return a.equals(b);
    }

    private static int compare(Arguments arguments) {
        Object a = arguments.any(0);
        Object b = arguments.any(1);
        if (a instanceof Long x && b instanceof Long y) {
            return x.compareTo(y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x.compareTo(y);
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        boolean comparable = GoValues.type(a).equals(GoValues.type(b));
        throw new TemplateException(comparable ? "invalid type for comparison" : "incompatible types for comparison");
    }

    static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("\0", "\ufffd");
    }

    private static String js(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '"' -> out.append("\\\"");
                case '<', '>', '&', '=' -> out.append(String.format(java.util.Locale.ROOT, "\\u%04X", c));
                default -> {
                    if (c < 32) {
                        out.append(String.format(java.util.Locale.ROOT, "\\u%04X", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    static String query(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                .replace("%7E", "~")
                .replace("*", "%2A");
    }
}
