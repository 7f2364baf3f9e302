package io.gitops4j.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON pointer (RFC 6901): the tokens from the root to a value. Tokens are held unescaped. */
public final class JsonPointer implements Comparable<JsonPointer> {
    private static final JsonPointer ROOT = new JsonPointer(List.of());

    private final List<String> tokens;

    private JsonPointer(List<String> tokens) {
        this.tokens = tokens;
    }

    /** The pointer to the whole document, {@code ""}. */
    public static JsonPointer root() {
        return ROOT;
    }

    /** The pointer of these unescaped tokens. */
    public static JsonPointer of(String... tokens) {
        return new JsonPointer(List.of(tokens));
    }

    /** The pointer of these unescaped tokens. */
    public static JsonPointer of(List<String> tokens) {
        return new JsonPointer(List.copyOf(tokens));
    }

    /**
     * The pointer that {@code text} spells.
     *
     * @param text {@code ""}, or {@code /} before every token, with {@code ~0} for {@code ~} and {@code ~1} for {@code /}
     * @throws IllegalArgumentException when the text neither is empty nor starts with {@code /}, or {@code ~} stands alone
     */
    public static JsonPointer parse(String text) {
        if (text.isEmpty()) {
            return ROOT;
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("a JSON pointer starts with '/': " + text);
        }
        List<String> tokens = new ArrayList<>();
        int from = 1;
        while (from <= text.length()) {
            int slash = text.indexOf('/', from);
            int to = slash < 0 ? text.length() : slash;
            tokens.add(unescape(text.substring(from, to), text));
            from = to + 1;
        }
        return new JsonPointer(List.copyOf(tokens));
    }

    /** The array index that {@code token} spells (digits, no leading zero, at most nine), or -1. */
    public static int index(String token) {
        int n = token.length();
        if (n == 0 || n > 9 || (n > 1 && token.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < n; i++) {
            char c = token.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** The unescaped tokens. */
    public List<String> tokens() {
        return tokens;
    }

    /** The number of tokens. */
    public int size() {
        return tokens.size();
    }

    /** The token at {@code index}. */
    public String token(int index) {
        return tokens.get(index);
    }

    /** The last token. */
    public String last() {
        return tokens.get(tokens.size() - 1);
    }

    /** The pointer to a member named {@code token} below this one. */
    public JsonPointer child(String token) {
        List<String> longer = new ArrayList<>(tokens.size() + 1);
        longer.addAll(tokens);
        longer.add(token);
        return new JsonPointer(List.copyOf(longer));
    }

    /** The pointer to the item at {@code index} below this one. */
    public JsonPointer child(int index) {
        return child(Integer.toString(index));
    }

    /** The pointer of the first {@code count} tokens. */
    public JsonPointer head(int count) {
        return new JsonPointer(List.copyOf(tokens.subList(0, count)));
    }

    /** The pointer without its last token. */
    public JsonPointer parent() {
        return head(tokens.size() - 1);
    }

    /** Whether {@code prefix}'s tokens are this pointer's first ones. */
    public boolean startsWith(JsonPointer prefix) {
        return prefix.size() <= size() && tokens.subList(0, prefix.size()).equals(prefix.tokens);
    }

    /** Token by token, by UTF-16 code unit; the shorter pointer first. */
    @Override
    public int compareTo(JsonPointer other) {
        int common = Math.min(size(), other.size());
        for (int i = 0; i < common; i++) {
            int order = token(i).compareTo(other.token(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(size(), other.size());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPointer that && tokens.equals(that.tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    /** The escaped text, {@code /a~1b/0}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (String token : tokens) {
            out.append('/').append(token.replace("~", "~0").replace("/", "~1"));
        }
        return out.toString();
    }

    private static String unescape(String token, String text) {
        if (token.indexOf('~') < 0) {
            return token;
        }
        for (int i = token.indexOf('~'); i >= 0; i = token.indexOf('~', i + 1)) {
            if (i + 1 == token.length() || (token.charAt(i + 1) != '0' && token.charAt(i + 1) != '1')) {
                throw new IllegalArgumentException("'~' must be followed by 0 or 1: " + text);
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }
}
