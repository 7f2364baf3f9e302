package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.ProjectGuard;
import io.gitops4j.project.ProjectRules;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.HistoryStore;
import io.gitops4j.spi.PlanGate;
import io.gitops4j.spi.Renderer;
import io.gitops4j.spi.SecretDecryptor;
import io.gitops4j.sync.DiffComparer;
import io.gitops4j.sync.DirectoryRenderer;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.Planner;
import io.gitops4j.sync.ResourceComparer;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceTracking;
import io.gitops4j.sync.SyncResult;
import io.gitops4j.sync.SyncRunner;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.sync.SyncTask;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Renders, plans, syncs and rolls back Applications. Built once, used for many; it holds no state of its own beyond open
 * repositories, history being in the {@link HistoryStore}. For use by one thread at a time.
 */
public final class GitOps {
    private final ApplicationRenderer renderer;
    private final ClusterRegistry clusters;
    private final HealthCheck health;
    private final HealthSummary summary;
    private final List<PlanGate> gates;
    private final InstantSource clock;
    private final ResourceTracking tracking;
    private final Function<Application, Outcome<ResourceComparer>> comparers;
    private final Map<String, AppProject> projects;
    private final HistoryStore history;
    private final SyncRunner.Pause pause;

    private GitOps(Builder builder) {
        renderer = new ApplicationRenderer(
                builder.git, builder.renderers, builder.limits, builder.decryptors, builder.references);
        clusters = ClusterRegistry.of(builder.clusters);
        health = builder.health;
        summary = new HealthSummary(builder.health);
        gates = List.copyOf(builder.gates);
        clock = builder.clock;
        tracking = builder.tracking;
        comparers = builder.comparers;
        projects = Collections.unmodifiableMap(new LinkedHashMap<>(builder.projects));
        history = builder.history;
        pause = builder.pause;
    }

    /**
     * Begins a facade.
     *
     * @param git where repositories come from
     * @param clock where time comes from
     */
    public static Builder builder(GitAccess git, InstantSource clock) {
        return new Builder(git, clock);
    }

    /** What {@code application} wants at the head of its sources. */
    public Outcome<RenderedApplication> render(Application application) {
        return renderer.render(application, List.of());
    }

    /** What {@code application} wants at these revisions, one a source. */
    public Outcome<RenderedApplication> render(Application application, List<String> revisions) {
        return renderer.render(application, revisions);
    }

    /** The live objects that concern {@code application}, as its cluster has them now. */
    public Outcome<ResourceIndex> observe(Application application) {
        return clusters.find(application.destination()).then(this::observe);
    }

    private Outcome<ResourceIndex> observe(Cluster cluster) {
        try {
            return Outcome.of(ResourceIndex.read(cluster, Kinds.of(cluster), tracking));
        } catch (GitOpsException e) {
            return Outcome.failed(Problem.error(e.code(), "cluster " + cluster.name() + ": " + e.getMessage()));
        }
    }

    /** What a sync would do now, under the Application's own policy. */
    public Outcome<Plan> plan(Application application) {
        return plan(application, List.of(), SyncSettings.of(application.syncPolicy()));
    }

    /** What a sync to these revisions would do now. */
    public Outcome<Plan> plan(Application application, List<String> revisions, SyncSettings settings) {
        return render(application, revisions)
                .then(rendered -> observe(application).then(index -> plan(rendered, index, settings)));
    }

    /** What a sync of {@code rendered} over the observed objects would do. Pure. */
    public Outcome<Plan> plan(RenderedApplication rendered, ResourceIndex index, SyncSettings settings) {
        Application application = rendered.application();
        return clusters.find(application.destination())
                .then(cluster -> guard(application, cluster)
                        .then(guard -> comparers
                                .apply(application)
                                .then(comparer -> plan(rendered, index, settings, cluster, comparer, guard))));
    }

