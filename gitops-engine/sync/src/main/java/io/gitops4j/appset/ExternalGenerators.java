package io.gitops4j.appset;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gitops4j.appset.GeneratorSources.ClusterEntry;
import io.gitops4j.appset.PullRequestProvider.PullRequest;
import io.gitops4j.appset.ScmProvider.Repository;
import io.gitops4j.gotemplate.DnsName;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The generators that ask someone else: {@code scmProvider}, {@code pullRequest}, {@code plugin} and
 * {@code clusterDecisionResource}, each over what is plugged in for it. Filters and the names of parameters are Argo CD's; the
 * order is by organization, repository and branch, and by number, whatever order a provider answers in. Immutable.
 *
 * <p>Source: argocd §3.
 */
public final class ExternalGenerators {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final Duration THREE_MINUTES = Duration.ofMinutes(3);
    private static final List<String> SCM =
            List.of("github", "gitlab", "gitea", "bitbucket", "bitbucketServer", "azureDevOps", "awsCodeCommit");
    private static final List<String> PULL_REQUEST =
            List.of("github", "gitlab", "gitea", "bitbucket", "bitbucketServer", "azuredevops");
    private static final int SLUG = 50;

    private final Map<String, ScmProvider> scm;
    private final Map<String, PullRequestProvider> pullRequests;
    private final @Nullable ParameterPlugin plugin;
    private final @Nullable DecisionSource decisions;

    private ExternalGenerators(Builder builder) {
        scm = new LinkedHashMap<>(builder.scm);
        pullRequests = new LinkedHashMap<>(builder.pullRequests);
        plugin = builder.plugin;
        decisions = builder.decisions;
    }

    /** A builder with nothing plugged in. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The parameter sets of a generator, without its {@code values}. Problems: {@code APPSET_PROVIDER} where nothing is plugged
     * in or the provider is unknown, {@code APPSET_FILTER} for a filter that cannot be read, and those of the provider.
     *
     * @param type name of the generator
     * @param body its body
     * @param go whether the set uses Go templates, which take nested values
     * @param clusters the registered clusters
     */
    public Outcome<List<JsonObject>> parameters(String type, JsonObject body, boolean go, List<ClusterEntry> clusters) {
        try {
            return switch (type) {
                case "scmProvider" -> repositories(body);
                case "pullRequest" -> requests(body, go);
                case "plugin" -> plugged(body, go);
                case "clusterDecisionResource" -> decided(body, clusters);
                default -> Outcome.failed(Problem.error("APPSET_PROVIDER", "unknown generator " + type));
            };
        } catch (ProblemException e) {
            return Outcome.failed(e.problems());
        }
    }

    /**
     * How long the generators of an ApplicationSet may be left before they are asked again, the shortest; empty where none ask
     * anybody. A generator that does not say waits 30 minutes for a provider and 3 minutes for Git.
     */
    public static Optional<Duration> requeueAfter(JsonObject spec) {
        Duration shortest = null;
        for (Json entry : spec.array("generators")) {
            JsonObject generator = entry instanceof JsonObject object ? object : JsonObject.empty();
            for (String type : generator.keys()) {
                if (generator.get(type) instanceof JsonObject body) {
                    Duration one = requeue(type, body);
                    shortest = shortest == null || (one != null && one.compareTo(shortest) < 0) ? one : shortest;
                }
            }
        }
        return Optional.ofNullable(shortest);
    }

    private static @Nullable Duration requeue(String type, JsonObject body) {
        if (type.equals("matrix") || type.equals("merge")) {
            return requeueAfter(body).orElse(null);
        }
        Duration usual = switch (type) {
            case "scmProvider", "pullRequest", "plugin" -> HALF_AN_HOUR;
            case "git", "clusterDecisionResource" -> THREE_MINUTES;
            default -> null;
        };
        Json seconds = body.get("requeueAfterSeconds");
        return usual == null || !(seconds instanceof io.gitops4j.json.JsonNumber number) || number.longValue() <= 0
                ? usual
                : Duration.ofSeconds(number.longValue());
    }

    // ---- scmProvider

    private Outcome<List<JsonObject>> repositories(JsonObject body) {
        String name = provider("scmProvider", body, SCM, scm);
        Predicate<Repository> wanted = anyOf(body, ExternalGenerators::repositoryFilter);
        return known(scm, name)
                .repositories(body.object(name))
                .map(all -> all.stream()
                        .filter(wanted)
                        .sorted(Comparator.comparing(Repository::organization)
                                .thenComparing(Repository::name)
                                .thenComparing(Repository::branch))
                        .map(ExternalGenerators::repositorySet)
                        .toList());
    }

