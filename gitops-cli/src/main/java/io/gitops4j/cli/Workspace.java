package io.gitops4j.cli;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.app.Destination;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.Strictness;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.ApplicationDiscovery;
import io.gitops4j.engine.ApplicationSets;
import io.gitops4j.engine.ClusterRegistry;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.KsopsGenerator;
import io.gitops4j.git.JGitAccess;
import io.gitops4j.git.JGitRepository;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.k8s.CallPool;
import io.gitops4j.k8s.ClientOptions;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.k8s.KubernetesCluster;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.reference.EnvFileSecrets;
import io.gitops4j.secrets.reference.FileSecrets;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.SecretResolver;
import io.gitops4j.sync.VariableSubstitution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that commands over a repository share, and what they open. */
final class Workspace {
    private static final int CALLS = 8;
    /** A person waits: no pacing, and patience with a server that is being restarted. */
    static final ClientOptions CLIENT =
            ClientOptions.defaults().withRate(0, 1).withRetries(6).withUserAgent("gitops4j-cli");

    @Option(
            names = "--repo",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Git repository that defines the Applications. Default: the current directory.")
    private Path repository = Path.of(".");

    @Option(
            names = "--revision-of-apps",
            paramLabel = "REV",
            defaultValue = "HEAD",
            description = "Revision at which the Applications are read. Default: HEAD.")
    private String revision = "HEAD";

    @Option(
            names = "--map",
            paramLabel = "URL=PATH",
            description = "Serve a repository URL from a local repository. May be repeated.")
    private Map<String, Path> mapped = new LinkedHashMap<>();

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Folder for copies of remote repositories. Default: .gitops4j/git in the repository.")
    private @Nullable Path cache;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Folder of the embedded in-memory clusters. Default: .gitops4j in the repository.")
    private @Nullable Path state;

    @Option(
            names = "--state-key",
            paramLabel = "FILE",
            description = "Key that the embedded clusters are kept with; made where there is none."
                    + " Default: $GITOPS4J_STATE_KEY, or gitops4j/state.key in the user's configuration.")
    private @Nullable Path stateKey;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Work on real clusters of this kubeconfig. May be repeated.")
    private List<Path> kubeconfigs = new ArrayList<>();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description =
                    "Context of the kubeconfig, also under the name of a destination: [DESTINATION=]NAME. May be repeated.")
    private List<String> contexts = new ArrayList<>();

