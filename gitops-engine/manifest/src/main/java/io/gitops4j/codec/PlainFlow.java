package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A short way for documents that are an object in plain JSON, as programs write them one a document. What YAML and JSON, or the two
 * dialects, might read differently (escapes, text outside ASCII, fractions, comments, keys that come twice, …) it leaves to the
 * long way by giving nothing.
 */
final class PlainFlow {
    /** No deeper; limits below it are not for this way. */
    static final int DEEPEST = 50;

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST = 1 << 20;
    private static final int DIGITS = 18;

    private final String text;
    private final KeyPool keys;
    private int at;

    private PlainFlow(String text, KeyPool keys, int at) {
        this.text = text;
        this.keys = keys;
        this.at = at;
    }

    /** Where the object begins, -1 when the document begins otherwise. */
    static int start(String document, long bound) {
        if (document.length() > Math.min(bound, LONGEST)) {
            return -1;
        }
        int at = document.startsWith("---\n") ? 4 : 0;
        while (at < document.length() && (document.charAt(at) == ' ' || document.charAt(at) == '\n')) {
            at++;
        }
        return at < document.length() && document.charAt(at) == '{' ? at : -1;
    }

    /** The object that begins at {@code start} and ends the document; {@code null} to read it the long way. */
    static @Nullable Json read(String document, int start, KeyPool keys) {
        PlainFlow flow = new PlainFlow(document, keys, start);
        Json value = flow.value(0);
        return value != null && flow.peek() == 0 ? value : null;
    }

    /** The next character that is no white space, 0 at the end. */
    private char peek() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n') {
                return c;
            }
            at++;
        }
        return 0;
    }

    private @Nullable Json value(int depth) {
        return switch (peek()) {
            case '{' -> depth < DEEPEST ? object(depth) : null;
            case '[' -> depth < DEEPEST ? array(depth) : null;
            case '"' -> stringValue();
            case 't' -> word("true", Json.of(true));
            case 'f' -> word("false", Json.of(false));
            case 'n' -> word("null", Json.nul());
            default -> number();
        };
    }

    private @Nullable Json object(int depth) {
        JsonObject.Builder out = JsonObject.builder();
        at++;
        if (peek() == '}') {
            at++;
            return out.build();
        }
        while (peek() == '"') {
            String key = string();
            if (key == null || key.length() > LONGEST_KEY || key.equals("<<") || at >= text.length()) {
                return null;
            }
            if (text.charAt(at++) != ':') {
                return null;
            }
            Json value = value(depth + 1);
            int before = out.size();
            if (value == null) {
                return null;
            }
            out.put(keys.pooled(key), value);
            if (out.size() == before) {
                return null;
            }
            char next = peek();
            at++;
            if (next == '}') {
                return out.build();
            } else if (next != ',') {
                return null;
            }
        }
        return null;
    }

    private @Nullable Json array(int depth) {
        JsonArray.Builder out = JsonArray.builder();
        at++;
        if (peek() == ']') {
            at++;
            return out.build();
        }
        while (true) {
            Json value = value(depth + 1);
            if (value == null) {
                return null;
            }
            out.add(value);
            char next = peek();
            at++;
            if (next == ']') {
                return out.build();
            } else if (next != ',') {
                return null;
            }
        }
    }

    /** A string of printable ASCII without escapes. */
    private @Nullable String string() {
        int start = ++at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            } else if (c < ' ' || c > '~' || c == '\\') {
                return null;
            }
            at++;
        }
        return null;
    }

    private @Nullable Json stringValue() {
        String string = string();
        if (string == null) {
            return null;
        }
        return Json.of(string);
    }

    private @Nullable Json word(String word, Json meaning) {
        if (!text.startsWith(word, at)) {
            return null;
        }
        at += word.length();
        return ends() ? meaning : null;
    }

    /** A whole number that surely fits. */
    private @Nullable Json number() {
        int start = at;
        int digits = at < text.length() && text.charAt(at) == '-' ? at + 1 : at;
        at = digits;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int count = at - digits;
        boolean plain = count > 0 && count < DIGITS && (text.charAt(digits) != '0' || (count == 1 && digits == start));
        return plain && ends() ? Json.of(Long.parseLong(text, start, at, 10)) : null;
    }

    /** Whether a plain scalar ends here. */
    private boolean ends() {
        if (at >= text.length()) {
            return false;
        }
        char c = text.charAt(at);
        return c == ',' || c == ']' || c == '}' || c == '\n';
    }
}
