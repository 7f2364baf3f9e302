package io.gitops4j.codec;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;

/**
 * Reads JSON text (RFC 8259). Of a key that comes twice the last value counts, as encoding/json has it; numbers keep their
 * lexeme. Problems: {@code JSON_SYNTAX}, {@code DEPTH_LIMIT}, {@code FILE_SIZE}, {@code NUMBER}.
 */
public final class JsonReader {
    private static final String BAD_ENCODING = "BAD_ENCODING";
    /** Digits of a number; the exact value of a longer one would cost time that grows with their square. */
    private static final int LONGEST_NUMBER = 10_000;

    private final String file;
    private final String text;
    private final int maxDepth;
    private final boolean strict;
    private int at;

    private JsonReader(String file, String text, Limits limits, Strictness strictness) {
        this.file = file;
        this.text = text;
        this.maxDepth = limits.depth();
        this.strict = strictness == Strictness.GIT;
    }

    /** The value that {@code text} spells. */
    public static Outcome<Json> parse(String text) {
        return parse("", text, Limits.defaults());
    }

    /** The value that {@code text} spells; {@code file} names it in problems. */
    public static Outcome<Json> parse(String file, String text, Limits limits) {
        JsonReader reader = new JsonReader(file, text, limits, Strictness.AS_PEER);
        if (text.length() > limits.documentBytes()) {
            return Outcome.failed(reader.problem(0, "FILE_SIZE", "the document is larger than allowed"));
        }
        try {
            Json value = reader.value(0);
            reader.space();
            if (reader.at < text.length()) {
                throw reader.fail("unexpected text after the value");
            }
            return Outcome.of(value);
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem());
        }
    }

    /** A reader of the value that starts at {@code offset} or after white space there. */
    static JsonReader at(String file, String text, int offset, Limits limits, Strictness strictness) {
        JsonReader reader = new JsonReader(file, text, limits, strictness);
        reader.at = offset;
        return reader;
    }

    /** The value at the present offset; {@link #offset()} is behind it afterwards. */
    Outcome<Json> next() {
        try {
            return Outcome.of(value(0));
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem());
        }
    }

    /** Whether a problem is about a value that is JSON and yet refused. */
    static boolean isStrict(Problem problem) {
        return switch (problem.code()) {
            case "DUPLICATE_KEY", BAD_ENCODING, "NUMBER" -> true;
            default -> false;
        };
    }

    /** Where reading stands. */
    int offset() {
        return at;
    }

    private Json value(int depth) {
        if (depth > maxDepth) {
            throw new Refusal(problem(at, "DEPTH_LIMIT", "nested deeper than " + maxDepth));
        }
        space();
        if (at >= text.length()) {
            throw fail("the text ends where a value should stand");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> Json.of(string());
            case 't' -> word("true", Json.of(true));
            case 'f' -> word("false", Json.of(false));
            case 'n' -> word("null", Json.nul());
            default -> number();
        };
    }

    private Json object(int depth) {
        at++;
        JsonObject.Builder out = JsonObject.builder();
        space();
        if (peek('}')) {
            return out.build();
        }
        while (true) {
            space();
            if (at >= text.length() || text.charAt(at) != '"') {
                throw fail("a key in double quotes should stand here");
            }
            int keyAt = at;
            String key = string();
            space();
            if (!peek(':')) {
                throw fail("':' should follow the key");
            }
            int before = out.size();
            out.put(key, value(depth + 1));
            if (strict && out.size() == before) {
                throw new Refusal(problem(keyAt, "DUPLICATE_KEY", "mapping key \"" + key + "\" is already defined"));
            }
            space();
            if (peek('}')) {
                return out.build();
            }
            if (!peek(',')) {
                throw fail("',' or '}' should stand here");
            }
        }
    }

    private Json array(int depth) {
        at++;
        JsonArray.Builder out = JsonArray.builder();
        space();
        if (peek(']')) {
            return out.build();
        }
        while (true) {
            out.add(value(depth + 1));
            space();
            if (peek(']')) {
                return out.build();
            }
            if (!peek(',')) {
                throw fail("',' or ']' should stand here");
            }
        }
    }

    private String string() {
        int start = ++at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escaped(start);
            }
            if (c < 0x20) {
                throw fail("a control character must be escaped");
            }
            at++;
        }
        throw fail("the string has no end");
    }

    private String escaped(int start) {
        StringBuilder out = new StringBuilder(text.length() > start + 64 ? 64 : 16).append(text, start, at);
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return wellFormed(out, start).toString();
            }
            if (c < 0x20) {
                at--;
                throw fail("a control character must be escaped");
            }
            if (c != '\\') {
                out.append(c);
                continue;
            }
            if (at >= text.length()) {
                break;
            }
            char e = text.charAt(at++);
            switch (e) {
                case '"', '\\', '/' -> out.append(e);
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'u' -> out.append(unicode());
                default -> {
                    at--;
                    throw fail("unknown escape '\\" + e + "'");
                }
            }
        }
        throw fail("the string has no end");
    }

    /** Half a surrogate pair is no character; encoding/json reads U+FFFD in its place. */
    private StringBuilder wellFormed(StringBuilder text, int start) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (strict && c == '\0') {
                throw new Refusal(problem(start - 1, BAD_ENCODING, "a text with the character U+0000"));
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                if (strict) {
                    throw new Refusal(problem(start - 1, BAD_ENCODING, "a text with half a surrogate pair"));
                }
                text.setCharAt(i, '\uFFFD');
            }
        }
        return text;
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || text.charAt(at) > 'f') {
                throw fail("four hexadecimal digits should follow \\u");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private Json number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String lexeme = text.substring(start, at);
        if (lexeme.length() > LONGEST_NUMBER || (strict && GoNumbers.isTooLarge(lexeme))) {
            throw new Refusal(problem(start, "NUMBER", "no float64 holds so large a number"));
        }
        if (!JsonNumber.isNumber(lexeme)) {
            at = start;
            throw fail("no JSON value");
        }
        return JsonNumber.parse(lexeme);
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw fail("no JSON value");
        }
        at += word.length();
        return value;
    }

    private boolean peek(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                return;
            }
            at++;
        }
    }

    private Refusal fail(String text) {
        return new Refusal(problem(at, "JSON_SYNTAX", text));
    }

    private Problem problem(int offset, String code, String message) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset && i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return Problem.error(code, message).at(Where.in(file, text, line, offset - lineStart + 1));
    }
}
