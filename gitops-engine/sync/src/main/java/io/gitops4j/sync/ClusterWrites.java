package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.Cluster;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Turns the actions of a sync into calls on a cluster. Safe for several threads, as far as the cluster is. */
final class ClusterWrites {
    private static final String FIELD_MANAGER = "argocd-controller";
    private static final String HOOK_FINALIZER = "argocd.argoproj.io/hook-finalizer";
    private static final int CONFLICT_TRIES = 5;

    private final Cluster cluster;
    private final ResourceComparer comparer;
    private final AtomicInteger count = new AtomicInteger();

    ClusterWrites(Cluster cluster, ResourceComparer comparer) {
        this.cluster = cluster;
        this.comparer = comparer;
    }

    /** Calls that changed the cluster so far. */
    int count() {
        return count.get();
    }

    private void counted(WriteOptions options) {
        if (!options.dryRun()) {
            count.incrementAndGet();
        }
    }

    Optional<JsonObject> get(ObjectRef ref) {
        try {
            return cluster.get(ref);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Does one action and says in words what came of it.
     *
     * @param vouched whether the fields of the object are known to be right, so that the server need not look for unknown ones
     */
    String perform(SyncAction action, SyncSpec spec, boolean vouched) {
        SyncTask task = action.task();
        return switch (action.kind()) {
            case DRY_RUN -> tryOut(task, spec);
            case CREATE_NAMESPACE, APPLY -> applyNew(task, target(task, spec), options(task, spec));
            case SERVER_SIDE_APPLY -> {
                WriteOptions options = options(task, spec);
                yield serverSideApply(target(task, spec), vouched ? options.withFieldValidation("Ignore") : options);
            }
            case CREATE -> create(target(task, spec), options(task, spec));
            case REPLACE -> replace(target(task, spec), options(task, spec));
            case RECREATE -> recreate(target(task, spec), options(task, spec));
            case PRUNE -> prune(task, spec);
            case DELETE_HOOK -> deleteHook(ref(task));
        };
    }

    /** What is sent where the task's object does not exist. */
    static JsonObject created(SyncTask task, SyncSpec spec) {
        JsonObject target = target(task, spec);
        boolean recorded = !spec.settings().on("ServerSideApply", target)
                && !spec.settings().on("Replace", target);
        return recorded ? withLastApplied(target) : target;
    }

    private static JsonObject target(SyncTask task, SyncSpec spec) {
        JsonObject target = task.subject().without("status");
        return task.isHook()
                ? SyncOperation.asHookOf(target, spec.id() + "/" + task.phase().wire())
                : target;
    }

    private static WriteOptions options(SyncTask task, SyncSpec spec) {
        boolean unchecked = spec.settings().off("Validate", task.subject());
        return WriteOptions.defaults()
                .withFieldManager(FIELD_MANAGER)
                .withForce(true)
                .withFieldValidation(unchecked ? "Ignore" : "Warn");
    }

    private static ObjectRef ref(SyncTask task) {
        return ObjectRef.of(task.gvk(), task.key().namespace(), task.key().name());
    }

    private String tryOut(SyncTask task, SyncSpec spec) {
        WriteOptions dry = options(task, spec).withDryRun(true);
        JsonObject target = target(task, spec);
        try {
            if (!spec.settings().on("Replace", target)) {
                return applyNew(task, target, dry);
            }
            return get(ref(task)).isPresent() ? replace(target, dry) : create(target, dry);
        } catch (ApiException e) {
            if (e.status().code() == 404
                    && (spec.namespaceTask().isEmpty() || spec.settings().dryRun())) {
                // the namespace may be one that this very sync brings
                boolean comes = spec.tasks().stream()
                        .anyMatch(other -> !other.isPrune()
                                && other.key().kind().equals("Namespace")
                                && other.key().name().equals(task.key().namespace()));
                if (comes) {
                    return "namespace comes with this sync";
                }
            }
            throw e;
        }
    }

    private String create(JsonObject target, WriteOptions options) {
        cluster.createBriefly(target, options);
        counted(options);
        return SyncTask.keyOf(target) + " created";
    }

    /** Applies what was not there when the plan was made by creating it; it is read only when it has come since. */
    private String applyNew(SyncTask task, JsonObject target, WriteOptions options) {
        if (task.live() == null) {
            try {
                return create(withLastApplied(target), options);
            } catch (ApiException e) {
                if (!e.isConflict()) {
                    throw e;
                }
            }
        }
        return apply(target, options);
    }

    private String apply(JsonObject target, WriteOptions options) {
        ObjectRef ref = ObjectRef.of(target);
        JsonObject recorded = withLastApplied(target);
        for (int tries = 1; ; tries++) {
            JsonObject live = get(ref).orElse(null);
            if (live == null) {
                return create(recorded, options);
            }
            JsonObject merged = comparer.merge(recorded, live);
            if (merged.equals(live)) {
                return ref.key() + " unchanged";
            }
            try {
                cluster.replace(ref, merged, options);
                counted(options);
                return ref.key() + " configured";
            } catch (ApiException e) {
                if (!e.isConflict() || tries == CONFLICT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static JsonObject withLastApplied(JsonObject target) {
        return ResourceTracking.with(target, "annotations", StructuralComparer.LAST_APPLIED, target.canonical() + "\n");
    }

    private String serverSideApply(JsonObject target, WriteOptions options) {
        ObjectRef ref = ObjectRef.of(target);
        cluster.applyBriefly(ref, target, options);
        counted(options);
        return ref.key() + " serverside-applied";
    }

    private String replace(JsonObject target, WriteOptions options) {
        ObjectRef ref = ObjectRef.of(target);
        JsonObject live = get(ref).orElse(null);
        if (live == null) {
            return create(target, options);
        }
        String version = live.object("metadata").text("resourceVersion", "");
        JsonObject metadata = target.object("metadata").with("resourceVersion", Json.of(version));
        cluster.replace(ref, target.with("metadata", metadata), options);
        counted(options);
        return ref.key() + " replaced";
    }

    private String recreate(JsonObject target, WriteOptions options) {
        String kind = target.text("kind", "");
        if (kind.equals("CustomResourceDefinition") || kind.equals("Namespace")) {
            // deleting these would take everything in them along
            return replace(target, options);
        }
        ObjectRef ref = ObjectRef.of(target);
        JsonObject live = get(ref).orElse(null);
        if (live != null) {
            delete(ref, DeleteOptions.defaults().withUid(uid(live)), "deleted");
        }
        return create(target, options);
    }

    private String prune(SyncTask task, SyncSpec spec) {
        return delete(
                ref(task),
                DeleteOptions.defaults().with(spec.settings().propagation()).withUid(uid(task.subject())),
                "pruned");
    }

    private String deleteHook(ObjectRef ref) {
        JsonObject live = get(ref).orElse(null);
        if (live == null) {
            return ref.key() + " is gone";
        }
        JsonArray finalizers = live.object("metadata").array("finalizers");
        JsonArray.Builder left = JsonArray.builder();
        finalizers.forEach(finalizer -> {
            if (!HOOK_FINALIZER.equals(finalizer.textOrNull())) {
                left.add(finalizer);
            }
        });
        if (left.size() < finalizers.size()) {
            JsonObject metadata = live.object("metadata").with("finalizers", left.build());
            cluster.replace(ref, live.with("metadata", metadata), WriteOptions.defaults());
            count.incrementAndGet();
        }
        return delete(ref, DeleteOptions.defaults().withUid(uid(live)), "deleted");
    }

    private static @Nullable String uid(JsonObject live) {
        return live.object("metadata").text("uid");
    }

    private String delete(ObjectRef ref, DeleteOptions options, String word) {
        try {
            cluster.delete(ref, options);
            count.incrementAndGet();
            return word;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return ref.key() + " is gone";
            }
            throw e;
        }
    }
}
