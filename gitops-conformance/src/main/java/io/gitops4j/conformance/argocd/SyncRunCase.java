package io.gitops4j.conformance.argocd;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.sync.SyncAction;
import io.gitops4j.sync.SyncObservation;
import io.gitops4j.sync.SyncOperation;
import io.gitops4j.sync.SyncSpec;
import io.gitops4j.sync.SyncStatus;
import io.gitops4j.sync.SyncTask;
import io.gitops4j.sync.SyncTransition;
import io.gitops4j.sync.TaskOrder;
import io.gitops4j.sync.TaskResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One simulated sync of the sub-family {@code sync-run}: the operation on a cluster where everything happens at once. */
final class SyncRunCase {
    private static final int MOST_STEPS = 12;

    /** From this step on, a second step without an operation is the last. */
    private static final int QUIET_AFTER = 3;

    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private final JsonObject in;
    private final Map<ResourceKey, JsonObject> cluster = new TreeMap<>();
    private final List<String> failApply;
    private final List<String> failDryRun;
    private final List<String> failDelete;
    private @Nullable SyncTask namespaceTask;

    SyncRunCase(JsonObject in) {
        this.in = in;
        this.failApply = SyncCases.texts(in.array("failApply"));
        this.failDryRun = SyncCases.texts(in.array("failDryRun"));
        this.failDelete = SyncCases.texts(in.array("failDelete"));
        for (JsonObject object : SyncCases.objects(in.array("live"))) {
            cluster.put(key(object), object);
        }
    }

    Json answer() {
        JsonArray.Builder steps = JsonArray.builder();
        SyncStatus status = SyncStatus.begun(START);
        boolean wasQuiet = false;
        for (int i = 0; i < MOST_STEPS && !status.phase().completed(); i++) {
            Call call = new Call(status);
            status = call.run();
            steps.add(call.described(status));
            boolean quiet = call.operations.isEmpty();
            if (i >= QUIET_AFTER && quiet && wasQuiet) {
                break;
            }
            wasQuiet = quiet;
        }
        List<String> names = new ArrayList<>();
        cluster.values().forEach(object -> names.add(SyncCases.name(object)));
        return JsonObject.builder()
                .put("steps", steps.build())
                .put("phase", status.phase().wire())
                .put("message", status.message())
                .put("cluster", sorted(names))
                .build();
    }

    /** The namespace that the first call created stays a task of the later ones. */
    private SyncSpec withNamespace(SyncSpec spec) {
        if (!spec.namespaceTask().isEmpty()) {
            namespaceTask = TaskOrder.sort(spec.tasks()).stream()
                    .filter(task -> task.id().equals(spec.namespaceTask()))
                    .findFirst()
                    .orElse(null);
        }
        SyncTask own = namespaceTask;
        if (own == null || spec.tasks().stream().anyMatch(task -> task.id().equals(own.id()))) {
            return spec;
        }
        List<SyncTask> tasks = new ArrayList<>(spec.tasks());
        tasks.add(own);
        return new SyncSpec(spec.id(), TaskOrder.sort(tasks), spec.invalid(), spec.settings(), own.id());
    }

    /** One call of the engine: steps until it has nothing more to do now. */
    private final class Call {
        private final List<String> dryRun = new ArrayList<>();
        private final List<String> operations = new ArrayList<>();
        private SyncStatus status;

        Call(SyncStatus status) {
            this.status = status;
        }

        SyncStatus run() {
            SyncSpec spec = withNamespace(SyncCases.spec(in, List.copyOf(cluster.values())));
            List<SyncAction.Result> results = List.of();
            while (true) {
                SyncTransition transition = SyncOperation.step(
                        spec, status, SyncObservation.of(results, cluster::get, SyncRunCase.this::health), START);
                status = transition.status();
                if (transition.actions().isEmpty()) {
                    return status;
                }
                results = transition.actions().stream()
                        .map(action -> perform(action, spec))
                        .toList();
            }
        }

        private SyncAction.Result perform(SyncAction action, SyncSpec spec) {
            JsonObject object = action.task().subject();
            String name = object.object("metadata").text("name", "");
            switch (action.kind()) {
                case DRY_RUN -> {
                    dryRun.add(SyncCases.name(object));
                    return failDryRun.contains(name) ? action.refused("dry run refused " + name) : action.done("");
                }
                case CREATE_NAMESPACE -> {
                    cluster.put(key(object), object);
                    return action.done("");
                }
                case PRUNE, DELETE_HOOK -> {
                    operations.add((action.kind() == SyncAction.Kind.PRUNE ? "delete " : "delete-hook ")
                            + SyncCases.name(object));
                    if (failDelete.contains(name)) {
                        return action.refused("delete refused " + name);
                    }
                    cluster.remove(key(object));
                    return action.done("");
                }
                default -> {
                    operations.add(word(action, spec) + " " + SyncCases.name(object));
                    if (failApply.contains(name)) {
                        return action.refused("apply refused " + name);
                    }
                    cluster.put(key(object), object);
                    return action.done("");
                }
            }
        }

        Json described(SyncStatus after) {
            List<String> results = new ArrayList<>();
            after.results().forEach((id, result) -> results.add(result(id, result)));
            return JsonObject.builder()
                    .put("dryRun", sorted(dryRun))
                    .put("operations", sorted(operations))
                    .put("phase", after.phase().wire())
                    .put("message", after.message())
                    .put("results", sorted(results))
                    .build();
        }
    }

    private static String word(SyncAction action, SyncSpec spec) {
        JsonObject object = action.task().subject();
        String force = isOn(spec, object, "Force=true") ? "-force" : "";
        String unchecked = isOn(spec, object, "Validate=false") ? "-novalidate" : "";
        return switch (action.kind()) {
            case CREATE -> "create";
            case REPLACE -> "replace";
            case RECREATE -> "replace-force";
            case SERVER_SIDE_APPLY -> "apply-ssa" + force + unchecked;
            default -> "apply" + force + unchecked;
        };
    }

    private static boolean isOn(SyncSpec spec, JsonObject object, String option) {
        String own = object.object("metadata").object("annotations").text("argocd.argoproj.io/sync-options", "");
        return List.of(own.split(",", -1)).contains(option)
                || spec.settings().options().contains(option);
    }

    private static String result(String id, TaskResult result) {
        String[] parts = id.split("\\|", -1);
        return parts[0] + "/" + parts[2] + "/" + parts[4] + " status="
                + result.code().wire() + " phase=" + parts[0] + " hookPhase="
                + (result.phase() == null ? "" : result.phase().wire());
    }

    private Optional<Health> health(JsonObject live) {
        String status = in.object("health").text(live.object("metadata").text("name", ""), "Healthy");
        for (Health.Status known : Health.Status.values()) {
            if (known.wire().equals(status)) {
                return Optional.of(new Health(known, ""));
            }
        }
        // "None": what the built-in rules say of an object without a status
        return switch (live.text("kind", "")) {
            case "Job", "StatefulSet", "Pod" -> Optional.of(new Health(Health.Status.PROGRESSING, ""));
            default -> Optional.empty();
        };
    }

    private static ResourceKey key(JsonObject object) {
        return io.gitops4j.cluster.ObjectRef.of(object).key();
    }

    private static JsonArray sorted(List<String> texts) {
        List<String> copy = new ArrayList<>(texts);
        Collections.sort(copy);
        return JsonArray.of(copy.stream().map(Json::of).toList());
    }
}
