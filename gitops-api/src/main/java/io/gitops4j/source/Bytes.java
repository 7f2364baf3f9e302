package io.gitops4j.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Immutable bytes. */
public final class Bytes {
    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code content}. */
    public static Bytes of(byte[] content) {
        return new Bytes(content.clone());
    }

    /** The UTF-8 form of {@code text}. */
    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes. */
    public int length() {
        return content.length;
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return content.clone();
    }

    /** The bytes read as UTF-8; malformed sequences become U+FFFD. */
    public String utf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The length; never the content. */
    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
