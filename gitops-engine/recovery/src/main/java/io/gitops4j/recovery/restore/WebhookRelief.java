package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.Cluster;
import java.util.List;
import java.util.function.IntFunction;

/** Lets webhooks fail open during a restore, and puts them back; the journal knows which, so that a killed run does no harm. */
final class WebhookRelief {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String IGNORE = "Ignore";

    private final Cluster cluster;
    private final Progress progress;

    WebhookRelief(Cluster cluster, Progress progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    static boolean isConfiguration(ObjectRef ref) {
        return ref.gvk().group().equals(GROUP) && ref.gvk().kind().endsWith("WebhookConfiguration");
    }

    /** Relaxes a configuration if it exists and has a webhook that fails closed. */
    void relax(ObjectRef ref) {
        JsonObject live = cluster.get(ref).orElse(null);
        if (live == null) {
            return;
        }
        JsonArray before = policies(live);
        boolean strict = before.items().stream().anyMatch(policy -> !IGNORE.equals(policy.textOrNull()));
        if (strict) {
            // First the journal: a run that dies in between puts back what was never changed.
            progress.relax(ref.key().toString(), before.toJson());
            write(ref, live, index -> Json.of(IGNORE));
        }
    }

    /** A configuration now is as the snapshot has it, so there is nothing to put back. */
    void settled(ObjectRef ref) {
        if (progress.relaxed().containsKey(ref.key().toString())) {
            progress.tightened(ref.key().toString());
        }
    }

    /** Puts back all that is relaxed, also by earlier runs. */
    void tightenAll() {
        progress.relaxed().forEach((id, before) -> {
            ResourceKey key = ResourceKey.parse(id);
            ObjectRef ref = ObjectRef.of(new Gvk(key.group(), "v1", key.kind()), "", key.name());
            JsonObject live = cluster.get(ref).orElse(null);
            if (live != null && JsonReader.parse(before).orNull() instanceof JsonArray policies) {
                write(ref, live, index -> index < policies.size() ? policies.get(index) : Json.of("Fail"));
            }
            progress.tightened(id);
        });
    }

    private void write(ObjectRef ref, JsonObject live, IntFunction<Json> policy) {
        JsonArray.Builder patch = JsonArray.builder();
        List<Json> hooks = live.array("webhooks").items();
        for (int i = 0; i < hooks.size(); i++) {
            Json wanted = policy.apply(i);
            if (hooks.get(i) instanceof JsonObject hook
                    && !wanted.equals(Json.of(hook.text("failurePolicy", "Fail")))) {
                patch.add(JsonObject.builder()
                        .put("op", "add")
                        .put("path", "/webhooks/" + i + "/failurePolicy")
                        .put("value", wanted)
                        .build());
            }
        }
        JsonArray operations = patch.build();
        if (operations.isEmpty()) {
            return;
        }
        try {
            cluster.patch(
                    ref, PatchType.JSON, operations, WriteOptions.defaults().withFieldManager(Restorer.MANAGER));
        } catch (ApiException refusal) {
            if (!refusal.isNotFound()) {
                throw refusal;
            }
        }
    }

    private static JsonArray policies(JsonObject configuration) {
        JsonArray.Builder out = JsonArray.builder();
        for (Json hook : configuration.array("webhooks")) {
            out.add(hook instanceof JsonObject object ? object.text("failurePolicy", "Fail") : "Fail");
        }
        return out.build();
    }
}
