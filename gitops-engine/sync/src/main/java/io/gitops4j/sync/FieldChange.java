package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import org.jspecify.annotations.Nullable;

/**
 * One field that a sync changes.
 *
 * @param before {@code null} when the field comes into being
 * @param after {@code null} when it goes
 */
public record FieldChange(
        JsonPointer path, @Nullable Json before, @Nullable Json after) {
    private static final Json SECRET = Json.of("++++++++");
    private static final Json OTHER_SECRET = Json.of("++++++++++++");

    /** The change with its values hidden; that they differ stays visible. */
    public FieldChange masked() {
        return new FieldChange(path, before == null ? null : SECRET, after == null ? null : OTHER_SECRET);
    }

    /** The change as JSON. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("path", path.toString())
                .putIfPresent("before", before)
                .putIfPresent("after", after)
                .build();
    }
}
