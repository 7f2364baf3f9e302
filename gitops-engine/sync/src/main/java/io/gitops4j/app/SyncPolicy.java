package io.gitops4j.app;

import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * How an Application is synced.
 *
 * @param body the policy as written
 */
public record SyncPolicy(JsonObject body) {

    /** Whether a sync starts by itself: the block is there and not switched off. */
    public boolean automated() {
        return body.get("automated") instanceof JsonObject automated && automated.bool("enabled", true);
    }

    /** Whether an automated sync deletes what is no longer in Git. */
    public boolean prune() {
        return body.object("automated").bool("prune", false);
    }

    /** Whether drift is undone. */
    public boolean selfHeal() {
        return body.object("automated").bool("selfHeal", false);
    }

    /** Whether an empty render may delete everything. */
    public boolean allowEmpty() {
        return body.object("automated").bool("allowEmpty", false);
    }

    /** The options of all resources, such as {@code PruneLast=true}. */
    public List<String> syncOptions() {
        return Texts.list(body.array("syncOptions"));
    }

    /** Whether an option is set to this value, {@code option("CreateNamespace", "true")}. */
    public boolean option(String name, String value) {
        return syncOptions().contains(name + "=" + value);
    }

    /** The retry block, {@code {}} when there is none. */
    public JsonObject retry() {
        return body.object("retry");
    }

    /** Whether a retry block is there. */
    public boolean hasRetry() {
        return body.get("retry") instanceof JsonObject;
    }

    /** Labels and annotations of a namespace that the sync creates. */
    public JsonObject managedNamespaceMetadata() {
        return body.object("managedNamespaceMetadata");
    }
}
