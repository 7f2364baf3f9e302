package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.recovery.snapshot.SecretOpener;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotListener;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.VerifyResult;
import io.gitops4j.recovery.snapshot.VolumeSnapshotter;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores snapshots into a cluster.
 *
 * <pre>{@code
 * RestoreReport report = Restorer.from(SnapshotChain.in(store).trusting(trust), clock)
 *         .opening(AgeSealing.opener(identities))
 *         .restore(RestoreRequest.of().mapNamespace("a", "b").build(), cluster)
 *         .orThrow();
 * }</pre>
 *
 * <p>Everything is read, checked and put in order before the first write. Where a run was killed, the next one with the same
 * journal first puts back webhooks that the earlier relaxed, then goes on, and creates nothing twice: what an earlier run
 * created carries the field manager {@code gitops4j-restore} and was not there at its beginning.
 */
public final class Restorer {
    /** The field manager of all writes. */
    public static final String MANAGER = "gitops4j-restore";

    static final Gvk NAMESPACE = new Gvk("", "v1", "Namespace");
    private static final int PAGE = 500;
    private static final int QUOTA_ROUNDS = 5;
    private static final int SERVED_TRIES = 60;

    private final SnapshotChain chain;
    private final InstantSource clock;
    private final @Nullable SecretOpener opener;
    private final RestoreJournal journal;
    private final Pause pause;
    private final SnapshotListener listener;
    private final @Nullable VolumeSnapshotter volumes;

    private Restorer(
            SnapshotChain chain,
            InstantSource clock,
            @Nullable SecretOpener opener,
            RestoreJournal journal,
            Pause pause,
            SnapshotListener listener,
            @Nullable VolumeSnapshotter volumes) {
        this.chain = chain;
        this.clock = clock;
        this.opener = opener;
        this.journal = journal;
        this.pause = pause;
        this.listener = listener;
        this.volumes = volumes;
    }

    /** Restores from a chain. */
    public static Restorer from(SnapshotChain chain, InstantSource clock) {
        return new Restorer(
                chain, clock, null, new MemoryRestoreJournal(), Pause.none(), SnapshotListener.none(), null);
    }

    /** A copy that opens Secrets. */
    public Restorer opening(@Nullable SecretOpener other) {
        return new Restorer(chain, clock, other, journal, pause, listener, volumes);
    }

    /** A copy with a journal that outlives the process. */
    public Restorer journal(RestoreJournal other) {
        return new Restorer(chain, clock, opener, other, pause, listener, volumes);
    }

    /** A copy that brings back the data of volumes; without it, claims come back empty, with a warning. */
    public Restorer volumes(@Nullable VolumeSnapshotter other) {
        return new Restorer(chain, clock, opener, journal, pause, listener, other);
    }

    /** A copy that waits where waiting helps. */
    public Restorer pause(Pause other) {
        return new Restorer(chain, clock, opener, journal, other, listener, volumes);
    }

    /** A copy that tells of its progress. */
    public Restorer listener(SnapshotListener other) {
        return new Restorer(chain, clock, opener, journal, pause, other, volumes);
    }

    /**
     * Restores into {@code target}. Problems, after which nothing was written: the codes of {@link VerifyResult.Code} (unless the
     * request forces it), {@code NO_IDENTITY} and others of the cipher, {@code MAPPING_COLLISION}, {@code EXISTS} (policy FAIL), those of the {@link VolumeSnapshotter},
     * {@code KIND_INCOMPLETE} (the target cannot be read), {@code JOURNAL_OF_OTHER_RESTORE}, {@code RESTORE_ENDED}.
     */
    public Outcome<RestoreReport> restore(RestoreRequest request, Cluster target) {
        Progress progress = new Progress(journal);
        WebhookRelief relief = new WebhookRelief(target, progress);
        if (!request.dryRun()) {
            relief.tightenAll();
        }
        List<Problem> notes = new ArrayList<>();
        Outcome<SnapshotManifest> chosen = manifest(request, notes);
        SnapshotManifest manifest = chosen.orNull();
        if (manifest == null) {
            return Outcome.failed(chosen.errors());
        }
        String digest = manifest.digest();
        if (progress.begun() && !progress.snapshot().equals(digest)) {
            return Outcome.failed(Problem.error(
                    "JOURNAL_OF_OTHER_RESTORE", "the journal belongs to a restore of " + progress.snapshot()));
        }
        if (progress.ended()) {
            return Outcome.failed(Problem.error("RESTORE_ENDED", "the restore that the journal tells of is complete")
                    .hint("begin a new one with another journal"));
        }
        List<ApiResource> resources = target.resources();
        RestorePlan plan = new RestorePlan(request, chain, opener, volumes, resources).read(manifest);
        if (request.force()) {
            notes.addAll(plan.errors);
        } else if (!plan.errors.isEmpty()) {
            return Outcome.failed(plan.errors);
        }
        notes.addAll(plan.warnings);
        return new Run(request, target, progress, relief, plan, notes, resources).all(manifest);
    }

