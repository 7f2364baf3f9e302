package io.gitops4j.recovery.drill;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.ExistingPolicy;
import io.gitops4j.recovery.restore.RestoreForm;
import io.gitops4j.recovery.restore.RestoreOrder;
import io.gitops4j.recovery.restore.RestoreReport;
import io.gitops4j.recovery.restore.RestoreRequest;
import io.gitops4j.recovery.restore.RestoredItem;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.recovery.restore.Restorer;
import io.gitops4j.recovery.snapshot.SecretOpener;
import io.gitops4j.recovery.snapshot.ServedKinds;
import io.gitops4j.recovery.snapshot.SkipRules;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotEntry;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.SnapshotReader;
import io.gitops4j.recovery.snapshot.TrackedObject;
import io.gitops4j.recovery.snapshot.VolumeSnapshotter;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds a cluster from the newest snapshot and Git in a cluster that it is handed, an empty one in memory as a rule, and
 * compares the outcome with what was recorded.
 *
 * <pre>{@code
 * DrillReport report = DrDrill.of(SnapshotChain.in(store), clock).git(rendered).run(FakeCluster.create());
 * }</pre>
 *
 * <p>Green is earned: everything recorded is there and equal, nothing else is there, and every key opens what it should.
 */
public final class DrDrill {
    private static final String DEFINITION = "CustomResourceDefinition";
    private static final int PAGE = 500;
    private static final int SHOWN_PATHS = 5;

    private final SnapshotChain chain;
    private final InstantSource clock;
    private final @Nullable SecretOpener opener;
    private final List<JsonObject> git;
    private final Map<String, Bytes> files;
    private final KeyCheck keys;
    private final BiPredicate<ResourceKey, String> ignored;
    private final Map<String, Problem> unplanned;
    private final @Nullable VolumeSnapshotter volumes;

    private DrDrill(Builder from) {
        this.chain = from.chain;
        this.clock = from.clock;
        this.opener = from.opener;
        this.git = from.git;
        this.files = from.files;
        this.keys = from.keys;
        this.ignored = from.ignored;
        this.unplanned = from.unplanned;
        this.volumes = from.volumes;
    }

    /** What the copies differ in. */
    private static final class Builder {
        private final SnapshotChain chain;
        private final InstantSource clock;
        private @Nullable SecretOpener opener;
        private List<JsonObject> git = List.of();
        private Map<String, Bytes> files = new LinkedHashMap<>();
        private KeyCheck keys = KeyCheck.none();
        private BiPredicate<ResourceKey, String> ignored = (key, path) -> false;
        private Map<String, Problem> unplanned = new LinkedHashMap<>();
        private @Nullable VolumeSnapshotter volumes;

        private Builder(SnapshotChain chain, InstantSource clock) {
            this.chain = chain;
            this.clock = clock;
        }
    }

    private DrDrill with(Consumer<Builder> change) {
        Builder copy = new Builder(chain, clock);
        copy.opener = opener;
        copy.git = git;
        copy.files = files;
        copy.keys = keys;
        copy.ignored = ignored;
        copy.unplanned = unplanned;
        copy.volumes = volumes;
        change.accept(copy);
        return new DrDrill(copy);
    }

    /** A drill of the newest snapshot of a chain. */
    public static DrDrill of(SnapshotChain chain, InstantSource clock) {
        return new DrDrill(new Builder(chain, clock));
    }

    /** A copy that opens Secrets. */
    public DrDrill opening(@Nullable SecretOpener other) {
        return with(copy -> copy.opener = other);
    }

    /** A copy that brings these objects from Git, with namespaces filled in. */
    public DrDrill git(List<JsonObject> objects) {
        return with(copy -> copy.git = List.copyOf(objects));
    }

    /** A copy that checks the keys against these files of Git, and against all objects. */
    public DrDrill keys(KeyCheck check, Map<String, Bytes> gitFiles) {
        return with(copy -> {
            copy.keys = check;
            copy.files = new LinkedHashMap<>(gitFiles);
        });
    }

    /** A copy that does not mind differences of an object at a JSON pointer; {@code ""} stands for a missing or extra object. */
    public DrDrill ignoring(BiPredicate<ResourceKey, String> rule) {
        return with(copy -> copy.ignored = rule);
    }

    /** A copy that knows of Applications whose objects cannot be had from Git, and why: each makes the drill red. */
    public DrDrill unplanned(Map<String, Problem> applications) {
        return with(copy -> copy.unplanned = new LinkedHashMap<>(applications));
    }