    /**
     * What the Application's project refuses. Without any registered project everything is permitted. Problems:
     * {@code PROJECT_UNKNOWN} and those of {@link ProjectGuard#check}.
     */
    private Outcome<Function<SyncTask, Optional<String>>> guard(Application application, Cluster cluster) {
        if (projects.isEmpty()) {
            return Outcome.of(task -> Optional.empty());
        }
        AppProject project = projects.get(application.project());
        if (project == null) {
            return Outcome.failed(Problem.error(
                            "PROJECT_UNKNOWN",
                            application.name() + " names project " + application.project() + ", which does not exist")
                    .hint("projects: " + String.join(", ", projects.keySet())));
        }
        ProjectRules rules = ProjectRules.of(project);
        List<Problem> refused = ProjectGuard.check(
                rules, application, cluster.server(), List.of(cluster.server()), application.namespace());
        return refused.isEmpty()
                ? Outcome.of(new ProjectGuard(rules, cluster.server(), cluster.name(), Kinds.of(cluster)))
                : Outcome.failed(refused);
    }

    private Outcome<Plan> plan(
            RenderedApplication rendered,
            ResourceIndex index,
            SyncSettings settings,
            Cluster cluster,
            ResourceComparer comparer,
            Function<SyncTask, Optional<String>> guard) {
        Application application = rendered.application();
        Kinds kinds = Kinds.of(cluster);
        List<ResourceKey> keys = new ArrayList<>();
        for (Manifest manifest : rendered.manifests()) {
            ResourceKey key = manifest.key();
            boolean needsNamespace = key.namespace().isEmpty() && kinds.namespaced(manifest.gvk());
            keys.add(needsNamespace ? key.inNamespace(application.destination().namespace()) : key);
        }
        keys.add(new ResourceKey("", "Namespace", "", application.destination().namespace()));
        return Planner.plan(PlanRequest.builder(
                        application.name(), application.destination().namespace())
                .desired(rendered.manifests())
                .live(index.of(application.name(), keys))
                .revision(rendered.revision())
                .now(clock.instant())
                .settings(settings)
                .tracking(tracking)
                .comparer(comparer)
                .kinds(kinds)
                .gates(gates)
                .refusals(guard)
                .build());
    }

    /** Plans and syncs under the Application's own policy, and records the success. */
    public SyncOutcome sync(Application application) {
        return sync(application, List.of(), SyncSettings.of(application.syncPolicy()));
    }

    /** Plans and syncs to these revisions, and records the success. */
    public SyncOutcome sync(Application application, List<String> revisions, SyncSettings settings) {
        Outcome<Plan> planned = plan(application, revisions, settings);
        Plan plan = planned.orNull();
        return plan == null ? SyncOutcome.refused(planned.problems()) : apply(application, plan);
    }

    /** Carries out a plan, refused when the live objects have moved on since; records the success. */
    public SyncOutcome apply(Application application, Plan plan) {
        Outcome<Cluster> cluster = clusters.find(application.destination());
        if (!cluster.ok()) {
            return SyncOutcome.refused(cluster.problems());
        }
        Outcome<ResourceComparer> comparer = comparers.apply(application);
        if (!comparer.ok()) {
            return SyncOutcome.refused(comparer.problems());
        }
        Outcome<Function<SyncTask, Optional<String>>> guard = guard(application, cluster.orThrow());
        if (!guard.ok()) {
            return SyncOutcome.refused(guard.problems());
        }
        SyncResult result;
        try {
            result = new SyncRunner(cluster.orThrow(), comparer.orThrow(), health, guard.orThrow())
                    .run(plan, clock, pause);
        } catch (GitOpsException e) {
            return SyncOutcome.refused(List.of(Problem.error(e.code(), String.valueOf(e.getMessage()))));
        }
        if (!result.problems().isEmpty()) {
            return SyncOutcome.refused(result.problems());
        }
        if (result.succeeded()) {
            record(application, plan.revision());
        }
        return new SyncOutcome(Optional.of(result), List.of());
    }

