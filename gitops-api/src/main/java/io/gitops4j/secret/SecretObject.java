package io.gitops4j.secret;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An object with plain secrets in it, such as an opened Secret; prints only its kind and name. */
public final class SecretObject {
    private final JsonObject content;

    private SecretObject(JsonObject content) {
        this.content = content;
    }

    /** An object that must not be shown. */
    public static SecretObject of(JsonObject content) {
        return new SecretObject(content);
    }

    /** The object; the caller answers for it. */
    public JsonObject reveal() {
        return content;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretObject that && content.equals(that.content);
    }

    @Override
    public int hashCode() {
        return content.object("metadata").text("name", "").hashCode();
    }

    @Override
    public String toString() {
        return content.text("kind", "object") + " " + content.object("metadata").text("name", "") + " [redacted]";
    }
}
