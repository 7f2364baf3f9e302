package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots of a cluster into a store.
 *
 * <pre>{@code
 * SnapshotResult taken = Snapshotter.into(store, clock)
 *         .sealing(AgeSealing.sealer(List.of("age1...")))
 *         .take(cluster)
 *         .orThrow();
 * }</pre>
 *
 * <p>Reads by pages and never the whole cluster at once; an object leaves memory when its blob is written. Secrets are written
 * encrypted or not at all.
 */
public final class Snapshotter {
    private static final Gvk NAMESPACE = new Gvk("", "v1", "Namespace");
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SnapshotStore store;
    private final InstantSource clock;
    private final SnapshotScope scope;
    private final @Nullable SecretSealer sealer;
    private final @Nullable SnapshotSigner signer;
    private final boolean withSecrets;
    private final Map<String, String> gitRevisions;
    private final Map<String, GitRender> renders;
    private final @Nullable VolumeSnapshotter volumes;
    private final SnapshotListener listener;

    private Snapshotter(Options options) {
        this.store = options.store;
        this.clock = options.clock;
        this.scope = options.scope;
        this.sealer = options.sealer;
        this.signer = options.signer;
        this.withSecrets = options.withSecrets;
        this.gitRevisions = options.gitRevisions;
        this.renders = options.renders;
        this.volumes = options.volumes;
        this.listener = options.listener;
    }

    /** Begins with the options that everybody needs. */
    public static Options into(SnapshotStore store, InstantSource clock) {
        return new Options(store, clock);
    }

    private Outcome<SnapshotResult> take(Cluster cluster) {
        Optional<String> head = finishedHead();
        SnapshotManifest previous = null;
        if (head.isPresent()) {
            Outcome<SnapshotManifest> read = SnapshotChain.in(store).manifest(head.get());
            previous = read.orNull();
            if (previous == null) {
                return Outcome.failed(read.problems());
            }
        }
        Instant begin = clock.instant();
        BlobWriter blobs = new BlobWriter(store, sealer, withSecrets, previous);
        Reading reading = new Reading(blobs, new VolumeReading(cluster, volumes));
        for (ApiResource resource : readingOrder(cluster.resources())) {
            try {
                reading.kinds.add(read(cluster, resource, reading));
            } catch (Refusal refusal) {
                return Outcome.failed(refusal.problem);
            }
            listener.progress(resource.gvk().kind(), reading.entries.size(), -1);
        }
        reading.problems.addAll(reading.volumes.problems());
        RenderWriter writer = new RenderWriter(blobs, previous == null ? List.of() : previous.renders());
        for (Map.Entry<String, GitRender> render : renders.entrySet()) {
            Outcome<RenderEntry> kept = writer.write(render.getKey(), render.getValue(), reading.secrets);
            RenderEntry entry = kept.orNull();
            if (entry == null) {
                return Outcome.failed(kept.errors());
            }
            reading.renders.add(entry);
            reading.problems.addAll(kept.problems());
        }
        SnapshotManifest manifest = manifest(cluster, begin, reading, previous);
        String digest = manifest.digest();
        store.put(SnapshotStore.manifest(digest), manifest.bytes());
        if (signer != null) {
            store.put(SnapshotStore.signature(digest), signer.sign(manifest.bytes()));
        }
        if (!store.cas(head, digest)) {
            return Outcome.failed(Problem.error("HEAD_MOVED", "another snapshot was taken at the same time")
                    .hint("take the snapshot again"));
        }
        return Outcome.of(new SnapshotResult(manifest, blobs.added(), blobs.bytes(), reading.problems));
    }

