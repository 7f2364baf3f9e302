package io.gitops4j.cli;

import io.gitops4j.app.ClusterSecret;
import io.gitops4j.appset.DecisionSource;
import io.gitops4j.appset.ExternalGenerators;
import io.gitops4j.appset.PullRequestProvider;
import io.gitops4j.appset.ScmProvider;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.ApplicationSets;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the generators of ApplicationSets know beyond Git: registered clusters, and what others answered. */
final class GeneratorOptions {
    @Option(
            names = "--cluster-secrets",
            paramLabel = "FILE",
            description = "Cluster Secrets of Argo CD (YAML) by whose labels cluster generators select."
                    + " Only names, servers, labels and annotations are read. May be repeated.")
    private List<Path> clusterSecrets = new ArrayList<>();

    @Option(
            names = "--generator-answers",
            paramLabel = "FILE",
            description =
                    "Answers (YAML) for generators that ask others: scmProvider and pullRequest by provider, plugin by"
                            + " ConfigMap, clusterDecisionResource. Default: such generators fail.")
    private @Nullable Path answers;

    @Option(
            names = "--lenient-templates",
            description =
                    "Leave names in templates of ApplicationSets that are no parameter as they are, as Argo CD does."
                            + " Default: they are errors.")
    private boolean lenient;

    ApplicationSets over(GitOps gitops) {
        List<ClusterSecret> secrets = new ArrayList<>();
        for (Path file : clusterSecrets) {
            YamlReader.kubectl()
                    .readManifests(file.toString(), read(file))
                    .orThrow()
                    .forEach(manifest ->
                            secrets.add(ClusterSecret.of(manifest.body()).orThrow()));
        }
        ApplicationSets sets = ApplicationSets.over(gitops).clusters(() -> secrets);
        Path recorded = answers;
        if (recorded != null) {
            Json read = YamlReader.kubectl()
                    .read(recorded.toString(), read(recorded))
                    .orThrow();
            sets = sets.externals(externals(read instanceof JsonObject object ? object : JsonObject.empty()));
        }
        return lenient ? sets.lenient() : sets;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new GitOpsException("NOT_FOUND", file + " cannot be read", e);
        }
    }

    private static ExternalGenerators externals(JsonObject recorded) {
        ExternalGenerators.Builder builder = ExternalGenerators.builder();
        recorded.object("scmProvider").forEach((name, list) -> {
            List<ScmProvider.Repository> repositories = objects(list).stream()
                    .map(entry -> new ScmProvider.Repository(
                            entry.text("organization", ""),
                            entry.text("repository", ""),
                            entry.text("id", ""),
                            entry.text("url", ""),
                            entry.text("branch", ""),
                            entry.text("sha", ""),
                            texts(entry.array("labels")),
                            Set.copyOf(texts(entry.array("paths")))))
                    .toList();
            builder.scm(name, ScmProvider.of(repositories));
        });
        recorded.object("pullRequest").forEach((name, list) -> {
            List<PullRequestProvider.PullRequest> requests = objects(list).stream()
                    .map(entry -> new PullRequestProvider.PullRequest(
                            entry.get("number") instanceof JsonNumber number ? number.longValue() : 0,
                            entry.text("title", ""),
                            entry.text("branch", ""),
                            entry.text("targetBranch", ""),
                            entry.text("headSha", ""),
                            texts(entry.array("labels")),
                            entry.text("author", "")))
                    .toList();
            builder.pullRequests(name, PullRequestProvider.of(requests));
        });
        JsonObject plugins = recorded.object("plugin");
        builder.plugin((config, parameters) -> plugins.has(config)
                ? Outcome.of(objects(plugins.array(config)))
                : Outcome.failed(Problem.error("APPSET_PROVIDER", "there is no answer for the plugin " + config)));
        JsonObject decisions = recorded.object("clusterDecisionResource");
        if (!decisions.isEmpty()) {
            DecisionSource.Decisions decided = new DecisionSource.Decisions(
                    decisions.text("matchKey", "clusterName"), objects(decisions.array("decisions")));
            builder.decisions(generator -> Outcome.of(decided));
        }
        return builder.build();
    }

    private static List<JsonObject> objects(Json list) {
        List<JsonObject> objects = new ArrayList<>();
        if (list instanceof JsonArray array) {
            array.forEach(item -> {
                if (item instanceof JsonObject object) {
                    objects.add(object);
                }
            });
        }
        return objects;
    }

    private static List<String> texts(JsonArray array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(item -> texts.add(String.valueOf(item.textOrNull())));
        return List.copyOf(texts);
    }
}
