package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;

/**
 * How the objects of one kind were read.
 *
 * @param gvk the kind, in the version that was read
 * @param resourceVersion of the list
 * @param count objects read, kept or not
 * @param pages calls that answered a page
 * @param restarts how often the list had to be begun again
 * @param failure why it is incomplete, {@code ""} when it is complete
 */
public record KindReading(Gvk gvk, String resourceVersion, int count, int pages, int restarts, String failure) {

    /** Whether all objects of the kind were read. */
    public boolean complete() {
        return failure.isEmpty();
    }

    JsonObject toJson() {
        JsonObject.Builder out = JsonObject.builder()
                .put("apiVersion", gvk.apiVersion())
                .put("kind", gvk.kind())
                .put("listResourceVersion", resourceVersion)
                .put("count", count)
                .put("pages", pages)
                .put("restarts", restarts);
        if (!failure.isEmpty()) {
            out.put("failure", failure);
        }
        return out.build();
    }

    static KindReading from(JsonObject json) {
        return new KindReading(
                Gvk.of(json.text("apiVersion", ""), json.text("kind", "")),
                json.text("listResourceVersion", ""),
                number(json, "count"),
                number(json, "pages"),
                number(json, "restarts"),
                json.text("failure", ""));
    }

    private static int number(JsonObject json, String key) {
        return json.get(key) instanceof JsonNumber number ? number.intValueOr(0) : 0;
    }
}