    /** The head; a manifest that follows it was written by a run that died before it moved the head, so that is done now. */
    private Optional<String> finishedHead() {
        Optional<String> head = store.head();
        for (String key : store.list("manifests/")) {
            if (!key.endsWith(".json")) {
                continue;
            }
            String digest = key.substring("manifests/".length(), key.length() - ".json".length());
            // Of a long chain only the one that names the head is worth parsing.
            boolean mayFollow = head.isEmpty()
                    || store.get(key)
                            .filter(content -> content.utf8().contains(head.get()))
                            .isPresent();
            if (!mayFollow || head.equals(Optional.of(digest))) {
                continue;
            }
            SnapshotManifest other = SnapshotChain.in(store).manifest(digest).orNull();
            boolean signed = signer == null || store.has(SnapshotStore.signature(digest));
            if (other != null && other.previous().equals(head) && signed) {
                return store.cas(head, digest) ? Optional.of(digest) : store.head();
            }
        }
        return head;
    }

    /** Kinds with secrets first, since they may forbid the whole; Services before what is made for them. */
    private List<ApiResource> readingOrder(List<ApiResource> served) {
        List<ApiResource> first = new ArrayList<>();
        List<ApiResource> rest = new ArrayList<>();
        for (ApiResource resource : ServedKinds.preferred(served)) {
            if (SkipRules.skipsKind(resource)) {
                continue;
            }
            boolean early = BlobWriter.isSecretKind(resource.gvk()) || isService(resource.gvk());
            (early ? first : rest).add(resource);
        }
        first.sort((a, b) -> Boolean.compare(isService(a.gvk()), isService(b.gvk())));
        first.addAll(rest);
        return first;
    }

    private static boolean isService(Gvk gvk) {
        return gvk.group().isEmpty() && gvk.kind().equals("Service");
    }

    private KindReading read(Cluster cluster, ApiResource resource, Reading reading) {
        KindPages pages = new KindPages(cluster, resource.gvk());
        List<JsonObject> page = pages.next();
        Reading.Kind kind = reading.begin();
        while (page != null) {
            if (pages.restarted()) {
                kind.forget();
            }
            for (JsonObject object : page) {
                take(object, resource.gvk(), kind, reading);
            }
            page = pages.next();
        }
        kind.commit();
        KindReading read = pages.summary();
        if (!read.complete()) {
            reading.problems.add(Problem.warning("KIND_INCOMPLETE", resource.gvk() + ": " + read.failure()));
        }
        return read;
    }

    private void take(JsonObject listed, Gvk gvk, Reading.Kind kind, Reading reading) {
        // Items of a list come without their kind from a real server.
        JsonObject object = listed.has("kind")
                ? listed
                : listed.with("apiVersion", Json.of(gvk.apiVersion())).with("kind", Json.of(gvk.kind()));
        Optional<String> reason = SkipRules.reason(object).or(() -> reading.madeForService(object));
        if (reason.isPresent()) {
            kind.skip(reason.get());
            return;
        }
        if (BlobWriter.isSecretKind(gvk) && !withSecrets) {
            kind.skip("secrets are excluded");
            return;
        }
        ObjectRef ref = ObjectRef.of(object);
        if (isService(gvk)) {
            reading.service(ref, object);
        }
        if (BlobWriter.isSecretKind(gvk)) {
            JsonObject metadata = object.object("metadata");
            reading.secrets.put(ref.key(), metadata.text("uid", "") + "@" + metadata.text("resourceVersion", ""));
        }
        boolean withData = VolumeReading.isClaim(gvk) && kind.volume(object);
        Optional<String> app = scope.heldByGit(object);
        if (app.isPresent() && !withData) {
            kind.track(new TrackedObject(ref, app.get()));
            return;
        }
        Outcome<SnapshotEntry> entry = reading.blobs.write(ref, object);
        SnapshotEntry written = entry.orNull();
        if (written == null) {
            throw new Refusal(entry.errors().get(0));
        }
        kind.keep(written);
    }