    /** The Application as it stands now. */
    public ApplicationView view(Application application) {
        Outcome<ResourceIndex> observed = observe(application);
        return observed.ok()
                ? view(application, observed.orThrow())
                : ApplicationViews.failed(application, observed.problems());
    }

    /** The Application as it stands in what was observed. */
    public ApplicationView view(Application application, ResourceIndex index) {
        Outcome<RenderedApplication> rendered = render(application);
        if (!rendered.ok()) {
            return ApplicationViews.failed(application, rendered.problems());
        }
        Outcome<Plan> planned = plan(
                rendered.orThrow(),
                index,
                SyncSettings.of(application.syncPolicy()).withPrune(true).withAllowEmpty(true));
        Plan plan = planned.orNull();
        if (plan == null) {
            return ApplicationViews.failed(application, planned.problems());
        }
        List<Problem> problems = new ArrayList<>(rendered.problems());
        problems.addAll(planned.problems());
        problems.addAll(plan.problems());
        return ApplicationViews.of(application, plan, index, summary, problems);
    }

    /** What was deployed, oldest first. */
    public List<HistoryEntry> history(Application application) {
        return history.entries(application.qualifiedName()).stream()
                .map(HistoryEntry::from)
                .toList();
    }

    /**
     * Syncs to an earlier entry of the history. Problems: {@code ROLLBACK_UNKNOWN}, {@code ROLLBACK_AUTOMATED} (an automated
     * sync would undo it at once).
     */
    public SyncOutcome rollback(Application application, long id) {
        if (application.syncPolicy().automated()) {
            return SyncOutcome.refused(List.of(Problem.error(
                            "ROLLBACK_AUTOMATED",
                            "rollback cannot be performed when auto-sync is enabled on " + application.name())
                    .hint("switch syncPolicy.automated off first")));
        }
        for (HistoryEntry entry : history(application)) {
            if (entry.id() == id) {
                SyncSettings settings =
                        SyncSettings.of(application.syncPolicy()).withPrune(true);
                return sync(application, entry.revisions(), settings);
            }
        }
        return SyncOutcome.refused(List.of(Problem.error(
                        "ROLLBACK_UNKNOWN", "the history of " + application.name() + " has no entry " + id)
                .hint("history ids: "
                        + String.join(
                                ", ",
                                history(application).stream()
                                        .map(e -> String.valueOf(e.id()))
                                        .toList()))));
    }

    private void record(Application application, String revision) {
        List<JsonObject> entries = new ArrayList<>(history.entries(application.qualifiedName()));
        long next = entries.isEmpty()
                ? 0
                : HistoryEntry.from(entries.get(entries.size() - 1)).id() + 1;
        List<String> revisions = List.of(revision.split(",", -1));
        boolean repeated = !entries.isEmpty()
                && HistoryEntry.from(entries.get(entries.size() - 1))
                        .revisions()
                        .equals(revisions);
        if (repeated) {
            return;
        }
        entries.add(new HistoryEntry(next, revisions, clock.instant()).toJson());
        int limit = Math.max(1, application.revisionHistoryLimit());
        history.replace(
                application.qualifiedName(), entries.subList(Math.max(0, entries.size() - limit), entries.size()));
    }

    /** The health of each live object of {@code application}, by key. */
    public Map<ResourceKey, Health> health(Application application, ResourceIndex index) {
        Map<ResourceKey, Health> judged = new LinkedHashMap<>();
        for (JsonObject live : index.of(application.name())) {
            judged.put(
                    Manifest.trusted(live, io.gitops4j.manifest.Origin.memory()).key(), summary.of(live));
        }
        return judged;
    }

    /** The kinds of the live objects of {@code application}, in the order of their keys. */
    public Outcome<Set<Gvk>> kinds(Application application) {
        return observe(application).map(index -> {
            Set<Gvk> kinds = new LinkedHashSet<>();
            for (JsonObject live : index.of(application.name())) {
                kinds.add(Gvk.of(live.text("apiVersion", ""), live.text("kind", "")));
            }
            return kinds;
        });
    }

