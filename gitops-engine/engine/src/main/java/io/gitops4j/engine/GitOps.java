package io.gitops4j.engine;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.app.Pin;
import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.ProjectGuard;
import io.gitops4j.project.ProjectRules;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.spi.Authorizer;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.CommitVerifier;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.HistoryStore;
import io.gitops4j.spi.Impersonator;
import io.gitops4j.spi.PlanGate;
import io.gitops4j.spi.Renderer;
import io.gitops4j.spi.SecretDecryptor;
import io.gitops4j.spi.ServerModel;
import io.gitops4j.sync.DiffComparer;
import io.gitops4j.sync.DirectoryRenderer;
import io.gitops4j.sync.InventoryKeeper;
import io.gitops4j.sync.Kinds;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanApproval;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.Planner;
import io.gitops4j.sync.ResourceComparer;
import io.gitops4j.sync.ResourceIndex;
import io.gitops4j.sync.ResourceSelection;
import io.gitops4j.sync.ResourceTracking;
import io.gitops4j.sync.ServerSideComparer;
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
import java.util.function.Consumer;
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
    private final @Nullable RepositoryPolicies policies;
    private final List<Function<ManifestSet, Outcome<ManifestSet>>> mutations;
    private final InstantSource clock;
    private final ResourceTracking tracking;
    private final Function<Application, Outcome<ResourceComparer>> comparers;
    private final Map<String, AppProject> projects;
    private final @Nullable Function<String, Optional<AppProject>> projectSource;
    private final @Nullable CommitVerifier verifier;
    private final @Nullable Impersonator impersonator;
    private final Authorizer authorizer;
    private final String subject;
    private final PlanRequest.ConflictPolicy conflicts;
    private final HistoryStore history;
    private final SyncRunner.Pause pause;
    private final SyncRunner.@Nullable Batch batch;
    private final ServerModel serverModel;

    private GitOps(Builder builder) {
        renderer = new ApplicationRenderer(
                builder.git, builder.renderers, builder.limits, builder.decryptors, builder.references, builder.kept);
        projectSource = builder.projectSource;
        verifier = builder.verifier;
        impersonator = builder.impersonator;
        authorizer = builder.authorizer;
        subject = builder.subject;
        conflicts = builder.conflicts;
        clusters = ClusterRegistry.of(builder.clusters);
        health = builder.health;
        summary = new HealthSummary(builder.health);
        gates = List.copyOf(builder.gates);
        policies = builder.policies;
        mutations = List.copyOf(builder.mutations);
        clock = builder.clock;
        tracking = builder.tracking;
        comparers = builder.comparers;
        projects = Collections.unmodifiableMap(new LinkedHashMap<>(builder.projects));
        history = builder.history;
        pause = builder.pause;
        batch = builder.batch;
        serverModel = builder.serverModel;
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

    /** What {@code application} wants at the head of its sources, or where it is pinned to. */
    public Outcome<RenderedApplication> render(Application application) {
        return render(application, List.of());
    }

    /** What {@code application} wants at these revisions, one a source; with none where it is pinned to, else at the head. */
    public Outcome<RenderedApplication> render(Application application, List<String> revisions) {
        List<String> wanted = revisions;
        if (wanted.isEmpty()) {
            wanted = Pin.of(application, clock.instant()).map(Pin::revisions).orElse(wanted);
        }
        return renderer.render(application, wanted).then(this::mutated);
    }

    /** The same as {@link #render(Application, List)}, without rendering where {@code last} was made of the same commits. */
    Outcome<RenderedApplication> render(
            Application application, List<String> revisions, @Nullable Outcome<RenderedApplication> last) {
        RenderedApplication known = last == null ? null : last.orNull();
        if (last == null
                || known == null
                || !renderer.isRepeatable()
                || !known.application().spec().equals(application.spec())) {
            return render(application, revisions);
        }
        List<String> wanted = revisions.isEmpty()
                ? Pin.of(application, clock.instant()).map(Pin::revisions).orElse(revisions)
                : revisions;
        Outcome<List<String>> commits = renderer.resolve(application, wanted);
        return commits.ok() && commits.orThrow().equals(known.revisions())
                ? Outcome.of(known.of(application), last.problems())
                : render(application, wanted);
    }

    /** Whether the same input gives the same plan at another time: no gate and no signature has a say in it. */
    boolean isRepeatable(@Nullable AppProject project) {
        return renderer.isRepeatable()
                && gates.size() == 1
                && policies == null
                && (project == null || project.signatureKeys().isEmpty());
    }

    private Outcome<RenderedApplication> mutated(RenderedApplication rendered) {
        return mutations.isEmpty() ? Outcome.of(rendered) : Mutations.apply(rendered, mutations);
    }

    /** Forgets the renders that are kept, for a refresh that trusts nothing. */
    public void forgetRenders() {
        renderer.forget();
    }

    /** How often a render had to be made because none that was kept could be used. */
    public long rendersMade() {
        return renderer.rendersMade();
    }

    /** The live objects that concern {@code application}, as its cluster has them now. */
    public Outcome<ResourceIndex> observe(Application application) {
        return cluster(application).then(this::observe);
    }

    /**
     * The cluster that an Application goes to, under the identity that its project gives it there. Error
     * {@code IMPERSONATION_NO_MATCH} when identities are used and the project has none for the destination.
     */
    Outcome<Cluster> cluster(Application application) {
        return clusters.find(application.destination()).then(cluster -> {
            Impersonator as = impersonator;
            AppProject project = as == null ? null : project(application.project());
            if (as == null || project == null) {
                return Outcome.of(cluster);
            }
            return identity(application, project, cluster)
                    .map(user -> Outcome.of(as.as(cluster, user)))
                    .orElseGet(() -> Outcome.failed(Problem.error(
                                    "IMPERSONATION_NO_MATCH",
                                    "project " + project.name() + " names no service account for "
                                            + cluster.server() + " and namespace "
                                            + application.destination().namespace())
                            .hint("add one to destinationServiceAccounts")));
        });
    }

    private static Optional<String> identity(Application application, AppProject project, Cluster cluster) {
        return ProjectRules.of(project)
                .serviceAccount(cluster.server(), application.destination().namespace());
    }

    /** Under which identity an Application's cluster is used, {@code ""} for the control plane's own. */
    String identity(Application application) {
        AppProject project = impersonator == null ? null : project(application.project());
        Cluster cluster = clusters.find(application.destination()).orNull();
        return project == null || cluster == null
                ? ""
                : identity(application, project, cluster).orElse("");
    }

    @Nullable
    AppProject project(String name) {
        Function<String, Optional<AppProject>> source = projectSource;
        AppProject known = source == null ? null : source.apply(name).orElse(null);
        return known != null ? known : projects.get(name);
    }

    private Outcome<ResourceIndex> observe(Cluster cluster) {
        try {
            return Outcome.of(ResourceIndex.read(cluster, Kinds.of(cluster), tracking, batch));
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
        return cluster(rendered.application())
                .then(cluster ->
                        plan(rendered, index, cluster, Kinds.of(cluster), null, builder -> builder.settings(settings)));
    }

    /** How the objects of an Application are compared. */
    Outcome<ResourceComparer> comparer(Application application) {
        return comparers.apply(application).then(by -> ServerSideComparer.chosen(application, by, this::cluster));
    }

    /** As {@link #plan(RenderedApplication, ResourceIndex, SyncSettings)}, with a say in the request. Pure. */
    Outcome<Plan> plan(
            RenderedApplication rendered,
            ResourceIndex index,
            Cluster cluster,
            Kinds kinds,
            @Nullable ResourceComparer known,
            Consumer<PlanRequest.Builder> says) {
        Application application = rendered.application();
        return guard(application, cluster, kinds)
                .then(guard -> verified(rendered)
                        .then(same -> (known == null ? comparer(application) : Outcome.of(known))
                                .then(comparer ->
                                        Planner.plan(request(rendered, index, kinds, comparer, guard, says)))));
    }

    private PlanRequest request(
            RenderedApplication rendered,
            ResourceIndex index,
            Kinds kinds,
            ResourceComparer comparer,
            Function<SyncTask, Optional<String>> guard,
            Consumer<PlanRequest.Builder> says) {
        Application application = rendered.application();
        List<ResourceKey> keys = rendered.keys(kinds);
        PlanRequest.Builder request = PlanRequest.builder(
                        application.name(), application.destination().namespace())
                .desired(rendered.manifests())
                .live(index.of(application.name(), keys))
                .revision(rendered.revision())
                .now(clock.instant())
                .tracking(tracking)
                .ownership(index)
                .comparer(comparer)
                .kinds(kinds)
                .gates(gatesOf(rendered))
                .conflicts(conflicts)
                .refusals(guard);
        says.accept(request);
        return request.build();
    }

    /** The gates of the facade, and those that the Application's repositories bring along at the commits that were rendered. */
    private List<PlanGate> gatesOf(RenderedApplication rendered) {
        RepositoryPolicies read = policies;
        if (read == null) {
            return gates;
        }
        List<PlanGate> all = new ArrayList<>(gates);
        List<ApplicationSource> sources = rendered.application().sources();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < Math.min(sources.size(), rendered.revisions().size()); i++) {
            String url = sources.get(i).repoUrl();
            String commit = rendered.revisions().get(i);
            if (sources.get(i).chart().isEmpty() && seen.add(url + " " + commit)) {
                read.gatesOrRefusal(renderer.tree(url, commit), clock).forEach(gate -> all.add(new RedactedGate(gate)));
            }
        }
        return all;
    }

    private boolean hasProjects() {
        return projectSource != null || !projects.isEmpty();
    }

    /**
     * What the Application's project refuses. Without any registered project everything is permitted. Problems:
     * {@code PROJECT_UNKNOWN} and those of {@link ProjectGuard#check}.
     */
    Outcome<Function<SyncTask, Optional<String>>> guard(Application application, Cluster cluster, Kinds kinds) {
        if (!hasProjects()) {
            return Outcome.of(task -> Optional.empty());
        }
        AppProject project = project(application.project());
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
                ? Outcome.of(new ProjectGuard(rules, cluster.server(), cluster.name(), kinds))
                : Outcome.failed(refused);
    }

    /** The guard that asks the project as it is at the moment of each write, so that a change of it counts at once. */
    private Function<SyncTask, Optional<String>> guardOfWrites(Application application, Cluster cluster, Kinds kinds) {
        if (projectSource == null) {
            Outcome<Function<SyncTask, Optional<String>>> guard = guard(application, cluster, kinds);
            Function<SyncTask, Optional<String>> fixed = guard.orNull();
            return fixed != null
                    ? fixed
                    : task -> Optional.of(guard.problems().get(0).text());
        }
        return task -> {
            Outcome<Function<SyncTask, Optional<String>>> guard = guard(application, cluster, kinds);
            Function<SyncTask, Optional<String>> now = guard.orNull();
            return now != null
                    ? now.apply(task)
                    : Optional.of(guard.problems().get(0).text());
        };
    }

    /** Whether the commits that were rendered are signed as the project asks. Error {@code SIGNATURE}. */
    private Outcome<RenderedApplication> verified(RenderedApplication rendered) {
        AppProject project = hasProjects() ? project(rendered.application().project()) : null;
        return project == null ? Outcome.of(rendered) : CommitSignatures.checked(rendered, project, verifier);
    }

    /** The runner of an Application's operations on its cluster. */
    Outcome<SyncRunner> runner(Application application, Cluster cluster, Kinds kinds) {
        return comparers
                .apply(application)
                .map(comparer -> new SyncRunner(cluster, comparer, health, guardOfWrites(application, cluster, kinds)))
                .map(runner -> runner.withModel(serverModel).withInventory(keeper(cluster)))
                .map(runner -> batch == null ? runner : runner.withBatch(batch));
    }

    /** Who keeps the inventories of a cluster. */
    InventoryKeeper keeper(Cluster cluster) {
        return new InventoryKeeper(cluster, tracking);
    }

    /** What speaks against somebody doing something with an Application; empty when it is permitted. */
    Optional<Problem> unauthorized(String who, String action, Application application) {
        String object = application.project() + "/" + application.qualifiedName();
        return authorizer.permits(new Authorizer.Access(who, "applications", action, object))
                ? Optional.empty()
                : Optional.of(Problem.error(
                        "NOT_AUTHORIZED",
                        (who.isEmpty() ? "nobody in particular" : who) + " may not " + action + " application "
                                + object));
    }

    /** Plans and syncs under the Application's own policy, and records the success. */
    public SyncOutcome sync(Application application) {
        return sync(application, List.of(), SyncSettings.of(application.syncPolicy()));
    }

    /** Plans and syncs to these revisions, and records the success. */
    public SyncOutcome sync(Application application, List<String> revisions, SyncSettings settings) {
        return sync(application, revisions, settings, ResourceSelection.everything());
    }

    /** Plans and syncs some objects to these revisions; a partial sync runs no hooks and is not part of the history. */
    public SyncOutcome sync(
            Application application, List<String> revisions, SyncSettings settings, ResourceSelection selection) {
        if (!selection.isEverything()) {
            Outcome<Plan> partial = render(application, revisions)
                    .then(rendered -> observe(application)
                            .then(index -> cluster(application)
                                    .then(cluster -> plan(
                                            rendered,
                                            index,
                                            cluster,
                                            Kinds.of(cluster),
                                            null,
                                            request -> request.settings(settings.withSkipHooks(true))
                                                    .selection(selection)))));
            Plan some = partial.orNull();
            return some == null ? SyncOutcome.refused(partial.problems()) : apply(application, some, false);
        }
        Outcome<Plan> planned = plan(application, revisions, settings);
        Plan plan = planned.orNull();
        return plan == null ? SyncOutcome.refused(planned.problems()) : apply(application, plan);
    }

    /** Carries out a plan, refused when the live objects have moved on since; records the success. */
    public SyncOutcome apply(Application application, Plan plan) {
        return apply(application, plan, true);
    }

    /**
     * Carries out a plan that somebody has approved. Problems, beside those of {@link #apply(Application, Plan)}:
     * {@code PLAN_NOT_APPROVED}, {@code PLAN_EXPIRED}.
     */
    public SyncOutcome apply(Application application, Plan plan, PlanApproval approval) {
        Optional<Problem> refused = approval.refusal(plan, clock.instant());
        return refused.isPresent() ? SyncOutcome.refused(List.of(refused.get())) : apply(application, plan);
    }

    private SyncOutcome apply(Application application, Plan plan, boolean whole) {
        Optional<Problem> unauthorized = unauthorized(subject, "sync", application);
        if (unauthorized.isPresent()) {
            return SyncOutcome.refused(List.of(unauthorized.get()));
        }
        SyncResult result;
        try {
            Outcome<SyncRunner> runner = cluster(application).then(cluster -> {
                Kinds kinds = Kinds.of(cluster);
                return guard(application, cluster, kinds).then(guard -> runner(application, cluster, kinds));
            });
            if (!runner.ok()) {
                return SyncOutcome.refused(runner.problems());
            }
            result = runner.orThrow().run(plan, clock, pause);
        } catch (GitOpsException e) {
            return SyncOutcome.refused(List.of(Problem.error(e.code(), String.valueOf(e.getMessage()))));
        }
        if (!result.problems().isEmpty()) {
            return SyncOutcome.refused(result.problems());
        }
        if (result.succeeded() && whole && !plan.spec().settings().dryRun()) {
            DeploymentHistory.record(history, application, plan.revision(), clock.instant());
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
     * sync would undo it at once: {@link #pin} holds it there). Hooks are left out unless the Application's sync option
     * {@code HooksOnRollback=true} asks for them.
     */
    public SyncOutcome rollback(Application application, long id) {
        if (application.syncPolicy().automated()) {
            return SyncOutcome.refused(List.of(Problem.error(
                            "ROLLBACK_AUTOMATED",
                            "rollback cannot be performed when auto-sync is enabled on " + application.name())
                    .hint("switch syncPolicy.automated off first, or pin the Application to the entry")));
        }
        for (HistoryEntry entry : history(application)) {
            if (entry.id() == id) {
                SyncSettings own = SyncSettings.of(application.syncPolicy());
                return sync(
                        application, entry.revisions(), own.withPrune(true).withSkipHooks(!own.on("HooksOnRollback")));
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

    /**
     * The Application pinned to an earlier entry of the history, so that automated syncs hold it there. Store it where the
     * Application lives. Problem {@code ROLLBACK_UNKNOWN}.
     *
     * @param until when the pin ends by itself, {@code null} for never
     */
    public Outcome<Application> pin(Application application, long id, @Nullable Instant until, String actor) {
        for (HistoryEntry entry : history(application)) {
            if (entry.id() == id) {
                return Outcome.of(new Pin(entry.revisions(), until, actor).on(application));
            }
        }
        return Outcome.failed(
                Problem.error("ROLLBACK_UNKNOWN", "the history of " + application.name() + " has no entry " + id));
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

    HealthCheck healthCheck() {
        return health;
    }

    Limits limits() {
        return renderer.limits();
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
        private final List<Function<ManifestSet, Outcome<ManifestSet>>> mutations = new ArrayList<>();
        private final List<SecretDecryptor> decryptors = new ArrayList<>();
        private @Nullable SecretReferences references;
        private @Nullable RepositoryPolicies policies;
        private HealthCheck health = live -> Optional.empty();
        private ResourceTracking tracking = ResourceTracking.byAnnotation();
        private final Map<String, AppProject> projects = new LinkedHashMap<>();
        private Function<Application, Outcome<ResourceComparer>> comparers =
                application -> DiffComparer.of(application).map(comparer -> comparer);
        private HistoryStore history = new MemoryHistory();
        private SyncRunner.Pause pause = (wakeAt, status) -> false;
        private SyncRunner.@Nullable Batch batch;
        private ServerModel serverModel = ServerModel.none();
        private Limits limits = Limits.defaults();
        private int kept = ApplicationRenderer.DEFAULT_CACHE;
        private @Nullable Function<String, Optional<AppProject>> projectSource;
        private @Nullable CommitVerifier verifier;
        private @Nullable Impersonator impersonator;
        private Authorizer authorizer = Authorizer.all();
        private String subject = "";
        private PlanRequest.ConflictPolicy conflicts = PlanRequest.ConflictPolicy.LAST;

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

        /**
         * Where projects are looked up by name, before those that were added: asked for every plan and again for every write,
         * so that a change counts in the middle of an operation.
         */
        public Builder projects(Function<String, Optional<AppProject>> source) {
            projectSource = source;
            return this;
        }

        /** Who verifies commits for projects that ask for signatures; without one, no commit is taken to be signed. */
        public Builder verifier(CommitVerifier commitVerifier) {
            verifier = commitVerifier;
            return this;
        }

        /** Uses every cluster under the service account that the project names for the destination, for reads and writes. */
        public Builder impersonator(Impersonator how) {
            impersonator = how;
            return this;
        }

        /** Asks before every sync and rollback whether {@code who} may. */
        public Builder authorizer(Authorizer decides, String who) {
            authorizer = decides;
            subject = who;
            return this;
        }

        /** What is done when two sources give an object of one key; the last wins unless told otherwise. */
        public Builder conflicts(PlanRequest.ConflictPolicy policy) {
            conflicts = policy;
            return this;
        }

        /** How many sources have their last renders kept. */
        public Builder renderCache(int sources) {
            kept = sources;
            return this;
        }

        /** Adds a gate that every plan must pass. It sees the values of Secrets masked. */
        public Builder gate(PlanGate gate) {
            gates.add(new RedactedGate(gate));
            return this;
        }

        /** Lets every plan pass the policies that stand in its repositories, at the commits that it was rendered from. */
        public Builder repositoryPolicies(RepositoryPolicies read) {
            policies = read;
            return this;
        }

        /** Adds a gate that reads the values of Secrets, and answers for keeping them out of its words. */
        public Builder gateReadingSecrets(PlanGate gate) {
            gates.add(gate);
            return this;
        }

        /**
         * Adds a change of everything that is rendered, before it is compared and planned, such as Gatekeeper's mutators. In the
         * order of the calls. Default none: what is in Git is what is planned.
         */
        public Builder mutation(Function<ManifestSet, Outcome<ManifestSet>> change) {
            mutations.add(change);
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

        /**
         * What is known of the API servers, so that dry runs are sent there only where their end is not certain; nothing unless
         * told otherwise.
         */
        public Builder serverModel(ServerModel model) {
            serverModel = model;
            return this;
        }

        /** How the calls of a sync that do not depend on each other are made; default: one after the other. */
        public Builder batch(SyncRunner.Batch how) {
            batch = how;
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