    private SnapshotManifest manifest(
            Cluster cluster, Instant begin, Reading reading, @Nullable SnapshotManifest previous) {
        long seq = previous == null ? 1 : previous.seq() + 1;
        JsonArray.Builder entries = JsonArray.builder();
        reading.sortedEntries().forEach(entry -> entries.add(entry.toJson()));
        JsonArray all = entries.build();
        JsonArray.Builder tracked = JsonArray.builder();
        reading.sortedTracked().forEach(object -> tracked.add(object.toJson()));
        JsonArray.Builder kinds = JsonArray.builder();
        reading.kinds.stream().filter(k -> k.count() > 0 || !k.complete()).forEach(k -> kinds.add(k.toJson()));
        JsonArray.Builder skipped = JsonArray.builder();
        reading.skipped.forEach((reason, count) -> skipped.add(
                JsonObject.builder().put("reason", reason).put("count", count).build()));
        JsonObject.Builder revisions = JsonObject.builder();
        gitRevisions.forEach(revisions::put);
        JsonArray.Builder recipients = JsonArray.builder();
        if (sealer != null) {
            sealer.recipients().forEach(recipients::add);
        }
        JsonObject.Builder out = JsonObject.builder()
                .put("format", SnapshotManifest.FORMAT)
                .put("snapshotId", ID.format(begin) + String.format(Locale.ROOT, "-%06d", seq))
                .put("seq", seq);
        if (previous != null) {
            out.put("prev", previous.digest());
        }
        JsonArray.Builder kept = JsonArray.builder();
        reading.renders.forEach(render -> kept.add(render.toJson()));
        JsonArray.Builder claims = JsonArray.builder();
        reading.volumes.entries().forEach(volume -> claims.add(volume.toJson()));
        boolean complete = reading.kinds.stream().allMatch(KindReading::complete) && reading.volumes.complete();
        return SnapshotManifest.of(out.put("status", complete ? "OK" : "PARTIAL")
                .put(
                        "cluster",
                        JsonObject.builder()
                                .put("name", cluster.name())
                                .put("uid", clusterUid(cluster))
                                .put("version", cluster.version())
                                .build())
                .put("takenAt", begin.toString())
                .put("skewMs", Duration.between(begin, clock.instant()).toMillis())
                .put("perKind", kinds.build())
                .put("entries", all)
                .put("tracked", tracked.build())
                .put("skipped", skipped.build())
                .put("gitRevisions", revisions.build())
                .put("renders", kept.build())
                .put("volumes", claims.build())
                .put("recipients", recipients.build())
                .put("merkleRoot", SnapshotManifest.rootOf(all))
                .build());
    }

    /** The uid of kube-system, by which a cluster is known. */
    private static String clusterUid(Cluster cluster) {
        try {
            return cluster.get(ObjectRef.of(NAMESPACE, "", "kube-system"))
                    .map(ns -> ns.object("metadata").text("uid", ""))
                    .orElse("");
        } catch (ApiException notAllowed) {
            return "";
        }
    }

    /** A problem that ends the run. */
    private static final class Refusal extends GitOpsException {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        Refusal(Problem problem) {
            super(problem.code(), problem.text());
            this.problem = problem;
        }
    }

    /** What has been read so far. */
    private static final class Reading {
        private final BlobWriter blobs;
        private final List<KindReading> kinds = new ArrayList<>();
        private final List<SnapshotEntry> entries = new ArrayList<>();
        private final List<TrackedObject> tracked = new ArrayList<>();
        private final TreeMap<String, Long> skipped = new TreeMap<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, Boolean> services = new LinkedHashMap<>();
        private final Set<String> uids = new HashSet<>();
        private final Map<ResourceKey, String> secrets = new LinkedHashMap<>();
        private final List<RenderEntry> renders = new ArrayList<>();
        private final VolumeReading volumes;

        Reading(BlobWriter blobs, VolumeReading volumes) {
            this.blobs = blobs;
            this.volumes = volumes;
        }

        Kind begin() {
            return new Kind();
        }

        void service(ObjectRef ref, JsonObject object) {
            services.put(
                    ref.namespace() + "/" + ref.name(),
                    !object.object("spec").object("selector").isEmpty());
        }

        Optional<String> madeForService(JsonObject object) {
            String kind = object.text("kind", "");
            JsonObject metadata = object.object("metadata");
            String service = switch (kind) {
                case "Endpoints" -> metadata.text("name", "");
                case "EndpointSlice" -> metadata.object("labels").text("kubernetes.io/service-name", "");
                default -> "";
            };
            boolean made = services.getOrDefault(metadata.text("namespace", "") + "/" + service, false);
            return !service.isEmpty() && made ? Optional.of("made for its Service") : Optional.empty();
        }