    private static JsonObject repositorySet(Repository repository) {
        return JsonObject.builder()
                .put("organization", repository.organization())
                .put("repository", repository.name())
                .put("repository_id", repository.id())
                .put("url", repository.url())
                .put("branch", repository.branch())
                .put("sha", repository.sha())
                .put("short_sha", shortened(repository.sha(), 8))
                .put("short_sha_7", shortened(repository.sha(), 7))
                .put("labels", String.join(",", repository.labels()))
                .put("branchNormalized", DnsName.normalize(repository.branch()))
                .build();
    }

    private static Predicate<Repository> repositoryFilter(JsonObject filter) {
        Predicate<String> name = matcher(filter, "repositoryMatch");
        Predicate<String> branch = matcher(filter, "branchMatch");
        boolean labelled = !filter.text("labelMatch", "").isEmpty();
        Predicate<String> label = matcher(filter, "labelMatch");
        List<String> present = texts(filter.array("pathsExist"));
        List<String> absent = texts(filter.array("pathsDoNotExist"));
        return repository -> name.test(repository.name())
                && branch.test(repository.branch())
                && (!labelled || repository.labels().stream().anyMatch(label))
                && present.stream().allMatch(path -> exists(repository, path))
                && absent.stream().noneMatch(path -> exists(repository, path));
    }

    private static boolean exists(Repository repository, String path) {
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return repository.paths().contains(plain)
                || repository.paths().stream().anyMatch(known -> known.startsWith(plain + "/"));
    }

    // ---- pullRequest

    private Outcome<List<JsonObject>> requests(JsonObject body, boolean go) {
        String name = provider("pullRequest", body, PULL_REQUEST, pullRequests);
        Predicate<PullRequest> wanted = anyOf(body, ExternalGenerators::requestFilter);
        Outcome<List<PullRequest>> answer = known(pullRequests, name).pullRequests(body.object(name));
        boolean gone = answer.errors().stream()
                .anyMatch(problem -> problem.code().equals(PullRequestProvider.REPOSITORY_NOT_FOUND));
        if (gone && body.bool("continueOnRepoNotFoundError", false)) {
            return Outcome.of(List.of());
        }
        return answer.map(all -> all.stream()
                .filter(wanted)
                .sorted(Comparator.comparingLong(PullRequest::number))
                .map(request -> requestSet(request, go))
                .toList());
    }

    private static JsonObject requestSet(PullRequest request, boolean go) {
        JsonObject.Builder set = JsonObject.builder()
                .put("number", String.valueOf(request.number()))
                .put("title", request.title())
                .put("branch", request.branch())
                .put("branch_slug", DnsName.slug(request.branch(), SLUG, false))
                .put("target_branch", request.targetBranch())
                .put("target_branch_slug", DnsName.slug(request.targetBranch(), SLUG, false))
                .put("head_sha", request.headSha())
                .put("head_short_sha", shortened(request.headSha(), 8))
                .put("head_short_sha_7", shortened(request.headSha(), 7))
                .put("author", request.author());
        if (go) {
            JsonArray.Builder labels = JsonArray.builder();
            request.labels().forEach(labels::add);
            set.put("labels", labels.build());
        }
        return set.build();
    }

    private static Predicate<PullRequest> requestFilter(JsonObject filter) {
        Predicate<String> branch = matcher(filter, "branchMatch");
        Predicate<String> target = matcher(filter, "targetBranchMatch");
        Predicate<String> title = matcher(filter, "titleMatch");
        return request ->
                branch.test(request.branch()) && target.test(request.targetBranch()) && title.test(request.title());
    }

    // ---- plugin and clusterDecisionResource

    private Outcome<List<JsonObject>> plugged(JsonObject body, boolean go) {
        ParameterPlugin asked = plugin;
        if (asked == null) {
            throw nothing("plugin");
        }
        JsonObject parameters = body.object("input").object("parameters");
        return asked.parameters(body.object("configMapRef").text("name", ""), parameters)
                .map(sets -> sets.stream()
                        .map(set -> withInput(go ? set : Parameters.flat(set), parameters, go))
                        .toList());
    }

    private static JsonObject withInput(JsonObject set, JsonObject parameters, boolean go) {
        JsonObject input = JsonObject.of("input", JsonObject.of("parameters", parameters));
        JsonObject own = JsonObject.of("generator", input);
        return Parameters.merged(set, go ? own : Parameters.flat(own));
    }

