package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.app.ClusterSecret;
import io.gitops4j.app.Destination;
import io.gitops4j.appset.ApplicationSetGenerator;
import io.gitops4j.appset.ExternalGenerators;
import io.gitops4j.appset.GeneratorSources;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Cluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What ApplicationSets generate over the repositories and clusters of a facade. A name in a template that is no parameter is an
 * error unless the set's {@code goTemplateOptions} say otherwise; {@link #lenient} does as Argo CD. Immutable.
 *
 * <pre>{@code
 * ApplicationSets sets = ApplicationSets.over(gitops).externals(ExternalGenerators.builder().scm("github", mine).build());
 * List<Application> applications = sets.expand(set).applications();
 * }</pre>
 */
public final class ApplicationSets {
    private final GitOps gitops;
    private final Supplier<List<ClusterSecret>> registered;
    private final @Nullable ExternalGenerators externals;
    private final Limits limits;
    private final boolean lenient;

    private ApplicationSets(
            GitOps gitops,
            Supplier<List<ClusterSecret>> registered,
            @Nullable ExternalGenerators externals,
            Limits limits,
            boolean lenient) {
        this.gitops = gitops;
        this.registered = registered;
        this.externals = externals;
        this.limits = limits;
        this.lenient = lenient;
    }

    /** Sets over the clusters and repositories of a facade, with nothing plugged in. */
    public static ApplicationSets over(GitOps gitops) {
        return new ApplicationSets(gitops, List::of, null, Limits.defaults(), false);
    }

    /** The same with answers for {@code scmProvider}, {@code pullRequest}, {@code plugin} and {@code clusterDecisionResource}. */
    public ApplicationSets externals(ExternalGenerators generators) {
        return new ApplicationSets(gitops, registered, generators, limits, lenient);
    }

    /**
     * The same with the registrations of clusters, asked for at every expansion: their names, labels and annotations are what
     * cluster generators select by. A cluster of the facade without one has no labels.
     */
    public ApplicationSets clusters(Supplier<List<ClusterSecret>> registrations) {
        return new ApplicationSets(gitops, registrations, externals, limits, lenient);
    }

    /** The same with other bounds. */
    public ApplicationSets limits(Limits bounds) {
        return new ApplicationSets(gitops, registered, externals, bounds, lenient);
    }

    /** The same with Argo CD's templates: a name that is no parameter stays as it is, or prints as no value. */
    public ApplicationSets lenient() {
        return new ApplicationSets(gitops, registered, externals, limits, true);
    }

    /**
     * What a set generates.
     *
     * @param applications those that are in order, by name
     * @param names of all that were generated, also of those that are not in order: none of them may be deleted
     * @param complete whether every generator and template could be evaluated; if not, nothing may be changed
     * @param problems of generators and templates, and of single Applications
     */
    public record Expanded(
            List<Application> applications, Set<String> names, boolean complete, List<Problem> problems) {

        /** An expansion of these parts. */
        public Expanded {
            applications = List.copyOf(applications);
            names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
            problems = List.copyOf(problems);
        }
    }

    /** Generates the Applications of a set. */
    public Expanded expand(ApplicationSet set) {
        return expand(set, url -> Optional.empty());
    }

