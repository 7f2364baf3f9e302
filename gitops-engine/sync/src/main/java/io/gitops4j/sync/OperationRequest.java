package io.gitops4j.sync;

import io.gitops4j.app.Application;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A sync that was asked for in the {@code operation} field of an application.
 *
 * @param body the field
 */
public record OperationRequest(JsonObject body) {

    /** The operation of an automated sync. */
    public static OperationRequest automated(
            Application application, String revision, List<ResourceKey> resources, int healAttempts) {
        JsonObject.Builder sync = JsonObject.builder().put("revision", revision);
        if (application.syncPolicy().prune()) {
            sync.put("prune", true);
        }
        if (!application.syncPolicy().syncOptions().isEmpty()) {
            sync.put(
                    "syncOptions",
                    JsonArray.of(application.syncPolicy().syncOptions().stream()
                            .map(Json::of)
                            .toList()));
        }
        if (!resources.isEmpty()) {
            sync.put("resources", ResourceSelection.of(resources).toJson());
        }
        if (healAttempts > 0) {
            sync.put("autoHealAttemptsCount", healAttempts);
        }
        JsonObject.Builder operation = JsonObject.builder()
                .put("sync", sync.build())
                .put("initiatedBy", JsonObject.of("automated", Json.of(true)));
        if (application.syncPolicy().hasRetry()) {
            operation.put("retry", application.syncPolicy().retry());
        } else {
            operation.put(
                    "retry",
                    JsonObject.builder()
                            .put("limit", RetryPolicy.AUTOMATED_LIMIT)
                            .build());
        }
        return new OperationRequest(operation.build());
    }

    private JsonObject sync() {
        return body.object("sync");
    }

    /** Whether an automated sync asked for it. */
    public boolean isAutomated() {
        return body.object("initiatedBy").bool("automated", false);
    }

    /** Who asked for it, {@code ""} when it does not say. */
    public String actor() {
        return body.object("initiatedBy").text("username", "");
    }

    /** The revisions to sync to, one a source; empty for those that the sources name. */
    public List<String> revisions() {
        List<String> revisions = new ArrayList<>();
        for (Json revision : sync().array("revisions")) {
            String text = revision.textOrNull();
            revisions.add(text == null ? "" : text);
        }
        String one = sync().text("revision", "");
        if (revisions.isEmpty() && !one.isEmpty()) {
            revisions.addAll(com.google.common.base.Splitter.on(',').splitToList(one));
        }
        return List.copyOf(revisions);
    }

    /** The objects to sync. */
    public ResourceSelection selection() {
        return ResourceSelection.of(sync().array("resources"));
    }

    /** Whether only some objects are synced. */
    public boolean isPartial() {
        return !selection().isEverything();
    }

    /** Whether nothing is written. */
    public boolean isDryRun() {
        return sync().bool("dryRun", false);
    }

    /**
     * How to sync: the application's settings with what the operation says. A selective sync and the strategy {@code apply} leave
     * hooks out, unless the option {@code HooksOnSelfHeal=true} asks for them in a selective one that undoes drift.
     */
    public SyncSettings settings(Application application) {
        SyncSettings settings = SyncSettings.of(application.syncPolicy())
                .withPrune(sync().bool("prune", false))
                .withDryRun(isDryRun());
        if (!isAutomated()) {
            settings = settings.withAllowEmpty(application.syncPolicy().allowEmpty());
        }
        if (sync().has("syncOptions")) {
            List<String> options = new ArrayList<>();
            sync().array("syncOptions").forEach(option -> {
                String text = option.textOrNull();
                if (text != null) {
                    options.add(text);
                }
            });
            settings = settings.withOptions(options);
        }
        JsonObject strategy = sync().object("syncStrategy");
        boolean heals = sync().has("autoHealAttemptsCount");
        boolean hooksWanted = heals && settings.on("HooksOnSelfHeal");
        return settings.withSkipHooks((strategy.has("apply") || isPartial()) && !hooksWanted);
    }

    /** How often and when it is tried again. */
    public RetryPolicy retry() {
        RetryPolicy policy = RetryPolicy.of(body.object("retry")).orNull();
        return policy == null ? RetryPolicy.of(JsonObject.empty()).orThrow() : policy;
    }
}