    private Outcome<List<JsonObject>> decided(JsonObject body, List<ClusterEntry> clusters) {
        DecisionSource asked = decisions;
        if (asked == null) {
            throw nothing("clusterDecisionResource");
        }
        return asked.decisions(body).map(answer -> {
            List<JsonObject> sets = new ArrayList<>();
            for (JsonObject entry : answer.entries()) {
                String named = entry.text(answer.matchKey(), "");
                clusters.stream()
                        .filter(cluster -> cluster.name().equals(named))
                        .findFirst()
                        .ifPresent(cluster -> sets.add(decisionSet(entry, cluster)));
            }
            return List.copyOf(sets);
        });
    }

    private static JsonObject decisionSet(JsonObject entry, ClusterEntry cluster) {
        JsonObject.Builder set =
                JsonObject.builder().put("name", cluster.name()).put("server", cluster.server());
        entry.forEach((key, value) -> {
            if (!key.equals("name") && !key.equals("server")) {
                String text = value.textOrNull();
                set.put(key, text == null ? value.toJson() : text);
            }
        });
        return set.build();
    }

    // ---- shared

    private static String provider(String type, JsonObject body, List<String> names, Map<String, ?> plugged) {
        List<String> told = new ArrayList<>();
        for (String key : body.keys()) {
            if ((names.contains(key) || plugged.containsKey(key)) && body.get(key) instanceof JsonObject) {
                told.add(key);
            }
        }
        if (told.size() != 1) {
            throw failure(
                    "APPSET_PROVIDER",
                    "a " + type + " generator names one provider, this names "
                            + (told.isEmpty() ? "none that is known" : String.join(", ", told)));
        }
        return told.get(0);
    }

    private static <T> T known(Map<String, T> plugged, String name) {
        T provider = plugged.get(name);
        if (provider == null) {
            throw nothing(name);
        }
        return provider;
    }

    private static ProblemException nothing(String name) {
        return failure("APPSET_PROVIDER", "nothing is plugged in for " + name);
    }

    private static ProblemException failure(String code, String text) {
        return new ProblemException(List.of(Problem.error(code, text)));
    }

    /** Of several filters one is enough; without filters everything passes. */
    private static <T> Predicate<T> anyOf(
            JsonObject body, java.util.function.Function<JsonObject, Predicate<T>> reader) {
        List<Predicate<T>> filters = new ArrayList<>();
        body.array("filters")
                .forEach(item ->
                        filters.add(reader.apply(item instanceof JsonObject filter ? filter : JsonObject.empty())));
        return one -> filters.isEmpty() || filters.stream().anyMatch(filter -> filter.test(one));
    }

    private static Predicate<String> matcher(JsonObject filter, String key) {
        String expression = filter.text(key, "");
        if (expression.isEmpty()) {
            return text -> true;
        }
        try {
            Pattern pattern = Pattern.compile(expression);
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw failure("APPSET_FILTER", key + " is no regular expression: " + e.getMessage());
        }
    }

    private static List<String> texts(JsonArray items) {
        List<String> out = new ArrayList<>();
        items.forEach(item -> out.add(String.valueOf(item.textOrNull())));
        return out;
    }

    private static String shortened(String sha, int length) {
        return sha.substring(0, Math.min(length, sha.length()));
    }

    /** Plugs providers in. */
    public static final class Builder {
        private final Map<String, ScmProvider> scm = new LinkedHashMap<>();
        private final Map<String, PullRequestProvider> pullRequests = new LinkedHashMap<>();
        private @Nullable ParameterPlugin plugin;
        private @Nullable DecisionSource decisions;

        private Builder() {}

        /** Answers {@code scmProvider} generators whose block is {@code name}, such as {@code github}. */
        public Builder scm(String name, ScmProvider provider) {
            scm.put(name, provider);
            return this;
        }

        /** Answers {@code pullRequest} generators whose block is {@code name}. */
        public Builder pullRequests(String name, PullRequestProvider provider) {
            pullRequests.put(name, provider);
            return this;
        }

        /** Answers {@code plugin} generators. */
        public Builder plugin(ParameterPlugin source) {
            plugin = source;
            return this;
        }

        /** Answers {@code clusterDecisionResource} generators. */
        public Builder decisions(DecisionSource source) {
            decisions = source;
            return this;
        }

        /** The generators. */
        public ExternalGenerators build() {
            return new ExternalGenerators(this);
        }
    }
}