    private Outcome<SnapshotManifest> manifest(RestoreRequest request, List<Problem> notes) {
        VerifyResult verified = chain.verify();
        if (!verified.ok()) {
            if (!request.force()) {
                return Outcome.failed(
                        verified.problems().stream().filter(Problem::isError).toList());
            }
            notes.addAll(verified.problems());
        }
        return request.snapshot().isPresent()
                ? chain.manifest(request.snapshot().get())
                : chain.head();
    }

    /** One run, after all was read. */
    private final class Run {
        private final RestoreRequest request;
        private final Cluster target;
        private final Progress progress;
        private final WebhookRelief relief;
        private final RestorePlan plan;
        private final List<Problem> notes;
        private final List<ApiResource> resources;
        private final Map<ResourceKey, JsonObject> there = new LinkedHashMap<>();
        private final List<RestoredItem> results = new ArrayList<>();
        private final List<RestoreReport.Stage> stages = new ArrayList<>();
        private final Set<String> pending = new LinkedHashSet<>();
        private final List<PreparedItem> unlinked = new ArrayList<>();
        private final OwnerLinks links;
        private final ItemWriter writer;
        private final HookCalls hooks;

        Run(
                RestoreRequest request,
                Cluster target,
                Progress progress,
                WebhookRelief relief,
                RestorePlan plan,
                List<Problem> notes,
                List<ApiResource> resources) {
            this.request = request;
            this.target = target;
            this.progress = progress;
            this.relief = relief;
            this.plan = plan;
            this.notes = notes;
            this.resources = resources;
            this.writer = new ItemWriter(target, request, progress, pause, notes);
            this.links = new OwnerLinks(plan.mapping(), this::uidOf, this::isNamespaced);
            RestoreHooks given = request.hooks();
            this.hooks = new HookCalls(given, progress, notes, given.equals(RestoreHooks.none()));
        }

        Outcome<RestoreReport> all(SnapshotManifest manifest) {
            Optional<Problem> unreadable = readTarget();
            if (unreadable.isPresent()) {
                return Outcome.failed(unreadable.get());
            }
            List<Problem> forbidden = forbidden();
            if (!forbidden.isEmpty()) {
                return Outcome.failed(forbidden);
            }
            results.addAll(plan.left);
            if (request.dryRun()) {
                plan.items.forEach(item -> results.add(foreseen(item)));
                return report(manifest);
            }
            if (!progress.begun()) {
                progress.begin(manifest.digest(), existingUids());
            }
            plan.items.forEach(item -> pending.add(item.entry().uid()));
            hooks.call("beforeRestore", request.hooks()::beforeRestore);
            if (request.relaxWebhooks()) {
                plan.items.stream()
                        .map(PreparedItem::target)
                        .filter(WebhookRelief::isConfiguration)
                        .forEach(relief::relax);
            }
            try {
                writeStages();
                secondPass();
            } finally {
                relief.tightenAll();
            }
            hooks.call("afterRestore", request.hooks()::afterRestore);
            progress.end();
            return report(manifest);
        }

        private Outcome<RestoreReport> report(SnapshotManifest manifest) {
            return Outcome.of(new RestoreReport(manifest.id(), results, notes, stages, request.dryRun()));
        }

        /** Reads which objects of the kinds to restore are in the target. */
        private Optional<Problem> readTarget() {
            Set<Gvk> kinds = new LinkedHashSet<>();
            Set<ResourceKey> wanted = new LinkedHashSet<>();
            for (PreparedItem item : plan.items) {
                wanted.add(item.target().key());
                if (resources.stream()
                        .anyMatch(r -> r.gvk().equals(item.target().gvk()))) {
                    kinds.add(item.target().gvk());
                }
            }
            for (Gvk gvk : kinds) {
                try {
                    readKind(gvk, wanted);
                } catch (ApiException refusal) {
                    return Optional.of(Problem.error(
                            "KIND_INCOMPLETE", "cannot list " + gvk + " of the target: " + refusal.getMessage()));
                }
            }
            return Optional.empty();
        }

