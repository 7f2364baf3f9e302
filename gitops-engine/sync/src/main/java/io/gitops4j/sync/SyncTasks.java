package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the tasks of a sync out of desired and live objects. */
public final class SyncTasks {
    private final Kinds kinds;
    private final SyncSettings settings;
    private final Function<SyncTask, Optional<String>> refusals;
    private final String revision;
    private final Instant start;

    private final List<SyncTask> tasks = new ArrayList<>();
    private final Map<String, String> invalid = new LinkedHashMap<>();
    private final Set<String> definedKinds = new LinkedHashSet<>();

    private SyncTasks(
            Kinds kinds,
            SyncSettings settings,
            Function<SyncTask, Optional<String>> refusals,
            String revision,
            Instant start) {
        this.kinds = kinds;
        this.settings = settings;
        this.refusals = refusals;
        this.revision = revision;
        this.start = start;
    }

    /**
     * The operation over these objects.
     *
     * @param targets desired objects, namespaces filled in, tracking set
     * @param live the objects that are there: those of the application, and those with the key of a target
     * @param namespace of the application
     * @param kinds served by the cluster
     * @param refusals why a task is not permitted, empty when it is
     * @param revision goes into the names of hooks that have none
     */
    public static SyncSpec spec(
            List<JsonObject> targets,
            List<JsonObject> live,
            String namespace,
            SyncSettings settings,
            Kinds kinds,
            Function<SyncTask, Optional<String>> refusals,
            String revision,
            Instant start) {
        SyncTasks builder = new SyncTasks(kinds, settings, refusals, revision, start);
        return builder.build(targets, live, namespace);
    }

    private SyncSpec build(List<JsonObject> targets, List<JsonObject> live, String namespace) {
        Map<ResourceKey, JsonObject> liveByKey = new LinkedHashMap<>();
        for (JsonObject object : live) {
            liveByKey.put(SyncTask.keyOf(object), object);
        }
        for (JsonObject target : targets) {
            defineKinds(target);
        }
        Set<ResourceKey> desired = new LinkedHashSet<>();
        for (JsonObject target : targets) {
            desired.add(SyncTask.keyOf(target));
            addTarget(target, liveByKey);
        }
        ResourceKey namespaceKey = new ResourceKey("", "Namespace", "", namespace);
        boolean creates = settings.on("CreateNamespace") && !namespace.isEmpty();
        if (creates && !desired.contains(namespaceKey) && !liveByKey.containsKey(namespaceKey)) {
            add(SyncTask.apply(SyncPhase.PRE_SYNC, namespaceObject(namespace), null));
        }
        for (JsonObject object : live) {
            if (!desired.contains(SyncTask.keyOf(object)) && !Hooks.isHook(object)) {
                add(SyncTask.prune(object));
            }
        }
        List<SyncTask> ordered = TaskOrder.order(DependsOn.order(tasks, invalid), settings);
        String namespaceTask = "";
        for (SyncTask task : ordered) {
            if (creates && !task.isPrune() && task.key().equals(namespaceKey) && task.live() == null) {
                namespaceTask = task.id();
            }
        }
        return new SyncSpec(operationId(), ordered, invalid, settings, namespaceTask);
    }

    private String operationId() {
        return (revision.length() > 7 ? revision.substring(0, 7) : revision) + "-" + start.getEpochSecond();
    }

    private void defineKinds(JsonObject target) {
        if (target.text("kind", "").equals("CustomResourceDefinition")) {
            JsonObject spec = target.object("spec");
            definedKinds.add(spec.text("group", "") + "/" + spec.object("names").text("kind", ""));
        }
    }

    private void addTarget(JsonObject target, Map<ResourceKey, JsonObject> live) {
        if (Hooks.isSkipped(target) || (settings.skipHooks() && Hooks.isHook(target))) {
            return;
        }
        for (SyncPhase phase : Hooks.phases(target)) {
            JsonObject named = named(target, phase);
            add(SyncTask.apply(phase, named, live.get(SyncTask.keyOf(named))));
        }
    }

    private void add(SyncTask task) {
        SyncTask added = task;
        Gvk gvk = task.gvk();
        if (!kinds.serves(gvk) && !task.isPrune()) {
            boolean comes = definedKinds.contains(gvk.group() + "/" + gvk.kind());
            if (comes || settings.on("SkipDryRunOnMissingResource", task.subject())) {
                added = task.withoutDryRun();
            } else {
                invalid.put(
                        task.id(), gvk.kind() + (gvk.group().isEmpty() ? "" : "." + gvk.group()) + " \"\" not found");
            }
        }
        Optional<String> refusal = refusals.apply(added);
        if (refusal.isPresent()) {
            invalid.putIfAbsent(added.id(), refusal.get());
        }
        tasks.add(added);
    }

    /** A hook without a name gets one that is its own for this sync and the same however often it is asked for. */
    private JsonObject named(JsonObject target, SyncPhase phase) {
        JsonObject metadata = target.object("metadata");
        String prefix = metadata.text("generateName", "");
        if (!metadata.text("name", "").isEmpty() || prefix.isEmpty()) {
            return target;
        }
        String suffix = (revision.length() > 7 ? revision.substring(0, 7) : revision) + "-" + phase.wire() + "-"
                + start.getEpochSecond();
        return target.with(
                "metadata",
                metadata.without("generateName").with("name", Json.of(prefix + suffix.toLowerCase(Locale.ROOT))));
    }

    private JsonObject namespaceObject(String name) {
        JsonObject.Builder metadata = JsonObject.builder().put("name", name);
        @Nullable Json labels = settings.namespaceMetadata().get("labels");
        @Nullable Json annotations = settings.namespaceMetadata().get("annotations");
        metadata.putIfPresent("labels", labels).putIfPresent("annotations", annotations);
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .put("metadata", metadata.build())
                .build();
    }
}
