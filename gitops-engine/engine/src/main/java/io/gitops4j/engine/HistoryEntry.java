package io.gitops4j.engine;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One successful sync, as {@code status.history} keeps it.
 *
 * @param id counts up from 0
 * @param revisions the commit of each source
 * @param deployedAt when the sync ended
 */
public record HistoryEntry(long id, List<String> revisions, Instant deployedAt) {

    /** An entry of these parts. */
    public HistoryEntry {
        revisions = List.copyOf(revisions);
    }

    /** The revisions as one text, with commas between. */
    public String revision() {
        return String.join(",", revisions);
    }

    /** The entry as JSON. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("id", id)
                .put("deployedAt", deployedAt.toString())
                .put("revisions", JsonArray.of(revisions.stream().map(Json::of).toList()))
                .build();
    }

    /** The entry that {@link #toJson} wrote. */
    public static HistoryEntry from(JsonObject json) {
        List<String> revisions = new ArrayList<>();
        for (Json revision : json.array("revisions")) {
            String text = revision.textOrNull();
            revisions.add(text == null ? "" : text);
        }
        long id = json.get("id") instanceof JsonNumber number ? number.longValue() : 0;
        return new HistoryEntry(id, revisions, Instant.parse(json.text("deployedAt", "1970-01-01T00:00:00Z")));
    }
}
