package io.gitops4j.rego.value;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/** A string. Order is by code point, which is also the order of the UTF-8 bytes. */
public final class StringValue extends Value {
    private static final byte PLAIN = 1;
    private static final byte SURROGATES = 2;

    private final String text;
    private byte content;

    /** A string of this text. */
    public StringValue(String text) {
        this.text = text;
    }

    /** A string of this text. */
    public static StringValue of(String text) {
        return new StringValue(text);
    }

    /** The text. */
    public String text() {
        return text;
    }

    @Override
    public int rank() {
        return 3;
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public void write(StringBuilder out) {
        GoQuote.quote(text, out);
    }

    @Override
    public String display() {
        return text;
    }

    @Override
    public Json toJson() {
        return Json.of(text);
    }

    /** Whether all characters are in the basic plane, so that UTF-16 order is code-point order. */
    public boolean isPlain() {
        byte known = content;
        if (known == 0) {
            known = PLAIN;
            for (int i = 0; i < text.length(); i++) {
                if (Character.isSurrogate(text.charAt(i))) {
                    known = SURROGATES;
                    break;
                }
            }
            content = known;
        }
        return known == PLAIN;
    }

    @Override
    int compareSame(Value other) {
        StringValue that = (StringValue) other;
        return isPlain() && that.isPlain() ? text.compareTo(that.text) : compare(text, that.text);
    }

    /** Compares by code point. */
    public static int compare(String left, String right) {
        int n = Math.min(left.length(), right.length());
        for (int i = 0; i < n; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean highA = Character.isSurrogate(a);
                boolean highB = Character.isSurrogate(b);
                return highA == highB ? Character.compare(a, b) : highA ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof StringValue that && text.equals(that.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