    /** How objects are tracked. */
    public ResourceTracking tracking() {
        return tracking;
    }

    /** The registered clusters. */
    public ClusterRegistry clusters() {
        return clusters;
    }

    /** The repository at {@code url}, opened once. */
    public Outcome<GitRepository> repository(String url) {
        return renderer.repository(url);
    }

    /** Now, by the facade's clock. */
    public Instant now() {
        return clock.instant();
    }

    /** Collects the parts of a facade. */
    public static final class Builder {
        private final GitAccess git;
        private final InstantSource clock;
        private final List<Cluster> clusters = new ArrayList<>();
        private final List<Renderer> renderers = new ArrayList<>(List.of(new DirectoryRenderer()));
        private final List<PlanGate> gates = new ArrayList<>(List.of(new UndecryptedGate()));
        private final List<SecretDecryptor> decryptors = new ArrayList<>();
        private @Nullable SecretReferences references;
        private HealthCheck health = live -> Optional.empty();
        private ResourceTracking tracking = ResourceTracking.byAnnotation();
        private final Map<String, AppProject> projects = new LinkedHashMap<>();
        private Function<Application, Outcome<ResourceComparer>> comparers =
                application -> DiffComparer.of(application).map(comparer -> comparer);
        private HistoryStore history = new MemoryHistory();
        private SyncRunner.Pause pause = (wakeAt, status) -> false;
        private Limits limits = Limits.defaults();

        private Builder(GitAccess git, InstantSource clock) {
            this.git = git;
            this.clock = clock;
        }

        /** Adds a cluster. */
        public Builder cluster(Cluster cluster) {
            clusters.add(cluster);
            return this;
        }

        /** Adds a renderer, asked before those that are there already. */
        public Builder renderer(Renderer renderer) {
            renderers.add(0, renderer);
            return this;
        }

        /**
         * Adds a project. Once there is one, every Application must belong to one that there is, and its project is asked when
         * a plan is made and before every write.
         */
        public Builder project(AppProject project) {
            if (projects.putIfAbsent(project.name(), project) != null) {
                throw new IllegalArgumentException("two projects are named " + project.name());
            }
            return this;
        }

        /**
         * Adds who opens encrypted files while a source is rendered, in memory only. Without any, encrypted files stay as they
         * are and a plan with an encrypted object is refused with {@code UNDECRYPTED}.
         */
        public Builder decryptor(SecretDecryptor decryptor) {
            decryptors.add(decryptor);
            return this;
        }

        /** Who resolves references to secrets in rendered objects; without, they stay as they are. */
        public Builder references(SecretReferences secretReferences) {
            references = secretReferences;
            return this;
        }

        /** Adds a gate that every plan must pass. It sees the values of Secrets masked. */
        public Builder gate(PlanGate gate) {
            gates.add(new RedactedGate(gate));
            return this;
        }

        /** Adds a gate that reads the values of Secrets, and answers for keeping them out of its words. */
        public Builder gateReadingSecrets(PlanGate gate) {
            gates.add(gate);
            return this;
        }

        /** Who judges health. */
        public Builder health(HealthCheck check) {
            health = check;
            return this;
        }

        /** How objects are tracked; default by annotation. */
        public Builder tracking(ResourceTracking resourceTracking) {
            tracking = resourceTracking;
            return this;
        }

        /** How objects are compared; default by schema, with the ignore rules of each Application. */
        public Builder comparer(ResourceComparer resourceComparer) {
            comparers = application -> Outcome.of(resourceComparer);
            return this;
        }

        /** Where history is kept; default in memory. */
        public Builder history(HistoryStore store) {
            history = store;
            return this;
        }

        /** What to do while a sync waits for the cluster; default: give up. */
        public Builder pause(SyncRunner.Pause whileWaiting) {
            pause = whileWaiting;
            return this;
        }

        /** Bounds for everything that is read. */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /** The facade. */
        public GitOps build() {
            return new GitOps(this);
        }
    }
}
