package io.gitops4j.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must not be shown: {@code toString} is masked, equality takes constant time, {@link #close()} zeroes the copy.
 *
 * <p>Source: secrets-dr-security §3.
 */
public final class SecretValue implements AutoCloseable {
    private final byte[] content;

    private SecretValue(byte[] content) {
        this.content = content;
    }

    /** A secret holding a copy of {@code content}. */
    public static SecretValue of(byte[] content) {
        return new SecretValue(content.clone());
    }

    /** A secret holding the UTF-8 form of {@code text}. */
    public static SecretValue utf8(String text) {
        return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy of the bytes; the caller answers for it. */
    public byte[] reveal() {
        return content.clone();
    }

    /** The bytes read as UTF-8; the caller answers for it. */
    public String revealUtf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** How many bytes. */
    public int length() {
        return content.length;
    }

    /** Overwrites the bytes with zeros. */
    @Override
    public void close() {
        Arrays.fill(content, (byte) 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretValue that && MessageDigest.isEqual(content, that.content);
    }

    /** One for all, so that no hash of the content is ever kept. */
    @Override
    public int hashCode() {
        return SecretValue.class.hashCode() & 1;
    }

    @Override
    public String toString() {
        return "SecretValue[redacted]";
    }
}
