package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one object into the target, whatever is there already. */
final class ItemWriter {
    private static final int TRIES = 5;
    private static final int GONE_TRIES = 60;
    private static final Set<String> KEPT =
            Set.of("PersistentVolume", "PersistentVolumeClaim", "Namespace", "CustomResourceDefinition");

    private final Cluster cluster;
    private final RestoreRequest request;
    private final Progress progress;
    private final Pause pause;
    private final List<Problem> problems;
    private final RestoreForm form;
    private final WriteOptions options = WriteOptions.defaults().withFieldManager(Restorer.MANAGER);

    ItemWriter(Cluster cluster, RestoreRequest request, Progress progress, Pause pause, List<Problem> problems) {
        this.cluster = cluster;
        this.request = request;
        this.progress = progress;
        this.pause = pause;
        this.problems = problems;
        this.form = new RestoreForm(request.keepNodePorts());
    }

    /** The object is to wait for room. */
    static final class OutOfQuota extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    RestoredItem write(PreparedItem item, JsonArray owners, @Nullable JsonObject known) {
        JsonObject body = withOwners(item.body(), owners);
        try {
            JsonObject live = known;
            if (live == null) {
                JsonObject created = create(item, body);
                if (created != null) {
                    return result(item, Result.CREATED, status(item, created));
                }
                live = retried(() -> cluster.get(item.target())).orElse(null);
                if (live == null) {
                    return failed(item, "CONFLICT", "the object comes and goes");
                }
            }
            return existing(item, body, live);
        } catch (ApiException refusal) {
            if (Refusals.isQuota(refusal)) {
                throw new OutOfQuota();
            }
            return failed(
                    item,
                    Refusals.code(refusal),
                    Refusals.text(refusal, item.entry().sealed()));
        }
    }

    private RestoredItem existing(PreparedItem item, JsonObject body, JsonObject live) {
        String before = progress.uidBefore(item.id());
        String uid = live.object("metadata").text("uid", "");
        if (before == null && (isOurs(live) || (isNobodys(live) && same(body, live)))) {
            return result(item, Result.CREATED, status(item, live));
        }
        if (before != null && !before.equals(uid) && isOurs(live)) {
            return result(item, Result.RECREATED, status(item, live));
        }
        if (same(body, live)) {
            return result(item, Result.UNCHANGED, status(item, live));
        }
        return switch (request.existing()) {
            case SKIP, FAIL ->
                new RestoredItem(
                        item.entry().key(), item.target(), Result.SKIPPED, "EXISTS", "exists and differs", uid);
            case UPDATE -> update(item, body, live);
            case REPLACE -> replace(item, body, live);
            case RECREATE -> recreate(item, body, live);
        };
    }

    /** Whether the object in the target is what would be written. */
    boolean same(JsonObject body, JsonObject live) {
        JsonObject there = form.of(live);
        JsonObject metadata = there.object("metadata").without("ownerReferences");
        JsonObject wanted = body.object("metadata").without("ownerReferences");
        return there.with("metadata", metadata).equals(body.with("metadata", wanted));
    }

    private static boolean isOurs(JsonObject live) {
        for (Json entry : live.object("metadata").array("managedFields")) {
            if (entry instanceof JsonObject field && field.text("manager", "").equals(Restorer.MANAGER)) {
                return true;
            }
        }
        return false;
    }

    /** An object of nothing but a name has no managers. */
    private static boolean isNobodys(JsonObject live) {
        return live.object("metadata").array("managedFields").isEmpty();
    }

    /** The created object; {@code null} when it is there already. */
    private @Nullable JsonObject create(PreparedItem item, JsonObject body) {
        try {
            return retried(() -> cluster.create(body, options));
        } catch (ApiException refusal) {
            if (refusal.status().reason().equals("AlreadyExists")) {
                return null;
            }
            if (refusal.isNotFound() && isNamespaceMissing(item)) {
                createNamespace(item.target().namespace());
                return retried(() -> cluster.create(body, options));
            }
            throw refusal;
        }
    }

    private boolean isNamespaceMissing(PreparedItem item) {
        String namespace = item.target().namespace();
        return !namespace.isEmpty()
                && cluster.get(ObjectRef.of(Restorer.NAMESPACE, "", namespace)).isEmpty();
    }

    private void createNamespace(String name) {
        JsonObject body = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .put("metadata", JsonObject.of("name", Json.of(name)))
                .build();
        try {
            retried(() -> cluster.create(body, options));
        } catch (ApiException refusal) {
            if (!refusal.isConflict()) {
                throw refusal;
            }
        }
    }