    /**
     * The same where some repositories are looked at as they are in {@code trees}, whatever revision a generator names: a
     * preview of a commit that is on no branch yet.
     */
    public Expanded expand(ApplicationSet set, Function<String, Optional<SourceTree>> trees) {
        Sources sources = new Sources(trees);
        ApplicationSetGenerator.Generated generated = lenient
                ? ApplicationSetGenerator.generate(set, sources, limits)
                : ApplicationSetGenerator.generateStrictly(set, sources, limits);
        List<Problem> problems = new ArrayList<>();
        generated.problems().forEach(problem -> problems.add(named(set, problem)));
        duplicates().forEach(problem -> problems.add(named(set, problem)));
        Set<String> names = new LinkedHashSet<>();
        Set<String> twice = new LinkedHashSet<>();
        for (JsonObject body : generated.applications()) {
            String name = body.object("metadata").text("name", "");
            if (!names.add(name)) {
                twice.add(name);
            }
        }
        List<Application> applications = new ArrayList<>();
        for (JsonObject body : generated.applications()) {
            List<Problem> wrong = new ArrayList<>(ApplicationSetGenerator.validate(List.of(body)));
            Outcome<Application> application = Application.of(Manifest.trusted(body, Origin.memory()));
            if (wrong.isEmpty()) {
                wrong.addAll(application.problems());
            }
            boolean fine = wrong.stream().noneMatch(Problem::isError)
                    && !twice.contains(body.object("metadata").text("name", ""));
            if (fine) {
                application.value().ifPresent(applications::add);
            }
            wrong.forEach(problem -> problems.add(named(set, problem)));
        }
        twice.forEach(name -> problems.add(named(
                set, Problem.error("APPSET_NAME_DUPLICATE", "two Applications are generated with name " + name))));
        return new Expanded(applications, names, generated.ok(), problems);
    }

    /** Registrations that are left out, because another one has their server already. */
    private List<Problem> duplicates() {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> first = new LinkedHashMap<>();
        for (ClusterSecret secret : registered.get()) {
            String before = first.putIfAbsent(secret.server(), secret.name());
            if (before != null && !before.equals(secret.name())) {
                problems.add(Problem.warning(
                        "DUPLICATE_CLUSTER",
                        "cluster " + secret.name() + " is left out: " + before + " is registered for " + secret.server()
                                + " already"));
            }
        }
        return problems;
    }

    /** The Applications that files define, and those that their ApplicationSets generate; of the latter also what is wrong. */
    public ApplicationDiscovery.Found all(
            ApplicationDiscovery.Found found, Function<String, Optional<SourceTree>> trees) {
        List<Application> applications = new ArrayList<>(found.applications());
        List<Problem> problems = new ArrayList<>(found.problems());
        for (ApplicationSet set : found.sets()) {
            Expanded expanded = expand(set, trees);
            problems.addAll(expanded.problems());
            if (expanded.complete()) {
                applications.addAll(expanded.applications());
            }
        }
        return new ApplicationDiscovery.Found(applications, found.sets(), found.projects(), problems);
    }

    private static Problem named(ApplicationSet set, Problem problem) {
        Problem told = new Problem(
                problem.severity(),
                problem.code(),
                "ApplicationSet " + set.name() + ": " + problem.text(),
                problem.where(),
                problem.hint());
        return told;
    }

    /** What generators see of the facade. */
    private final class Sources implements GeneratorSources {
        private final Function<String, Optional<SourceTree>> trees;

        Sources(Function<String, Optional<SourceTree>> trees) {
            this.trees = trees;
        }

        @Override
        public List<ClusterEntry> clusters() {
            List<ClusterEntry> entries = new ArrayList<>();
            Set<String> servers = new LinkedHashSet<>();
            for (ClusterSecret secret : registered.get()) {
                if (servers.add(secret.server())) {
                    entries.add(new ClusterEntry(
                            secret.name(), secret.server(), secret.project(), secret.labels(), secret.annotations()));
                }
            }
            for (Cluster cluster : gitops.clusters().all()) {
                // the cluster of the control plane takes part without labels only where a generator takes all
                if (!cluster.server().equals(Destination.IN_CLUSTER) && servers.add(cluster.server())) {
                    entries.add(new ClusterEntry(
                            cluster.name(), cluster.server(), "", JsonObject.empty(), JsonObject.empty()));
                }
            }
            return List.copyOf(entries);
        }

        @Override
        public Outcome<SourceTree> tree(String repoUrl, String revision) {
            Optional<SourceTree> given = trees.apply(repoUrl);
            if (given.isPresent()) {
                return Outcome.of(given.get());
            }
            return gitops.repository(repoUrl)
                    .then(repository -> repository
                            .resolve(revision.isEmpty() ? "HEAD" : revision)
                            .map(repository::tree));
        }

        @Override
        public @Nullable ExternalGenerators externals() {
            return externals;
        }
    }
}