    /** A copy that brings back the data of volumes; without it, a snapshot that holds such data makes the drill red. */
    public DrDrill volumes(@Nullable VolumeSnapshotter other) {
        return with(copy -> copy.volumes = other);
    }

    /** Runs the drill; {@code cluster} is changed. What is found is in the report, never thrown. */
    public DrillReport run(Cluster cluster) {
        Instant begin = clock.instant();
        Outcome<SnapshotManifest> head = chain.head();
        SnapshotManifest manifest = head.orNull();
        if (manifest == null) {
            return new DrillReport("", begin, begin, Duration.ZERO, 0, 0, head.errors());
        }
        Run run = new Run(cluster, manifest);
        try {
            return run.all(begin);
        } catch (ApiException refusal) {
            run.find(refusal.code(), String.valueOf(refusal.getMessage()));
            return run.report(begin);
        }
    }

    /** One drill. */
    private final class Run {
        private final Cluster cluster;
        private final SnapshotManifest manifest;
        private final List<Problem> findings = new ArrayList<>();
        private final RestoreForm form = new RestoreForm(false);
        private final Set<ResourceKey> known = new LinkedHashSet<>();
        private final Set<ResourceKey> restoredVolumes = new LinkedHashSet<>();
        private int restored;
        private int fromGit;

        Run(Cluster cluster, SnapshotManifest manifest) {
            this.cluster = cluster;
            this.manifest = manifest;
        }

        DrillReport all(Instant begin) {
            manifest.gaps().forEach(gap -> find("PARTIAL", "the snapshot lacks " + gap));
            if (manifest.gaps().isEmpty() && !manifest.complete()) {
                find("PARTIAL", "the snapshot says that it is not whole");
            }
            unplanned.forEach((app, problem) ->
                    find("NOT_PLANNED", "Application " + app + ": " + problem.code() + " " + problem.text()));
            manifest.volumes().stream()
                    .filter(volume -> !volume.handle().isEmpty())
                    .forEach(volume -> restoredVolumes.add(volume.key()));
            if (volumes == null && !restoredVolumes.isEmpty()) {
                find("VOLUME_NOT_CHECKED", "nobody is there who knows the kept data of " + restoredVolumes);
            }
            known.addAll(present().keySet());
            manifest.entries().forEach(entry -> known.add(entry.key()));
            List<JsonObject> fresh = git.stream()
                    .filter(object -> !known.contains(ObjectRef.of(object).key()))
                    .sorted((a, b) -> RestoreOrder.BY_KIND.compare(ObjectRef.of(a), ObjectRef.of(b)))
                    .toList();
            fresh.stream().filter(Run::isFirst).forEach(this::bring);
            if (!restore()) {
                return report(begin);
            }
            fresh.stream().filter(object -> !isFirst(object)).forEach(this::bring);
            DrillReport timed = report(begin);
            compare();
            checkKeys();
            return new DrillReport(
                    timed.snapshotId(), timed.takenAt(), timed.ranAt(), timed.took(), restored, fromGit, findings);
        }

        DrillReport report(Instant begin) {
            return new DrillReport(
                    manifest.id(),
                    manifest.takenAt(),
                    begin,
                    Duration.between(begin, clock.instant()),
                    restored,
                    fromGit,
                    findings);
        }

        private void find(String code, String text) {
            findings.add(Problem.error(code, text));
        }

        private static boolean isFirst(JsonObject object) {
            return List.of(DEFINITION, "Namespace").contains(object.text("kind", ""));
        }

        private void bring(JsonObject object) {
            ObjectRef ref = ObjectRef.of(object);
            known.add(ref.key());
            WriteOptions options = WriteOptions.defaults();
            try {
                try {
                    cluster.create(object, options);
                } catch (ApiException refusal) {
                    Gvk namespace = new Gvk("", "v1", "Namespace");
                    boolean missing = refusal.isNotFound()
                            && !ref.namespace().isEmpty()
                            && cluster.get(ObjectRef.of(namespace, "", ref.namespace()))
                                    .isEmpty();
                    if (!missing) {
                        throw refusal;
                    }
                    cluster.create(
                            JsonObject.builder()
                                    .put("apiVersion", "v1")
                                    .put("kind", "Namespace")
                                    .put("metadata", JsonObject.of("name", Json.of(ref.namespace())))
                                    .build(),
                            options);
                    known.add(new ResourceKey("", "Namespace", "", ref.namespace()));
                    cluster.create(object, options);
                }
                fromGit++;
            } catch (ApiException refusal) {
                boolean secret = ref.gvk().kind().equals("Secret");
                find("GIT_REFUSED", ref.key() + ": " + (secret ? refusal.code() : refusal.getMessage()));
            }
        }

