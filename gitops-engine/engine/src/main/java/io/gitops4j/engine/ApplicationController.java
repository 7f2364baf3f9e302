package io.gitops4j.engine;

import com.google.common.collect.ImmutableMap;
import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.SyncWindows;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.EventSink;
import io.gitops4j.spi.MetricsSink;
import io.gitops4j.spi.OperationJournal;
import io.gitops4j.spi.Tracing;
import io.gitops4j.sync.ApplicationDependencies;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.sync.FairQueue;
import io.gitops4j.sync.Refresh;
import io.gitops4j.sync.ResourcePages;
import io.gitops4j.sync.SelfHealBackoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Applications as they should be: compares, syncs, heals, deletes, and writes their status. It has no thread and no clock
 * of its own: whoever owns it calls {@link #run}, which does all that is due and says when it wants to be called again. Work is
 * found by event (a changed Application, source or live object) and by time, never by looking at everything: an index leads from
 * an object to the applications that it concerns.
 *
 * <p>Each cluster, under each identity, is a lane of its own. One that fails is left alone for a growing while, and holds no
 * application of another up. Tenants (projects) take turns. What an operation is about to do is in the journal first, so that
 * another controller goes on with it after a crash.
 *
 * <pre>{@code
 * ApplicationController controller = ApplicationController.builder(gitops, store).build();
 * Instant next = controller.run();
 * }</pre>
 *
 * <p>For use by one thread at a time.
 */
public final class ApplicationController {
    final GitOps gitops;
    final ApplicationStore store;
    final OperationJournal journal;
    final DecisionLog log;
    final Duration resync;
    final SelfHealBackoff healing;
    final Duration grace;
    private final EventSink events;
    private final MetricsSink metrics;
    private final Tracing tracing;
    private final UnaryOperator<Cluster> access;
    private final int mostPerRun;
    private final Map<String, ApplicationLoop> loops = new TreeMap<>();
    private final Map<String, TreeSet<String>> byTrackedName = new TreeMap<>();
    private final Map<String, TreeSet<String>> byRepository = new TreeMap<>();
    private final Map<String, TreeSet<String>> byDependency = new TreeMap<>();
    private final Map<String, ClusterLane> lanes = new LinkedHashMap<>();
    private final TreeMap<Instant, TreeSet<String>> alarms = new TreeMap<>();
    private final Map<String, Instant> alarmOf = new LinkedHashMap<>();
    private final FairQueue<String> queue = new FairQueue<>(Integer.MAX_VALUE);
    private final Map<String, Instant> fetchedAt = new LinkedHashMap<>();
    private final Duration fetchEvery;

    private ApplicationController(Builder builder) {
        gitops = builder.gitops;
        store = builder.store;
        journal = builder.journal;
        log = builder.log;
        resync = builder.resync;
        healing = builder.healing;
        grace = builder.grace;
        events = builder.events;
        metrics = builder.metrics;
        tracing = builder.tracing;
        access = builder.access;
        mostPerRun = builder.mostPerRun;
        fetchEvery = builder.fetchEvery;
    }

    /** Begins a controller of the Applications of a store. */
    public static Builder builder(GitOps gitops, ApplicationStore store) {
        return new Builder(gitops, store);
    }

    /**
     * Does what is due.
     *
     * @return when to call again at the latest; empty when nothing but an event helps
     */
    public Optional<Instant> run() {
        Instant now = gitops.now();
        intake(now);
        for (ClusterLane lane : lanes.values()) {
            poll(lane, now);
        }
        ring(now);
        int done = 0;
        for (Optional<FairQueue.Entry<String>> next = take(done); next.isPresent(); next = take(done)) {
            String name = next.get().key();
            work(name, now);
            queue.done(next.get());
            done++;
        }
        return queue.size() > 0 ? Optional.of(now) : next();
    }

    private Optional<FairQueue.Entry<String>> take(int done) {
        return done < mostPerRun ? queue.take() : Optional.empty();
    }

    private Optional<Instant> next() {
        Instant first = alarms.isEmpty() ? null : alarms.firstKey();
        for (ClusterLane lane : lanes.values()) {
            Instant retry = lane.retryAt();
            if (retry != null && (first == null || retry.isBefore(first))) {
                first = retry;
            }
        }
        return Optional.ofNullable(first);
    }

    // ---- what happens outside

    /** Says that a repository has new commits, such as for a webhook: its applications look for them at once. */
    public void sourceChanged(String repositoryUrl) {
        fetchedAt.remove(repositoryUrl);
        for (String name : byRepository.getOrDefault(repositoryUrl, new TreeSet<>())) {
            request(name, Refresh.Level.FORCED);
        }
    }

    /** Asks for a comparison of an application. */
    public void refresh(String name, Refresh.Level level) {
        request(name, level);
    }

    private void request(String name, Refresh.Level level) {
        ApplicationLoop loop = loops.get(name);
        if (loop != null) {
            loop.request(level);
            due(loop);
        }
    }

    private void intake(Instant now) {
        List<ApplicationStore.Change> changes;
        try {
            changes = store.changes();
        } catch (GitOpsException e) {
            log.append(now, "", "STORE_FAILED", e.code() + ": " + e.getMessage());
            wake("", now.plusSeconds(5));
            return;
        }
        for (ApplicationStore.Change change : changes) {
            Application application = change.application().orElse(null);
            ApplicationLoop known = loops.get(change.name());
            if (application == null) {
                if (known != null) {
                    remove(known, now);
                }
                continue;
            }
            if (known == null) {
                known = new ApplicationLoop(this, application);
                loops.put(change.name(), known);
                index(known, application);
            } else {
                unindex(known);
                index(known, application);
            }
            known.take(application, change.problems());
            due(known);
        }
    }

    private void index(ApplicationLoop loop, Application application) {
        byTrackedName.computeIfAbsent(application.name(), n -> new TreeSet<>()).add(loop.name());
        application
                .sources()
                .forEach(source -> byRepository
                        .computeIfAbsent(source.repoUrl(), url -> new TreeSet<>())
                        .add(loop.name()));
        ApplicationDependencies.of(application)
                .forEach(needed -> byDependency
                        .computeIfAbsent(needed, n -> new TreeSet<>())
                        .add(loop.name()));
    }

    private void unindex(ApplicationLoop loop) {
        drop(byTrackedName, loop.application().name(), loop.name());
        loop.application().sources().forEach(source -> drop(byRepository, source.repoUrl(), loop.name()));
        ApplicationDependencies.of(loop.application()).forEach(needed -> drop(byDependency, needed, loop.name()));
    }

    private static void drop(Map<String, TreeSet<String>> map, String key, String name) {
        TreeSet<String> names = map.get(key);
        if (names != null && names.remove(name) && names.isEmpty()) {
            map.remove(key);
        }
    }

    private void remove(ApplicationLoop loop, Instant now) {
        unindex(loop);
        loops.remove(loop.name());
        Instant alarm = alarmOf.remove(loop.name());
        if (alarm != null) {
            unset(alarm, loop.name());
        }
        lanes.values().forEach(lane -> lane.wants(loop.application().name(), new LinkedHashSet<>()));
        journal.clear(loop.name());
        log.append(now, loop.name(), "FORGET", "the Application is gone");
        event(now, "ApplicationDeleted", loop.name(), JsonObject.empty());
        event(now, "on-deleted", loop.name(), JsonObject.empty());
        changed(loop.name());
    }

    // ---- applications that need others

    /** What an application waits for before it is synced by itself. */
    Outcome<Optional<String>> waitsFor(Application application) {
        return ApplicationDependencies.waitsFor(application, this::application);
    }

    /** Lets those look again that wait for an application. */
    void changed(String name) {
        if (byDependency.isEmpty()) {
            return;
        }
        for (String waiting : byDependency.getOrDefault(name, new TreeSet<>())) {
            request(waiting, Refresh.Level.RECENT);
        }
    }

    private void poll(ClusterLane lane, Instant now) {
        for (String tracked : lane.poll(now)) {
            for (String name : byTrackedName.getOrDefault(tracked, new TreeSet<>())) {
                request(name, Refresh.Level.RECENT);
            }
        }
    }

    // ---- the queue and the alarms

    private void due(ApplicationLoop loop) {
        queue.add(loop.application().project(), loop.name());
    }

    private void ring(Instant now) {
        while (!alarms.isEmpty() && !alarms.firstKey().isAfter(now)) {
            for (String name : alarms.pollFirstEntry().getValue()) {
                alarmOf.remove(name);
                ApplicationLoop loop = loops.get(name);
                if (loop != null) {
                    due(loop);
                }
            }
        }
    }

    private void wake(String name, @Nullable Instant at) {
        Instant before = alarmOf.remove(name);
        if (before != null) {
            unset(before, name);
        }
        if (at != null) {
            alarmOf.put(name, at);
            alarms.computeIfAbsent(at, t -> new TreeSet<>()).add(name);
        }
    }

    private void unset(Instant at, String name) {
        TreeSet<String> names = alarms.get(at);
        if (names != null && names.remove(name) && names.isEmpty()) {
            alarms.remove(at);
        }
    }

    private void work(String name, Instant now) {
        ApplicationLoop loop = loops.get(name);
        if (loop == null) {
            return;
        }
        try (Tracing.Span span = tracing.begin("reconcile", ImmutableMap.of("application", name))) {
            Instant next = loop.step(now);
            span.attribute("next", String.valueOf(next));
            wake(name, next);
        }
        if (loop.isGone()) {
            remove(loop, now);
        }
    }

    // ---- what the loops use

    /** The lane of an application; it has been polled. Problems: those of the destination. */
    Outcome<ClusterLane> lane(Application application, Instant now) {
        return gitops.cluster(application).map(cluster -> {
            String key = lane(cluster, application);
            ClusterLane known = lanes.get(key);
            if (known == null) {
                known = new ClusterLane(
                        access.apply(cluster),
                        gitops.tracking(),
                        gitops.healthCheck(),
                        gitops.limits().manifestBytes());
                lanes.put(key, known);
            }
            Instant retry = known.retryAt();
            if (!known.isUp() && (retry == null || !now.isBefore(retry))) {
                poll(known, now);
            }
            return known;
        });
    }

    private String lane(Cluster cluster, Application application) {
        return cluster.name() + "@" + gitops.identity(application);
    }

    /** Fetches what is new in the repositories of an application, each at most once in a while. */
    void fetch(Application application, boolean forced, Instant now) {
        application.sources().forEach(source -> {
            Instant last = fetchedAt.get(source.repoUrl());
            boolean recent = last != null && (forced ? last.equals(now) : now.isBefore(last.plus(fetchEvery)));
            if (!recent) {
                gitops.repository(source.repoUrl()).value().ifPresent(repository -> repository.refresh());
                fetchedAt.put(source.repoUrl(), now);
            }
        });
    }

    /** Whether sync windows let a sync of the application run. */
    boolean windowAllows(Application application, boolean manual, @Nullable Instant operationStart, Instant now) {
        AppProject project = gitops.project(application.project());
        if (project == null || project.syncWindows().isEmpty()) {
            return true;
        }
        Cluster cluster = gitops.clusters().find(application.destination()).orNull();
        return SyncWindows.of(project.syncWindows())
                .map(windows -> windows.matching(
                                application.name(),
                                application.destination().namespace(),
                                cluster == null ? "" : cluster.server(),
                                cluster == null ? "" : cluster.name())
                        .allow(now, manual, operationStart))
                .value()
                .orElse(false);
    }

    void event(Instant now, String type, String name, JsonObject data) {
        events.accept(new EventSink.Event(now, type, name, data));
    }

    MetricsSink metrics() {
        return metrics;
    }

    Tracing tracing() {
        return tracing;
    }

    // ---- to look at

    /** The Applications as the controller knows them, by name. */
    public List<Application> applications() {
        return loops.values().stream().map(ApplicationLoop::application).toList();
    }

    /** The Application of a name as the controller knows it. */
    public Optional<Application> application(String name) {
        return Optional.ofNullable(loops.get(name)).map(ApplicationLoop::application);
    }

    /**
     * All resources of an application as of its last comparison, in pages: also those that do not fit into its status. Empty for
     * one that is not known or was not compared yet.
     *
     * @param bytes most bytes of a page
     */
    public Optional<ResourcePages> resources(String name, int bytes) {
        return Optional.ofNullable(loops.get(name)).flatMap(loop -> loop.pages(bytes));
    }

    /** The objects of an application with all that belongs to them, parents before children; by what the last run has seen. */
    public List<ResourceNode> tree(String name) {
        ApplicationLoop loop = loops.get(name);
        ClusterLane lane = loop == null
                ? null
                : gitops.cluster(loop.application())
                        .map(cluster -> Optional.ofNullable(lanes.get(lane(cluster, loop.application()))))
                        .value()
                        .flatMap(found -> found)
                        .orElse(null);
        List<ResourceNode> nodes = new ArrayList<>();
        if (loop != null && lane != null) {
            List<ResourceKey> roots = new ArrayList<>();
            lane.own(loop.application().name())
                    .forEach(object -> roots.add(ObjectRef.of(object).key()));
            lane.objects().graph().walk(roots, (key, depth) -> nodes.add(new ResourceNode(key, depth)));
        }
        return Collections.unmodifiableList(nodes);
    }

    /** The names of the applications that have an operation going on. */
    public Set<String> operating() {
        Set<String> names = new LinkedHashSet<>();
        loops.forEach((name, loop) -> {
            if (loop.isOperating()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The clusters that are left alone for the moment, with the reason. */
    public List<Problem> unreachable() {
        return lanes.values().stream()
                .filter(lane -> !lane.isUp())
                .map(ClusterLane::failure)
                .toList();
    }

    /** The decisions, newest last. */
    public DecisionLog decisions() {
        return log;
    }

    /** Entries that are kept for applications, alarms and objects that are wanted: back to where it was when all is quiet. */
    public int memory() {
        return loops.size() + alarmOf.size() + queue.size();
    }

    /** Ends all watches. */
    public void close() {
        lanes.values().forEach(ClusterLane::close);
    }

    /** Collects the parts of a controller. */
    public static final class Builder {
        private final GitOps gitops;
        private final ApplicationStore store;
        private OperationJournal journal = new MemoryJournal();
        private DecisionLog log = new DecisionLog(10_000, entry -> {});
        private Duration resync = Duration.ofSeconds(120);
        private Duration grace = Duration.ofSeconds(180);
        private Duration fetchEvery = Duration.ofSeconds(60);
        private SelfHealBackoff healing = SelfHealBackoff.defaults();
        private EventSink events = event -> {};
        private MetricsSink metrics = MetricsSink.none();
        private Tracing tracing = Tracing.none();
        private UnaryOperator<Cluster> access = cluster -> cluster;
        private int mostPerRun = Integer.MAX_VALUE;

        private Builder(GitOps gitops, ApplicationStore store) {
            this.gitops = gitops;
            this.store = store;
        }

        /** Where open operations are kept; default in memory. */
        public Builder journal(OperationJournal operationJournal) {
            journal = operationJournal;
            return this;
        }

        /** Where decisions go. */
        public Builder decisions(DecisionLog decisionLog) {
            log = decisionLog;
            return this;
        }

        /** How old a comparison may become; default two minutes. */
        public Builder resync(Duration after) {
            resync = after;
            return this;
        }

        /** How long a source that cannot be read leaves the last good status in place; default three minutes. */
        public Builder grace(Duration period) {
            grace = period;
            return this;
        }

        /** How often a repository is asked for new commits at most, unless it is said to have some; default a minute. */
        public Builder fetchEvery(Duration period) {
            fetchEvery = period;
            return this;
        }

        /** How long healing pauses between attempts. */
        public Builder healing(SelfHealBackoff backoff) {
            healing = backoff;
            return this;
        }

        /** Who is told what happens. */
        public Builder events(EventSink sink) {
            events = sink;
            return this;
        }

        /** Who takes figures. */
        public Builder metrics(MetricsSink sink) {
            metrics = sink;
            return this;
        }

        /** Who takes spans. */
        public Builder tracing(Tracing spans) {
            tracing = spans;
            return this;
        }

        /** How clusters are reached, such as through something that counts, limits or fences calls. */
        public Builder access(UnaryOperator<Cluster> wrapper) {
            access = wrapper;
            return this;
        }

        /** Most applications that one {@link ApplicationController#run} works on, taking turns by project. */
        public Builder mostPerRun(int applications) {
            mostPerRun = applications;
            return this;
        }

        /** The controller. */
        public ApplicationController build() {
            return new ApplicationController(this);
        }
    }
}