        List<SnapshotEntry> sortedEntries() {
            return entries.stream().sorted((a, b) -> a.key().compareTo(b.key())).toList();
        }

        List<TrackedObject> sortedTracked() {
            return tracked.stream()
                    .sorted((a, b) -> a.ref().key().compareTo(b.ref().key()))
                    .toList();
        }

        /** The objects of one kind, which count only when its list has been read to the end or given up. */
        private final class Kind {
            private final List<SnapshotEntry> kept = new ArrayList<>();
            private final List<TrackedObject> held = new ArrayList<>();
            private final TreeMap<String, Long> left = new TreeMap<>();

            void forget() {
                kept.clear();
                held.clear();
                left.clear();
            }

            void skip(String reason) {
                left.merge(reason, 1L, Long::sum);
            }

            /** Keeps the data of a claim; whether it is kept, so that the claim must be kept too. */
            boolean volume(JsonObject claim) {
                return volumes.keep(claim);
            }

            void track(TrackedObject object) {
                held.add(object);
            }

            void keep(SnapshotEntry entry) {
                kept.add(entry);
            }

            void commit() {
                // The same object may be served under two groups.
                kept.stream()
                        .filter(e -> e.uid().isEmpty() || uids.add(e.uid()))
                        .forEach(entries::add);
                tracked.addAll(held);
                left.forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
            }
        }
    }

    /** Options of a snapshotter. */
    public static final class Options {
        private final SnapshotStore store;
        private final InstantSource clock;
        private SnapshotScope scope = SnapshotScope.everything();
        private @Nullable SecretSealer sealer;
        private @Nullable SnapshotSigner signer;
        private boolean withSecrets = true;
        private Map<String, String> gitRevisions = new LinkedHashMap<>();
        private final Map<String, GitRender> renders = new TreeMap<>();
        private @Nullable VolumeSnapshotter volumes;
        private SnapshotListener listener = SnapshotListener.none();

        private Options(SnapshotStore store, InstantSource clock) {
            this.store = store;
            this.clock = clock;
        }

        /** What Git holds already. Without it, everything is kept. */
        public Options scope(SnapshotScope newScope) {
            scope = newScope;
            return this;
        }

        /** Who encrypts Secrets. */
        public Options sealing(@Nullable SecretSealer newSealer) {
            sealer = newSealer;
            return this;
        }

        /** Who signs the manifests. */
        public Options signing(@Nullable SnapshotSigner newSigner) {
            signer = newSigner;
            return this;
        }

        /** Leaves Secrets out. */
        public Options withoutSecrets() {
            withSecrets = false;
            return this;
        }

        /** Application to the commit that it was synced to. */
        public Options gitRevisions(Map<String, String> revisions) {
            gitRevisions = new LinkedHashMap<>(revisions);
            return this;
        }

        /** Application to what it brings, so that it comes back even while Git cannot be reached. */
        public Options renders(Map<String, GitRender> byApplication) {
            renders.clear();
            renders.putAll(byApplication);
            return this;
        }

        /** Who keeps the data of volumes. Without one the snapshot warns of claims whose data is not kept. */
        public Options volumes(@Nullable VolumeSnapshotter newVolumes) {
            volumes = newVolumes;
            return this;
        }

        /** Who hears of the progress. */
        public Options listener(SnapshotListener newListener) {
            listener = newListener;
            return this;
        }

        /**
         * Takes a snapshot. What cannot be read makes it partial ({@code KIND_INCOMPLETE}), which is a warning. Problems, after
         * which the head is where it was: {@code SECRETS_WITHOUT_RECIPIENT} (nothing was written), {@code BROKEN_CHAIN} (the
         * snapshot before cannot be read), {@code UNSUPPORTED_RECIPIENT}, {@code HEAD_MOVED} (somebody else took a snapshot
         * meanwhile).
         */
        public Outcome<SnapshotResult> take(Cluster cluster) {
            return new Snapshotter(this).take(cluster);
        }
    }
}