        private boolean restore() {
            RestoreRequest request =
                    RestoreRequest.of().existing(ExistingPolicy.REPLACE).build();
            Outcome<RestoreReport> outcome =
                    Restorer.from(chain, clock).opening(opener).volumes(volumes).restore(request, cluster);
            RestoreReport done = outcome.orNull();
            if (done == null) {
                findings.addAll(outcome.errors());
                return false;
            }
            for (RestoredItem item : done.items()) {
                if (item.result() == Result.FAILED || item.result() == Result.SKIPPED) {
                    find("NOT_RESTORED", item.source() + ": " + item.code() + " " + item.text());
                } else {
                    restored++;
                }
            }
            return true;
        }

        private void compare() {
            Map<ResourceKey, JsonObject> present = present();
            SnapshotReader reader = new SnapshotReader(chain, opener);
            for (SnapshotEntry entry : manifest.entries()) {
                JsonObject live = present.get(entry.key());
                if (live == null) {
                    missing(entry.key(), "which the snapshot holds");
                    continue;
                }
                JsonObject recorded = reader.read(entry).orNull();
                if (recorded != null) {
                    different(entry.key(), comparable(recorded), comparable(live));
                }
            }
            for (TrackedObject tracked : manifest.tracked()) {
                if (!present.containsKey(tracked.ref().key())) {
                    missing(tracked.ref().key(), "which Git was to bring (Application " + tracked.app() + ")");
                }
            }
            present.forEach((key, object) -> {
                if (!known.contains(key) && SkipRules.reason(object).isEmpty() && !ignored.test(key, "")) {
                    find("EXTRA", key + " was neither recorded nor in Git");
                }
            });
        }

        private void missing(ResourceKey key, String why) {
            if (!ignored.test(key, "")) {
                find("MISSING", key + ", " + why);
            }
        }

        private void different(ResourceKey key, JsonObject wanted, JsonObject found) {
            List<String> paths = Differences.between(wanted, found).stream()
                    .filter(path -> !ignored.test(key, path))
                    .filter(path -> !restoredVolumes.contains(key) || !isSource(path))
                    .toList();
            if (!paths.isEmpty()) {
                String shown = String.join(", ", paths.subList(0, Math.min(SHOWN_PATHS, paths.size())));
                find("DIFFERENT", key + " at " + shown + (paths.size() > SHOWN_PATHS ? ", …" : ""));
            }
        }

        /** Where a claim says which data it begins with. */
        private static boolean isSource(String path) {
            return path.startsWith("/spec/dataSource") || path.equals("/spec/volumeName");
        }

        /** Without what differs from cluster to cluster: uids of owners too. */
        private JsonObject comparable(JsonObject object) {
            JsonObject out = form.of(object);
            JsonObject metadata = out.object("metadata");
            if (!(metadata.get("ownerReferences") instanceof JsonArray owners)) {
                return out;
            }
            JsonArray.Builder names = JsonArray.builder();
            for (Json owner : owners) {
                names.add(owner instanceof JsonObject reference ? reference.without("uid") : owner);
            }
            JsonArray without = names.build();
            return out.with(
                    "metadata",
                    without.isEmpty()
                            ? metadata.without("ownerReferences")
                            : metadata.with("ownerReferences", without));
        }

        private void checkKeys() {
            SnapshotReader reader = new SnapshotReader(chain, opener);
            Set<Problem> shut = new LinkedHashSet<>();
            git.forEach(object -> shut.addAll(keys.check(object)));
            for (SnapshotEntry entry : manifest.entries()) {
                if (entry.ref().gvk().kind().equals("SealedSecret")) {
                    reader.read(entry).value().ifPresent(object -> shut.addAll(keys.check(object)));
                }
            }
            shut.addAll(keys.check(files));
            findings.addAll(shut);
        }

        private Map<ResourceKey, JsonObject> present() {
            Map<ResourceKey, JsonObject> objects = new LinkedHashMap<>();
            for (ApiResource resource : ServedKinds.preferred(cluster.resources())) {
                if (SkipRules.skipsKind(resource)) {
                    continue;
                }
                String token = "";
                do {
                    ListPage page = cluster.list(ListQuery.of(resource.gvk()).page(PAGE, token));
                    page.items()
                            .forEach(object -> objects.put(ObjectRef.of(object).key(), object));
                    token = page.continueToken();
                } while (!token.isEmpty());
            }
            return objects;
        }
    }
}