        private void readKind(Gvk gvk, Set<ResourceKey> wanted) {
            String token = "";
            int restarts = 0;
            do {
                ListPage page;
                try {
                    String from = token;
                    page = writer.retried(() -> target.list(ListQuery.of(gvk).page(PAGE, from)));
                } catch (ApiException refusal) {
                    if (refusal.status().code() != 410 || restarts++ == 3) {
                        throw refusal;
                    }
                    token = "";
                    continue;
                }
                for (JsonObject object : page.items()) {
                    JsonObject metadata = object.object("metadata");
                    ResourceKey key = new ResourceKey(
                            gvk.group(), gvk.kind(), metadata.text("namespace", ""), metadata.text("name", ""));
                    if (wanted.contains(key)) {
                        there.put(key, object.has("kind") ? object : typed(object, gvk));
                    }
                }
                token = page.continueToken();
            } while (!token.isEmpty());
        }

        private JsonObject typed(JsonObject object, Gvk gvk) {
            return object.with("apiVersion", Json.of(gvk.apiVersion())).with("kind", Json.of(gvk.kind()));
        }

        private List<Problem> forbidden() {
            List<Problem> problems = new ArrayList<>();
            if (request.existing() != ExistingPolicy.FAIL || progress.begun()) {
                return problems;
            }
            for (PreparedItem item : plan.items) {
                JsonObject live = there.get(item.target().key());
                if (live != null && !writer.same(item.body(), live)) {
                    problems.add(Problem.error("EXISTS", item.target().key() + " exists and differs"));
                }
            }
            return problems;
        }

        private Map<String, String> existingUids() {
            Map<String, String> uids = new LinkedHashMap<>();
            for (PreparedItem item : plan.items) {
                JsonObject live = there.get(item.target().key());
                if (live != null) {
                    uids.put(item.id(), live.object("metadata").text("uid", ""));
                }
            }
            return uids;
        }

        private RestoredItem foreseen(PreparedItem item) {
            JsonObject live = there.get(item.target().key());
            Result result = Result.CREATED;
            if (live != null) {
                result = writer.same(item.body(), live)
                        ? Result.UNCHANGED
                        : switch (request.existing()) {
                            case SKIP, FAIL -> Result.SKIPPED;
                            case UPDATE -> Result.UPDATED;
                            case REPLACE -> Result.REPLACED;
                            case RECREATE -> Result.RECREATED;
                        };
            }
            String code = result == Result.SKIPPED ? "EXISTS" : "";
            return new RestoredItem(
                    item.entry().key(), item.target(), result, code, code.isEmpty() ? "" : "exists and differs", "");
        }

        private void writeStages() {
            int from = 0;
            while (from < plan.items.size()) {
                String stage = RestoreOrder.stage(plan.items.get(from).entry().ref());
                int to = from;
                while (to < plan.items.size()
                        && RestoreOrder.stage(plan.items.get(to).entry().ref()).equals(stage)) {
                    to++;
                }
                Instant begin = clock.instant();
                boolean going = writeStage(plan.items.subList(from, to));
                if (stage.equals("definitions")) {
                    awaitDefinitions();
                }
                stages.add(new RestoreReport.Stage(stage, to - from, Duration.between(begin, clock.instant())));
                listener.progress(stage, to, plan.items.size());
                hooks.call("afterStage " + stage, () -> request.hooks().afterStage(stage));
                from = going ? to : plan.items.size();
            }
            progress.flush();
        }

        /** Whether to go on with the next stage. */
        private boolean writeStage(List<PreparedItem> items) {
            List<PreparedItem> waiting = items;
            for (int round = 0; !waiting.isEmpty() && round < QUOTA_ROUNDS; round++) {
                if (round > 0) {
                    pause.sleep(Duration.ofSeconds(1L << round));
                }
                List<PreparedItem> again = new ArrayList<>();
                for (PreparedItem item : waiting) {
                    RestoredItem result = writeItem(item);
                    if (result == null) {
                        again.add(item);
                    } else if (result.result() == Result.FAILED && request.stopAtFailure()) {
                        return false;
                    }
                }
                waiting = again;
            }
            for (PreparedItem item : waiting) {
                finish(item, ItemWriter.failed(item, "QUOTA", "the quota of its namespace has no room"));
            }
            return waiting.isEmpty() || !request.stopAtFailure();
        }