    private RestoredItem update(PreparedItem item, JsonObject body, JsonObject live) {
        JsonObject wanted = body;
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i <= TRIES; i++) {
            JsonObject applied = wanted;
            try {
                JsonObject out = retried(() -> cluster.apply(item.target(), applied, options));
                String text = kept.length() == 0 ? "" : "another manager keeps " + kept;
                return new RestoredItem(
                        item.entry().key(),
                        item.target(),
                        Result.UPDATED,
                        text.isEmpty() ? "" : "CONFLICT",
                        text,
                        uid(status(item, out)));
            } catch (ApiException refusal) {
                List<ApiStatus.Cause> causes =
                        refusal.isConflict() ? refusal.status().causes() : List.of();
                JsonObject narrowed = wanted;
                for (ApiStatus.Cause cause : causes) {
                    JsonObject without =
                            ConflictPaths.without(narrowed, cause.field()).orElse(null);
                    if (without != null) {
                        narrowed = without;
                        kept.append(kept.length() == 0 ? "" : ", ").append(cause.field());
                    }
                }
                if (narrowed.equals(wanted)) {
                    return refused(item, live, refusal);
                }
                wanted = narrowed;
            }
        }
        return failed(item, "CONFLICT", "another manager keeps " + kept);
    }

    private RestoredItem replace(PreparedItem item, JsonObject body, JsonObject live) {
        JsonObject current = live;
        for (int i = 0; i < TRIES; i++) {
            String version = current.object("metadata").text("resourceVersion", "");
            try {
                JsonObject out =
                        retried(() -> cluster.replace(item.target(), body, options.withResourceVersion(version)));
                return result(item, Result.REPLACED, status(item, out));
            } catch (ApiException refusal) {
                if (!refusal.isConflict()) {
                    return refused(item, current, refusal);
                }
                Optional<JsonObject> again = retried(() -> cluster.get(item.target()));
                if (again.isEmpty()) {
                    return failed(item, "CONFLICT", "the object was deleted meanwhile");
                }
                current = again.get();
            }
        }
        return failed(item, "CONFLICT", "somebody else writes the object, " + TRIES + " tries");
    }

    private RestoredItem refused(PreparedItem item, JsonObject live, ApiException refusal) {
        if (Refusals.isImmutable(refusal)) {
            String fields = String.join(", ", Refusals.fields(refusal));
            return new RestoredItem(
                    item.entry().key(),
                    item.target(),
                    Result.FAILED,
                    "IMMUTABLE",
                    fields.isEmpty() ? refusal.status().message() : fields,
                    uid(live));
        }
        throw refusal;
    }

    private RestoredItem recreate(PreparedItem item, JsonObject body, JsonObject live) {
        Gvk gvk = item.target().gvk();
        if (KEPT.contains(gvk.kind()) && !request.allowDestructive()) {
            return failed(item, "DESTRUCTIVE", "deleting a " + gvk.kind() + " would delete what it holds");
        }
        String uid = uid(live);
        DeleteOptions foreground = DeleteOptions.defaults()
                .with(DeleteOptions.Propagation.FOREGROUND)
                .withUid(uid);
        try {
            retried(() -> cluster.delete(item.target(), foreground));
        } catch (ApiException refusal) {
            if (!refusal.isNotFound()) {
                throw refusal;
            }
        }
        for (int i = 0; i < GONE_TRIES; i++) {
            Optional<JsonObject> still = retried(() -> cluster.get(item.target()));
            if (still.isEmpty() || !uid(still.get()).equals(uid)) {
                break;
            }
            pause.sleep(Duration.ofSeconds(1));
        }
        JsonObject created = create(item, body);
        return created == null
                ? failed(item, "CONFLICT", "the object is held by a finalizer or was made again by somebody else")
                : result(item, Result.RECREATED, status(item, created));
    }

    /** Puts the status back, if it is wanted; answers the object. */
    private JsonObject status(PreparedItem item, JsonObject live) {
        Optional<JsonObject> wanted = item.status();
        if (wanted.isEmpty() || wanted.get().equals(live.get("status"))) {
            return live;
        }
        try {
            return retried(() -> cluster.patch(
                    item.target().sub("status"), PatchType.MERGE, JsonObject.of("status", wanted.get()), options));
        } catch (ApiException refusal) {
            problems.add(Problem.warning(
                    "STATUS_REFUSED",
                    item.id() + ": " + Refusals.text(refusal, item.entry().sealed())));
            return live;
        }
    }

    /** Sets the owner references of a live object. */
    void link(PreparedItem item, JsonArray owners) {
        Optional<JsonObject> live = retried(() -> cluster.get(item.target()));
        if (live.isPresent() && OwnerLinks.differ(live.get(), owners)) {
            JsonObject patch = JsonObject.of("metadata", JsonObject.of("ownerReferences", owners));
            retried(() -> cluster.patch(item.target(), PatchType.MERGE, patch, options));
        }
    }

    /** Does a call again when the server has no time, each time after a longer wait. */
    <T> T retried(Supplier<T> call) {
        for (int i = 0; ; i++) {
            try {
                return call.get();
            } catch (ApiException refusal) {
                if (!Refusals.isTransient(refusal) || i == TRIES) {
                    throw refusal;
                }
                int asked = refusal.status().retryAfterSeconds();
                pause.sleep(Duration.ofSeconds(asked > 0 ? Math.min(asked, 60) : 1L << i));
            }
        }
    }

    private static JsonObject withOwners(JsonObject body, JsonArray owners) {
        return owners.isEmpty()
                ? body
                : body.with("metadata", body.object("metadata").with("ownerReferences", owners));
    }

    private static String uid(JsonObject live) {
        return live.object("metadata").text("uid", "");
    }

    private static RestoredItem result(PreparedItem item, Result result, JsonObject live) {
        return new RestoredItem(item.entry().key(), item.target(), result, "", "", uid(live));
    }

    static RestoredItem failed(PreparedItem item, String code, String text) {
        return new RestoredItem(item.entry().key(), item.target(), Result.FAILED, code, text, "");
    }
}