    @Option(names = "--trust-kubeconfig", description = "Let the kubeconfig run login programs and read token files.")
    private boolean trustKubeconfig;

    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "Let plans pass the policies in this folder of their repository, at the same commit."
                    + " Default: no policies.")
    private @Nullable String policies;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Open SOPS files with these age identities while rendering. Default: they stay encrypted.")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--secrets",
            paramLabel = "FILE",
            description =
                    "Resolve references to secrets from this .env file (ref+env://KEY) or folder (ref+file://PATH#/KEY).")
    private List<Path> secrets = new ArrayList<>();

    @Option(
            names = "--health-rules",
            paramLabel = "argo|kstatus",
            defaultValue = "argo",
            description = "Rules by which health is judged: those of Argo CD, or those of kstatus. Default: argo.")
    private String health = "argo";

    @Option(
            names = "--health-checks",
            paramLabel = "FILE",
            description =
                    "Own rules in front of them: a list of healthCheckExprs (CEL) as Flux has them. May be repeated.")
    private List<Path> healthChecks = new ArrayList<>();

    @Option(
            names = "--argocd-cm",
            paramLabel = "FILE",
            description =
                    "Health scripts (Lua) of Argo CD's configuration, beside those of an argocd-cm in the repository."
                            + " May be repeated.")
    private List<Path> settingsFiles = new ArrayList<>();

    @Option(
            names = "--substitute",
            paramLabel = "NAME=VALUE",
            description = "Replace ${NAME} in what is rendered, as Flux does after a build; other names are errors."
                    + " May be repeated. Default: nothing is replaced.")
    private Map<String, String> substitutes = new LinkedHashMap<>();

    @Mixin
    private GeneratorOptions generators = new GeneratorOptions();

    private boolean workloads;

    private @Nullable StateFolder folder;
    private List<AppProject> projects = List.of();
    private @Nullable SourceTree definitions;
    private @Nullable HealthCheck judge;
    private @Nullable ArgoSettings settings;

    /** The Applications of the repository, also those that its ApplicationSets generate; what cannot be read is told on {@code err}. */
    List<Application> applications(PrintWriter err) {
        ApplicationDiscovery.Found found = found();
        ApplicationDiscovery.Found all = found.sets().isEmpty()
                ? found
                : applicationSets(builder().build()).all(found, url -> Optional.empty());
        all.problems().forEach(problem -> err.print(problem.display()));
        err.flush();
        return all.applications();
    }

    /** What the repository defines. */
    ApplicationDiscovery.Found found() {
        JGitRepository git = open();
        String commit = git.resolve(revision).orThrow();
        ApplicationDiscovery.Found found = ApplicationDiscovery.in(git.tree(commit), "", Limits.defaults());
        projects = found.projects();
        definitions = git.tree(commit);
        judge = null;
        return found;
    }

    /** What ApplicationSets generate, with the clusters and answers that were given. */
    ApplicationSets applicationSets(GitOps gitops) {
        return generators.over(gitops);
    }

    /** The one Application of this name. */
    Application application(String name, PrintWriter err) {
        List<Application> all = applications(err);
        for (Application application : all) {
            if (application.name().equals(name) || application.qualifiedName().equals(name)) {
                return application;
            }
        }
        throw new ProblemException(List.of(Problem.error("APP_UNKNOWN", "there is no Application '" + name + "'")
                .hint("Applications: "
                        + String.join(", ", all.stream().map(Application::name).toList()))));
    }

    /** The facade over the clusters that these Applications name. */
    GitOps gitops(List<Application> applications) {
        GitOps.Builder builder = builder();
        clusters(applications).forEach(builder::cluster);
        StateFolder known = folder;
        return known == null
                ? builder.build()
                : builder.history(known.history()).build();
    }

    /** The facade over one cluster alone. */
    GitOps gitopsOver(Cluster cluster) {
        return builder().cluster(cluster).build();
    }

    /** Lets Deployments and the like come to life in embedded clusters, for commands that wait for them. */
    void runWorkloads() {
        workloads = true;
    }

    /** The objects in a folder, or a file, of the repository at the revision of the Applications. */
    List<JsonObject> objects(String path) {
        JGitRepository git = open();
        List<JsonObject> objects = new ArrayList<>();
        collect(git.tree(git.resolve(revision).orThrow()), path, objects);
        if (objects.isEmpty()) {
            throw new GitOpsException("NOT_FOUND", "the repository has no objects at " + path);
        }
        return objects;
    }

    private static void collect(SourceTree tree, String path, List<JsonObject> objects) {
        Optional<Bytes> content = tree.read(path);
        if (content.isPresent() && path.matches(".*\\.(ya?ml|json)")) {
            objects.addAll(
                    YamlReader.kubectl().readObjects(path, content.get().utf8()).orThrow());
        }
        tree.list(path).forEach(name -> collect(tree, path.isEmpty() ? name : path + "/" + name, objects));
    }

    /** Opens encrypted files with the age identities in these files too. */
    void openWith(List<Path> files) {
        List<Path> all = new ArrayList<>(keys);
        all.addAll(files);
        keys = all;
    }

    /** Whether secrets are opened, so that what is printed must hide them. */
    boolean opensSecrets() {
        return !keys.isEmpty() || !secrets.isEmpty();
    }

    private void addSecrets(GitOps.Builder builder) throws IOException {
        if (!keys.isEmpty()) {
            Sops sops = new SecretFiles(keys).sops();
            builder.decryptor(sops)
                    .renderer(new KustomizeRenderer(Engines.kustomize()
                            .strictness(Strictness.GIT)
                            .plugin(new KsopsGenerator(sops))
                            .build()));
        }
        List<SecretResolver> resolvers = new ArrayList<>();
        for (Path path : secrets) {
            resolvers.add(
                    Files.isDirectory(path)
                            ? FileSecrets.in(folderOf(path), Limits.defaults())
                            : EnvFileSecrets.of(SecretValue.of(Files.readAllBytes(path))));
        }
        if (!resolvers.isEmpty()) {
            builder.references(SecretReferences.with(resolvers));
        }
    }

    private static MemoryTree folderOf(Path path) throws IOException {
        Map<String, Bytes> files = new LinkedHashMap<>();
        for (Path file : SecretFiles.below(path)) {
            if (!SecretFiles.tooLarge(file)) {
                files.put(
                        path.relativize(file).toString().replace(java.io.File.separatorChar, '/'),
                        Bytes.of(Files.readAllBytes(file)));
            }
        }
        return MemoryTree.of(files);
    }

    /** Who judges health: scripts of Argo CD's configuration, own rules, the usual ones. */
    HealthCheck healthCheck() {
        HealthCheck known = judge;
        if (known == null) {
            known = settings().over(Engines.health(health, healthChecks));
            judge = known;
        }
        return known;
    }

    private ArgoSettings settings() {
        ArgoSettings known = settings;
        if (known == null) {
            known = ArgoSettings.of(definitions, settingsFiles, InstantSource.system());
            settings = known;
        }
        return known;
    }

    private GitOps.Builder builder() {
        GitOps.Builder builder = Engines.builder(git(), InstantSource.system())
                .health(healthCheck())
                .tracking(settings().tracking());
        if (!substitutes.isEmpty()) {
            Map<String, Json> values = new LinkedHashMap<>();
            substitutes.forEach((name, value) -> values.put(name, Json.of(value)));
            builder.mutation(
                    set -> VariableSubstitution.apply(set.manifests(), values).then(ManifestSet::of));
        }
        List<AppProject> defined = projects;
        if (!defined.isEmpty()) {
            // a project that is defined elsewhere is not for this repository to judge
            builder.projects(name -> Optional.of(defined.stream()
                    .filter(project -> project.name().equals(name))
                    .findFirst()
                    .orElseGet(() -> AppProject.permissive(name))));
        }
        if (policies != null) {
            builder.repositoryPolicies(Engines.policies(policies));
        }
        try {
            addSecrets(builder);
            return builder;
        } catch (IOException e) {
            throw new GitOpsException("NOT_FOUND", "a file of --key or --secrets cannot be read");
        }
    }

    /**
     * One cluster with a facade of its own and the Applications that go to it.
     *
     * @param cluster the cluster
     * @param gitops over it alone
     * @param applications in their order
     */
    record Target(Cluster cluster, GitOps gitops, List<Application> applications) {}

    /** Clusters that are worked on side by side. */
    final class Targets implements AutoCloseable {
        private final List<Cluster> clusters;
        private final List<GitOps> facades = new ArrayList<>();
        private final List<CallPool> pools = new ArrayList<>();

        Targets(List<Cluster> clusters, Consumer<String> progress, Interrupt interrupt, int timeoutSeconds) {
            this.clusters = clusters;
            StateFolder known = state();
            for (Cluster cluster : clusters) {
                GitOps.Builder builder = builder().cluster(cluster).history(known.history());
                if (!kubeconfigs.isEmpty()) {
                    CallPool pool = new CallPool(CALLS);
                    pools.add(pool);
                    builder.pause(new LivePause(
                                    Duration.ofSeconds(timeoutSeconds),
                                    text -> progress.accept(cluster.name() + ": " + text),
                                    interrupt))
                            .batch(calls -> pool.run(interrupt.guarded(calls)));
                }
                facades.add(builder.build());
            }
        }

        /** The clusters that these Applications go to; what goes to no known cluster is told to {@code lost}. */
        List<Target> of(List<Application> applications, BiConsumer<Application, Problem> lost) {
            Map<String, List<Application>> byCluster = new LinkedHashMap<>();
            ClusterRegistry registry = ClusterRegistry.of(clusters);
            for (Application application : applications) {
                Outcome<Cluster> found = registry.find(application.destination());
                if (!found.ok()) {
                    found.problems().forEach(problem -> lost.accept(application, problem));
                    continue;
                }
                String name = found.orThrow().name();
                byCluster.computeIfAbsent(name, key -> new ArrayList<>()).add(application);
            }
            List<Target> targets = new ArrayList<>();
            for (int i = 0; i < clusters.size(); i++) {
                List<Application> own = byCluster.getOrDefault(clusters.get(i).name(), List.of());
                if (!own.isEmpty()) {
                    targets.add(new Target(clusters.get(i), facades.get(i), own));
                }
            }
            return targets;
        }

        @Override
        public void close() {
            pools.forEach(CallPool::close);
        }
    }

    /** The clusters that these Applications name, each with a facade that waits, tells and can be interrupted. */
    Targets targets(
            List<Application> applications, Consumer<String> progress, Interrupt interrupt, int timeoutSeconds) {
        return new Targets(clusters(applications), progress, interrupt, timeoutSeconds);
    }

    /** Keeps what the embedded clusters hold. */
    void save() {
        StateFolder known = folder;
        if (known != null) {
            known.save();
        }
    }

    /** Stores the annotations of an Application in the real cluster that holds it; whether there is one. */
    boolean storeAnnotations(Application before, Application after) {
        if (kubeconfigs.isEmpty()) {
            return false;
        }
        Gvk kind = new Gvk("argoproj.io", "v1alpha1", "Application");
        ObjectRef ref = ObjectRef.of(kind, before.namespace(), before.name());
        Json patch = JsonMergePatch.diff(
                JsonObject.of("metadata", JsonObject.of("annotations", annotations(before))),
                JsonObject.of("metadata", JsonObject.of("annotations", annotations(after))));
        boolean stored = false;
        for (Cluster cluster : realClusters()) {
            if (cluster.get(ref).isPresent()) {
                cluster.patch(ref, PatchType.MERGE, patch, WriteOptions.defaults());
                stored = true;
            }
        }
        return stored;
    }

    private static JsonObject annotations(Application application) {
        return application.body().object("metadata").object("annotations");
    }

    private List<Cluster> clusters(List<Application> applications) {
        if (!kubeconfigs.isEmpty()) {
            return realClusters();
        }
        StateFolder opened = state();
        Set<Destination> destinations = new LinkedHashSet<>();
        destinations.add(new Destination(Destination.IN_CLUSTER, "", ""));
        for (Application application : applications) {
            Destination destination = application.destination();
            destinations.add(new Destination(destination.server(), destination.name(), ""));
        }
        return opened.clusters(List.copyOf(destinations));
    }

    private StateFolder state() {
        StateFolder opened = folder;
        if (opened == null) {
            Path base = state == null ? repository.resolve(".gitops4j") : state;
            opened = new StateFolder(base, StateKey.of(stateKey), workloads);
            folder = opened;
        }
        return opened;
    }

    private List<Cluster> realClusters() {
        state();
        List<Kubeconfig> configs = new ArrayList<>();
        for (Path file : kubeconfigs) {
            Kubeconfig config = Kubeconfig.read(file).orThrow();
            configs.add(trustKubeconfig ? config.trusted() : config);
        }
        List<String> wanted = contexts.isEmpty() ? List.of(configs.get(0).currentContext()) : contexts;
        List<Cluster> clusters = new ArrayList<>();
        Map<String, KubernetesCluster> opened = new LinkedHashMap<>();
        for (String context : wanted) {
            int equals = context.lastIndexOf('=');
            String name = equals < 0 ? context : context.substring(equals + 1);
            KubernetesCluster cluster =
                    holding(configs, name).open(name, CLIENT).orThrow();
            KubernetesCluster before = opened.putIfAbsent(cluster.server(), cluster);
            if (before != null) {
                cluster.close();
                throw new ProblemException(List.of(Problem.error(
                        "DUPLICATE_CLUSTER",
                        "contexts " + before.name() + " and " + name + " name one cluster, " + before.server())));
            }
            String alias = equals < 0 ? "" : context.substring(0, equals);
            clusters.add(alias.isEmpty() ? cluster : AliasedCluster.of(cluster, alias));
        }
        if (clusters.size() == 1 && contexts.stream().noneMatch(c -> c.contains("="))) {
            // The only cluster is also the one that Applications mean by the in-cluster server.
            clusters.set(0, AliasedCluster.of(clusters.get(0), Destination.IN_CLUSTER));
        }
        return clusters;
    }

    /** The first kubeconfig with the context, else the first of all, which then says what it has. */
    private static Kubeconfig holding(List<Kubeconfig> configs, String context) {
        return configs.stream()
                .filter(config -> config.contexts().contains(context))
                .findFirst()
                .orElse(configs.get(0));
    }

    private JGitRepository open() {
        return JGitAccess.builder().build().openLocal(repository).orThrow();
    }

    private GitAccess git() {
        Path copies = cache == null ? repository.resolve(".gitops4j").resolve("git") : cache;
        JGitAccess remote = JGitAccess.builder().cache(copies).allowLocal(true).build();
        return url -> {
            Path local = mapped.get(url);
            if (local == null) {
                return remote.open(url);
            }
            Outcome<JGitRepository> opened = remote.openLocal(local);
            return opened.map(repo -> (GitRepository) repo);
        };
    }
}
