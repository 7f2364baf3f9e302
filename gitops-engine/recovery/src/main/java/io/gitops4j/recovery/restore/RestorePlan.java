package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.recovery.snapshot.SecretOpener;
import io.gitops4j.recovery.snapshot.ServedKinds;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotEntry;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.SnapshotReader;
import io.gitops4j.recovery.snapshot.VolumeEntry;
import io.gitops4j.recovery.snapshot.VolumeSnapshotter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All objects of a restore, read, renamed and put in order, before anything is written. */
final class RestorePlan {
    private final RestoreRequest request;
    private final SnapshotReader reader;
    private final ReferenceMapping mapping;
    private final RestoreForm form;
    private final Map<String, Gvk> served = new LinkedHashMap<>();
    private final Map<String, Boolean> exact = new LinkedHashMap<>();
    private final @Nullable VolumeSnapshotter snapshotter;
    private final Map<ResourceKey, VolumeEntry> volumes = new LinkedHashMap<>();
    private final Map<String, JsonObject> comingKinds = new LinkedHashMap<>();
    private final Map<ResourceKey, PreparedItem> byTarget = new LinkedHashMap<>();

    final List<PreparedItem> items = new ArrayList<>();
    final List<RestoredItem> left = new ArrayList<>();
    final List<Problem> errors = new ArrayList<>();
    final List<Problem> warnings = new ArrayList<>();

    RestorePlan(
            RestoreRequest request,
            SnapshotChain chain,
            @Nullable SecretOpener opener,
            @Nullable VolumeSnapshotter snapshotter,
            List<ApiResource> resources) {
        this.snapshotter = snapshotter;
        this.request = request;
        this.reader = new SnapshotReader(chain, opener);
        this.mapping = new ReferenceMapping(request);
        this.form = new RestoreForm(request.keepNodePorts());
        ServedKinds.preferred(resources).forEach(r -> served.put(kind(r.gvk()), r.gvk()));
        resources.forEach(r -> exact.put(r.gvk().toString(), true));
    }

    RestorePlan read(SnapshotManifest manifest) {
        List<SnapshotEntry> entries = manifest.entries().stream()
                .filter(e -> request.selection().test(e.key()))
                .sorted((a, b) -> RestoreOrder.BY_KIND.compare(a.ref(), b.ref()))
                .toList();
        manifest.volumes().stream()
                .filter(volume -> !volume.handle().isEmpty())
                .forEach(volume -> volumes.put(volume.key(), volume));
        entries.forEach(this::prepare);
        items.sort((a, b) ->
                RestoreOrder.BY_KIND.compare(a.entry().ref(), b.entry().ref()));
        return this;
    }

    ReferenceMapping mapping() {
        return mapping;
    }

    private void prepare(SnapshotEntry entry) {
        Outcome<JsonObject> opened = reader.read(entry);
        JsonObject object = opened.orNull();
        if (object == null) {
            errors.addAll(opened.errors());
            return;
        }
        if (!ObjectRef.of(object).key().equals(entry.key())) {
            errors.add(Problem.error("BAD_HASH", entry.key() + ": the blob holds another object"));
            return;
        }
        if (object.object("metadata").has("deletionTimestamp")) {
            leave(entry, "BEING_DELETED", "the object was being deleted when the snapshot was taken");
            return;
        }
        JsonObject current = inServedVersion(entry, object);
        if (current == null) {
            return;
        }
        ObjectRef source = ObjectRef.of(current);
        ObjectRef target = mapping.target(source);
        JsonObject body = mapping.apply(form.of(current), source, warnings);
        JsonObject metadata = body.object("metadata");
        body = withData(entry, body.with("metadata", metadata.without("ownerReferences")));
        Optional<JsonObject> vetted = request.hooks().beforeItem(body);
        if (vetted.isEmpty()) {
            leave(entry, "VETOED", "a hook left it out");
            return;
        }
        boolean withStatus = current.get("status") instanceof JsonObject
                && request.status().selects(current, source.gvk().group());
        PreparedItem item = new PreparedItem(
                entry,
                target,
                vetted.get(),
                metadata.array("ownerReferences"),
                withStatus ? Optional.of(current.object("status")) : Optional.empty());
        PreparedItem other = byTarget.putIfAbsent(target.key(), item);
        if (other != null) {
            errors.add(Problem.error(
                    "MAPPING_COLLISION",
                    entry.key() + " and " + other.entry().key() + " would both be " + target.key()));
            return;
        }
        if (isDefinition(target.gvk())) {
            learn(body);
        }
        items.add(item);
    }

    /** A claim begins with the data that was kept of it, on a volume of its own. */
    private JsonObject withData(SnapshotEntry entry, JsonObject body) {
        VolumeEntry kept = volumes.get(entry.key());
        if (kept == null) {
            return body;
        }
        if (snapshotter == null) {
            warnings.add(Problem.warning(
                    "VOLUME_DATA_NOT_RESTORED", entry.key() + ": nobody is there who knows " + kept.handle()));
            return body;
        }
        Outcome<JsonObject> claim = snapshotter.restored(body, kept);
        claim.errors().forEach(p -> errors.add(Problem.error(p.code(), entry.key() + ": " + p.text())));
        JsonObject filled = claim.value().orElse(body);
        return filled.with("spec", filled.object("spec").without("volumeName"));
    }

    private static boolean isDefinition(Gvk gvk) {
        return gvk.kind().equals("CustomResourceDefinition");
    }

    /** The kinds that a definition of the snapshot will bring. */
    private void learn(JsonObject definition) {
        JsonObject spec = definition.object("spec");
        String kind = spec.object("names").text("kind", "");
        for (Json version : spec.array("versions")) {
            if (version instanceof JsonObject v && v.bool("served", false)) {
                comingKinds.put(new Gvk(spec.text("group", ""), v.text("name", ""), kind).toString(), definition);
            }
        }
    }

    boolean comes(Gvk gvk) {
        return comingKinds.containsKey(gvk.toString());
    }

    private @Nullable JsonObject inServedVersion(SnapshotEntry entry, JsonObject object) {
        Gvk gvk = entry.ref().gvk();
        if (exact.containsKey(gvk.toString()) || comes(gvk)) {
            return object;
        }
        Gvk other = served.get(kind(gvk));
        if (other == null) {
            leave(entry, "KIND_UNKNOWN", "the target has no kind " + gvk);
            return null;
        }
        Optional<JsonObject> converted = request.converter().convert(object, other);
        if (converted.isEmpty()) {
            leave(entry, "NEEDS_CONVERSION", "the target serves " + other + ", not " + gvk);
            return null;
        }
        return converted.get();
    }

    private void leave(SnapshotEntry entry, String code, String text) {
        left.add(new RestoredItem(entry.key(), mapping.target(entry.ref()), Result.SKIPPED, code, text, ""));
    }

    private static String kind(Gvk gvk) {
        return gvk.group() + "/" + gvk.kind();
    }
}
