package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.RenderedApplication;
import io.gitops4j.engine.ResourceView;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.rebuild.RebuildTarget;
import io.gitops4j.recovery.report.ApplicationPoint;
import io.gitops4j.recovery.restore.RestoreRequest;
import io.gitops4j.recovery.restore.Restorer;
import io.gitops4j.recovery.snapshot.GitRender;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotScope;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.SecretDecryptor;
import io.gitops4j.sync.Plan;
import io.gitops4j.sync.PlanStep;
import io.gitops4j.sync.SyncPhase;
import io.gitops4j.testkit.FakeCluster;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What Git brings to one cluster, as recovery needs to know it. */
final class GitSide {
    /** The annotation of an Application with the names of those that it needs, separated by commas. */
    private static final String DEPENDS_ON = "gitops4j.io/depends-on";

    private final Map<ResourceKey, String> synced = new LinkedHashMap<>();
    private final Map<String, String> revisions = new LinkedHashMap<>();
    private final Map<String, GitRender> renders = new LinkedHashMap<>();
    private final Map<String, Problem> unrendered = new LinkedHashMap<>();

    private GitSide() {}

    /** The Applications that go to a cluster. */
    static List<Application> applicationsOf(GitOps gitops, List<Application> all, Cluster cluster) {
        return all.stream()
                .filter(app -> gitops.clusters()
                        .find(app.destination())
                        .value()
                        .filter(found -> found.name().equals(cluster.name()))
                        .isPresent())
                .toList();
    }

    /** What of a cluster is as Git has it. */
    static GitSide of(GitOps gitops, List<Application> applications, Cluster cluster) {
        GitSide side = new GitSide();
        for (Application application : applicationsOf(gitops, applications, cluster)) {
            ApplicationView view = gitops.view(application);
            Outcome<RenderedApplication> rendered = gitops.render(application);
            rendered.value().ifPresent(found -> {
                RebuildTarget target = target(found);
                side.revisions.put(target.name(), found.revision());
                side.renders.put(
                        target.name(),
                        new GitRender(found.revision(), target.namespace(), target.dependsOn(), target.objects()));
            });
            rendered.errors().stream()
                    .findFirst()
                    .ifPresent(problem -> side.unrendered.put(application.name(), problem));
            for (ResourceView resource : view.resources()) {
                if (resource.sync().equals("Synced") && resource.step().task().target() != null) {
                    side.synced.put(resource.key(), application.name());
                }
            }
        }
        return side;
    }

    /** Leaves to Git what is as Git has it; drifted objects are kept. */
    SnapshotScope scope() {
        return live -> Optional.ofNullable(synced.get(ObjectRef.of(live).key()));
    }

    /** Application to commit. */
    Map<String, String> revisions() {
        return revisions;
    }

    /** What each Application brings, to be kept with a snapshot. */
    Map<String, GitRender> renders() {
        return renders;
    }

    /** The Applications that cannot be rendered, with the reason. */
    Map<String, Problem> unrendered() {
        return unrendered;
    }

    /** An Application as a rebuild needs it. */
    static Outcome<RebuildTarget> target(GitOps gitops, Application application) {
        return gitops.render(application).map(GitSide::target);
    }

    private static RebuildTarget target(RenderedApplication rendered) {
        Application application = rendered.application();
        List<String> needs = new ArrayList<>();
        String named = application.annotation(DEPENDS_ON);
        if (named != null) {
            for (String name : named.split(",", -1)) {
                if (!name.isBlank()) {
                    needs.add(name.strip());
                }
            }
        }
        return new RebuildTarget(
                application.name(),
                application.destination().namespace(),
                needs,
                rendered.manifests().stream().map(Manifest::body).toList());
    }

    /** Application to the commit that Git has now; those of which Git does not answer are left out. */
    static Map<String, String> heads(GitOps gitops, List<Application> applications) {
        Map<String, String> heads = new LinkedHashMap<>();
        for (Application application : applications) {
            List<String> commits = new ArrayList<>();
            for (ApplicationSource source : application.sources()) {
                commit(gitops, source).ifPresent(commits::add);
            }
            if (!commits.isEmpty() && commits.size() == application.sources().size()) {
                heads.put(application.name(), String.join(",", commits));
            }
        }
        return heads;
    }

    private static Optional<String> commit(GitOps gitops, ApplicationSource source) {
        String revision = source.targetRevision().isEmpty() ? "HEAD" : source.targetRevision();
        return gitops.repository(source.repoUrl())
                .then(repository -> repository.resolve(revision))
                .value();
    }

    /** When commits of Applications were made. */
    static ApplicationPoint.CommitTimes times(GitOps gitops, List<Application> applications) {
        return (name, commit) -> applications.stream()
                .filter(application -> application.name().equals(name))
                .flatMap(application -> application.sources().stream())
                .flatMap(source -> gitops
                        .repository(source.repoUrl())
                        .then(repository -> repository
                                .resolve(commit)
                                .map(id -> repository.commit(id).time()))
                        .value()
                        .stream())
                .findFirst();
    }

    /** The encrypted files in the repositories of the Applications, by {@code URL//path}. */
    static Map<String, Bytes> encryptedFiles(GitOps gitops, List<Application> applications, SecretDecryptor decryptor) {
        Map<String, Bytes> files = new TreeMap<>();
        Set<String> seen = new TreeSet<>();
        for (Application application : applications) {
            for (ApplicationSource source : application.sources()) {
                commit(gitops, source)
                        .filter(commit -> seen.add(source.repoUrl() + "@" + commit))
                        .ifPresent(commit -> gitops.repository(source.repoUrl())
                                .value()
                                .ifPresent(repository ->
                                        collect(repository.tree(commit), "", source.repoUrl(), decryptor, files)));
            }
        }
        return files;
    }

    private static void collect(
            SourceTree tree, String path, String url, SecretDecryptor decryptor, Map<String, Bytes> files) {
        for (String name : tree.list(path)) {
            String below = path.isEmpty() ? name : path + "/" + name;
            Optional<Bytes> content = tree.read(below);
            if (content.isEmpty()) {
                collect(tree, below, url, decryptor, files);
            } else if (decryptor.recognises(below, content.get())) {
                files.put(url + "//" + below, content.get());
            }
        }
    }

    /**
     * The objects that the Applications bring to an empty cluster, hooks left out; an Application that cannot be planned goes to
     * {@code lost} with the first reason.
     */
    static List<JsonObject> wanted(GitOps gitops, List<Application> applications, Map<String, Problem> lost) {
        List<JsonObject> objects = new ArrayList<>();
        for (Application application : applications) {
            Outcome<Plan> plan = gitops.plan(application);
            plan.errors().stream().findFirst().ifPresent(problem -> lost.put(application.name(), problem));
            plan.value().ifPresent(found -> {
                for (PlanStep step : found.steps()) {
                    JsonObject target = step.task().target();
                    if (target != null && step.task().phase() == SyncPhase.SYNC) {
                        objects.add(target);
                    }
                }
            });
        }
        return objects;
    }

    /** An empty cluster that knows the kinds which the newest snapshot defines, to plan in. */
    static FakeCluster planningGround(SnapshotChain chain, Cluster like, InstantSource clock) {
        FakeCluster ground =
                FakeCluster.builder().name(like.name()).server(like.server()).build();
        RestoreRequest definitions = RestoreRequest.of()
                .only(key -> key.kind().equals("CustomResourceDefinition"))
                .force(true)
                .build();
        // Where this fails, the drill says so itself.
        Restorer.from(chain, clock).restore(definitions, ground);
        return ground;
    }
}
