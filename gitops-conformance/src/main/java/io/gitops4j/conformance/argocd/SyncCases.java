package io.gitops4j.conformance.argocd;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.sync.Hooks;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.SyncPhase;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.sync.SyncSpec;
import io.gitops4j.sync.SyncTask;
import io.gitops4j.sync.SyncTasks;
import io.gitops4j.sync.SyncWave;
import io.gitops4j.sync.TaskOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Sub-families {@code hook}, {@code sync-sort} and {@code sync-order}. */
final class SyncCases {
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private SyncCases() {}

    static Json hook(JsonObject in) {
        JsonObject object = in.object("object");
        JsonArray.Builder types = JsonArray.builder();
        Hooks.types(object).forEach(types::add);
        JsonArray.Builder policies = JsonArray.builder();
        Hooks.deletePolicies(object).forEach(policy -> policies.add(policy.wire()));
        TreeSet<String> names = new TreeSet<>();
        Hooks.phases(object).forEach(phase -> names.add(phase.wire()));
        JsonArray.Builder phases = JsonArray.builder();
        names.forEach(phases::add);
        return JsonObject.builder()
                .put("isHook", Hooks.isHook(object))
                .put("skip", Hooks.isSkipped(object))
                .put("types", types.build())
                .put("deletePolicies", policies.build())
                .put("phases", phases.build())
                .put("wave", SyncWave.of(object))
                .build();
    }

    static Json sort(JsonObject in) {
        List<SyncTask> tasks = new ArrayList<>();
        for (Json item : in.array("tasks")) {
            JsonObject task = (JsonObject) item;
            JsonObject object = JsonObject.builder()
                    .put("apiVersion", task.text("group", "").isEmpty() ? "v1" : task.text("group", "") + "/v1")
                    .put("kind", task.text("kind", ""))
                    .put(
                            "metadata",
                            JsonObject.builder()
                                    .put("name", task.text("name", ""))
                                    .put("namespace", task.text("namespace", ""))
                                    .build())
                    .putIfPresent("spec", task.get("object"))
                    .build();
            SyncPhase phase = phase(task.text("phase", ""));
            long wave = task.get("wave") instanceof JsonNumber number ? number.longValue() : 0;
            SyncTask made =
                    task.text("op", "").equals("prune") ? SyncTask.prune(object) : SyncTask.apply(phase, object, null);
            tasks.add(made.in(phase, wave));
        }
        JsonArray.Builder sorted = JsonArray.builder();
        for (SyncTask task : TaskOrder.sort(tasks)) {
            sorted.add(described(task).build());
        }
        return JsonObject.of("tasks", sorted.build());
    }

    private static SyncPhase phase(String wire) {
        for (SyncPhase phase : SyncPhase.values()) {
            if (phase.wire().equals(wire)) {
                return phase;
            }
        }
        return SyncPhase.SYNC;
    }

    private static JsonObject.Builder described(SyncTask task) {
        return JsonObject.builder()
                .put("op", task.isPrune() ? "prune" : "apply")
                .put("phase", task.phase().wire())
                .put("wave", task.wave())
                .put("group", task.key().group())
                .put("kind", task.key().kind())
                .put("namespace", task.key().namespace())
                .put("name", task.key().name());
    }

    static Json order(JsonObject in) {
        SyncSpec spec = spec(in, objects(in.array("live")));
        JsonArray.Builder tasks = JsonArray.builder();
        TreeSet<String> failures = new TreeSet<>();
        for (SyncTask task : spec.tasks()) {
            tasks.add(described(task)
                    .put("hook", task.isHook())
                    .put("skipDryRun", task.skipDryRun())
                    .build());
            String why = spec.invalid().get(task.id());
            if (why != null) {
                failures.add(task.key().kind() + "/" + task.key().name() + ": " + why);
            }
        }
        return JsonObject.builder()
                .put("tasks", tasks.build())
                .put("valid", spec.invalid().isEmpty())
                .put("failures", JsonArray.of(failures.stream().map(Json::of).toList()))
                .build();
    }

    static SyncSpec spec(JsonObject in, List<JsonObject> live) {
        List<String> missing = texts(in.array("missingKinds"));
        List<String> denied = texts(in.array("deniedKinds"));
        List<String> options = new ArrayList<>();
        option(options, in, "pruneLast", "PruneLast");
        option(options, in, "createNamespace", "CreateNamespace");
        option(options, in, "replace", "Replace");
        option(options, in, "serverSideApply", "ServerSideApply");
        option(options, in, "skipDryRunOnMissingResource", "SkipDryRunOnMissingResource");
        SyncSettings settings = SyncSettings.defaults()
                .withPrune(in.bool("prune", false))
                .withOutOfSyncOnly(false)
                .withDryRun(in.bool("dryRun", false))
                .withSkipHooks(in.bool("skipHooks", false))
                .withOptions(options);
        List<JsonObject> targets = new ArrayList<>();
        for (JsonObject target : objects(in.array("targets"))) {
            targets.add(placed(target, in.text("namespace", "")));
        }
        return SyncTasks.spec(
                targets,
                live,
                in.text("namespace", ""),
                settings,
                Kinds.offline().without(gvk -> missing.contains(gvk.kind())),
                task -> denied.contains(task.key().kind())
                        ? Optional.of(task.key().kind() + " is not permitted")
                        : Optional.empty(),
                "abcdef0123456789",
                START);
    }

    private static JsonObject placed(JsonObject target, String namespace) {
        JsonObject metadata = target.object("metadata");
        Gvk gvk = Gvk.of(target.text("apiVersion", ""), target.text("kind", ""));
        boolean clusterScoped = !Kinds.offline().namespaced(gvk) || gvk.kind().equals("ClusterThing");
        return clusterScoped || !metadata.text("namespace", "").isEmpty()
                ? target
                : target.with("metadata", metadata.with("namespace", Json.of(namespace)));
    }

    private static void option(List<String> options, JsonObject in, String field, String option) {
        if (in.bool(field, false)) {
            options.add(option + "=true");
        }
    }

    static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        array.forEach(item -> objects.add((JsonObject) item));
        return objects;
    }

    static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(String.valueOf(item.textOrNull())));
        return texts;
    }

    /** {@code group/Kind:namespace/name}, without a slash for the core group. */
    static String name(JsonObject object) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        JsonObject metadata = object.object("metadata");
        return (gvk.group().isEmpty() ? "" : gvk.group() + "/") + gvk.kind() + ":" + metadata.text("namespace", "")
                + "/" + metadata.text("name", "");
    }
}
