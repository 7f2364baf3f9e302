package io.gitops4j.cluster;

import io.gitops4j.json.JsonObject;

/**
 * One event of a watch.
 *
 * @param type what happened
 * @param object the object after it (before it for a delete), only a resourceVersion for a bookmark, a Status for an error
 */
public record WatchEvent(Type type, JsonObject object) {

    /** What happened. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR
    }

    /** The resourceVersion of the object. */
    public String resourceVersion() {
        return object.object("metadata").text("resourceVersion", "");
    }
}