        /** The result; {@code null} when there is no room for it now. */
        private @Nullable RestoredItem writeItem(PreparedItem item) {
            String earlier = progress.result(item.id());
            if (earlier != null && !earlier.startsWith("FAILED")) {
                RestoredItem done = earlierResult(item, earlier);
                results.add(done);
                learn(item, done.uid());
                if (isToLink(item, done)) {
                    unlinked.add(item);
                }
                return done;
            }
            OwnerLinks.Links owners = links.of(item, pending, notes);
            RestoredItem result;
            try {
                result = writer.write(
                        item, owners.references(), there.get(item.target().key()));
            } catch (ItemWriter.OutOfQuota noRoom) {
                return null;
            }
            boolean linked = owners.complete() && result.result() != Result.UNCHANGED && !isAdopted(item, result);
            if (isToLink(item, result) && !linked) {
                unlinked.add(item);
            }
            boolean changed = result.result() == Result.REPLACED || result.result() == Result.RECREATED;
            if (changed && WebhookRelief.isConfiguration(item.target())) {
                relief.settled(item.target());
            }
            finish(item, result);
            return result;
        }

        private boolean isToLink(PreparedItem item, RestoredItem result) {
            boolean mayWrite = request.existing() != ExistingPolicy.SKIP && request.existing() != ExistingPolicy.FAIL;
            return !item.owners().isEmpty()
                    && switch (result.result()) {
                        case CREATED, UPDATED, REPLACED, RECREATED -> true;
                        case UNCHANGED -> mayWrite;
                        case SKIPPED, FAILED -> false;
                    };
        }

        /** Whether an object was written by an earlier run, whose links are not known. */
        private boolean isAdopted(PreparedItem item, RestoredItem result) {
            return there.containsKey(item.target().key()) && result.result() == Result.CREATED;
        }

        private void finish(PreparedItem item, RestoredItem result) {
            results.add(result);
            learn(item, result.uid());
            boolean written = result.result() != Result.SKIPPED && result.result() != Result.FAILED;
            if (written && request.hooks().wantsItems()) {
                hooks.call("afterItem " + item.id(), () -> request.hooks().afterItem(item.body()));
            }
            progress.item(item.id(), result.result() + " " + result.uid() + " " + result.code());
        }

        private void learn(PreparedItem item, String uid) {
            links.learn(item.entry().uid(), uid);
            pending.remove(item.entry().uid());
        }

        private RestoredItem earlierResult(PreparedItem item, String detail) {
            String[] parts = detail.split(" ", -1);
            return new RestoredItem(
                    item.entry().key(),
                    item.target(),
                    Result.valueOf(parts[0]),
                    parts.length > 2 ? parts[2] : "",
                    "done by an earlier run",
                    parts.length > 1 ? parts[1] : "");
        }

        /** Waits until the restored definitions are served, so that their objects are not refused. */
        private void awaitDefinitions() {
            Set<Gvk> wanted = new LinkedHashSet<>();
            plan.items.stream()
                    .map(item -> item.target().gvk())
                    .filter(plan::comes)
                    .forEach(wanted::add);
            for (int i = 0; !wanted.isEmpty() && i < SERVED_TRIES; i++) {
                target.resources().forEach(r -> wanted.remove(r.gvk()));
                if (!wanted.isEmpty()) {
                    pause.sleep(Duration.ofSeconds(1));
                }
            }
            wanted.forEach(gvk -> notes.add(
                    Problem.warning("KIND_UNKNOWN", gvk + " is still not served after its definition was restored")));
        }

        /** Owners that came after their dependents, and circles. */
        private void secondPass() {
            Instant begin = clock.instant();
            for (PreparedItem item : unlinked) {
                JsonArray owners = links.of(item, Set.of(), notes).references();
                try {
                    writer.link(item, owners);
                } catch (ApiException refusal) {
                    notes.add(Problem.warning(
                            "OWNER_DROPPED",
                            item.id() + ": "
                                    + Refusals.text(refusal, item.entry().sealed())));
                }
            }
            if (!unlinked.isEmpty()) {
                stages.add(
                        new RestoreReport.Stage("owners", unlinked.size(), Duration.between(begin, clock.instant())));
            }
        }

        private Optional<String> uidOf(ObjectRef ref) {
            if (resources.stream().noneMatch(r -> r.gvk().equals(ref.gvk()))) {
                return Optional.empty();
            }
            return writer.retried(() -> target.get(ref))
                    .map(object -> object.object("metadata").text("uid", ""));
        }

        private boolean isNamespaced(Gvk gvk) {
            return resources.stream().filter(r -> r.gvk().equals(gvk)).allMatch(ApiResource::namespaced);
        }
    }
}
