package io.gitops4j.cluster;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of an API server that did not do what it was asked (a {@code v1/Status}).
 *
 * @param code HTTP status
 * @param reason machine-readable reason, {@code Conflict}, {@code NotFound}, …
 * @param message sentence of the server
 * @param details {@code details} of the Status, with {@code causes} and {@code retryAfterSeconds} where given
 */
public record ApiStatus(int code, String reason, String message, JsonObject details) {

    /** One cause of a Status. */
    public record Cause(String reason, String message, String field) {}

    /** A status without details. */
    public static ApiStatus of(int code, String reason, String message) {
        return new ApiStatus(code, reason, message, JsonObject.empty());
    }

    /** The status that a {@code v1/Status} object holds. */
    public static ApiStatus from(JsonObject status) {
        int code = status.get("code") instanceof JsonNumber number ? number.intValueOr(500) : 500;
        return new ApiStatus(code, status.text("reason", ""), status.text("message", ""), status.object("details"));
    }

    /** The causes in the server's order. */
    public List<Cause> causes() {
        List<Cause> causes = new ArrayList<>();
        for (Json item : details.array("causes")) {
            if (item instanceof JsonObject cause) {
                causes.add(new Cause(cause.text("reason", ""), cause.text("message", ""), cause.text("field", "")));
            }
        }
        return List.copyOf(causes);
    }

    /** Seconds after which the server asks to try again; 0 when it does not say. */
    public int retryAfterSeconds() {
        return details.get("retryAfterSeconds") instanceof JsonNumber number ? number.intValueOr(0) : 0;
    }

    /** The {@code v1/Status} object. */
    public JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("metadata", JsonObject.empty())
                .put("status", "Failure")
                .put("message", message)
                .put("reason", reason);
        if (!details.isEmpty()) {
            out.put("details", details);
        }
        return out.put("code", code).build();
    }

    /** A copy with these causes. */
    public ApiStatus withCauses(List<Cause> causes) {
        JsonArray.Builder array = JsonArray.builder();
        for (Cause cause : causes) {
            JsonObject.Builder item = JsonObject.builder();
            if (!cause.reason().isEmpty()) {
                item.put("reason", cause.reason());
            }
            item.put("message", cause.message());
            if (!cause.field().isEmpty()) {
                item.put("field", cause.field());
            }
            array.add(item.build());
        }
        return new ApiStatus(code, reason, message, details.with("causes", array.build()));
    }
}
