package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.sync.FieldChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a repository does to every Application that it defines, without a cluster: the Applications are read and
 * rendered at both revisions, and the objects compared. Sources in other repositories stay as they are.
 */
public final class Preview {
    /** The folder of a repository whose templates and constraints judge its objects. */
    public static final String POLICIES = "policies";

    private final GitOps gitops;
    private final Limits limits;
    private final PreviewPolicies policies;
    private final ApplicationSets sets;

    /** Previews over a facade; its clusters are not asked. */
    public Preview(GitOps gitops, Limits limits) {
        this(gitops, limits, POLICIES, builder -> builder);
    }

    /**
     * The same with policies of another folder.
     *
     * @param policyFolder path of the folder in the repository; a folder that is not there has no policies
     * @param client a say in the client that evaluates them, such as to give it CEL
     */
    public Preview(GitOps gitops, Limits limits, String policyFolder, UnaryOperator<Gatekeeper.Builder> client) {
        this(
                gitops,
                limits,
                new PreviewPolicies(policyFolder, client, limits),
                ApplicationSets.over(gitops).limits(limits));
    }

    private Preview(GitOps gitops, Limits limits, PreviewPolicies policies, ApplicationSets sets) {
        this.gitops = gitops;
        this.limits = limits;
        this.policies = policies;
        this.sets = sets;
    }

    /** The same where these say what ApplicationSets generate, such as with registered clusters and answers of providers. */
    public Preview applicationSets(ApplicationSets expander) {
        return new Preview(gitops, limits, policies, expander);
    }

    /**
     * The report. Problems of the repository and its revisions withhold it; those of single Applications are in it.
     *
     * @param url repository that changes, as the Applications name it
     * @param base revision before, in the syntax of {@link RevisionSyntax}
     * @param head revision after
     */
    public Outcome<PreviewReport> between(String url, String base, String head) {
        return gitops.repository(url)
                .then(repository -> RevisionSyntax.commit(repository, base)
                        .then(from ->
                                RevisionSyntax.commit(repository, head).map(to -> report(repository, url, from, to))));
    }

    private PreviewReport report(GitRepository repository, String url, String from, String to) {
        SourceTree before = repository.tree(from);
        SourceTree after = repository.tree(to);
        Map<String, Application> old = new LinkedHashMap<>();
        Map<String, Application> now = new LinkedHashMap<>();
        List<Problem> known = applications(before, url, old);
        List<Problem> broken = new ArrayList<>(applications(after, url, now));
        broken.removeAll(known);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        PreviewPolicies.Judges judges = policies.of(before, after);
        List<PreviewReport.AppChange> changes = new ArrayList<>();
        for (String name : names) {
            PreviewReport.AppChange change =
                    compare(old.get(name), now.get(name), url, from, to, before, after, judges);
            if (!change.isEmpty()) {
                changes.add(change);
            }
        }
        if (!broken.isEmpty()) {
            changes.add(new PreviewReport.AppChange(
                    "definitions", "every cluster", List.of(), broken, List.of(), List.of()));
        }
        return new PreviewReport(from, to, names.size(), changes);
    }

    /** The Applications of a tree by name, those of its ApplicationSets too; what is wrong with the definitions. */
    private List<Problem> applications(SourceTree tree, String url, Map<String, Application> into) {
        ApplicationDiscovery.Found found = sets.all(
                ApplicationDiscovery.in(tree, "", limits),
                other -> other.equals(url) ? Optional.of(tree) : Optional.empty());
        found.applications().forEach(application -> into.put(application.qualifiedName(), application));
        return found.problems().stream().filter(Problem::isError).toList();
    }

    private PreviewReport.AppChange compare(
            @Nullable Application old,
            @Nullable Application now,
            String url,
            String from,
            String to,
            SourceTree before,
            SourceTree after,
            PreviewPolicies.Judges judges) {
        Application named = now == null ? require(old) : now;
        Outcome<RenderedApplication> base = old == null ? null : gitops.render(old, revisions(old, url, from));
        boolean untouched = old != null
                && old.equals(now)
                && base != null
                && base.ok()
                && isUntouched(base.orThrow(), old, url, before, after);
        Outcome<RenderedApplication> head =
                now == null ? null : untouched ? base : gitops.render(now, revisions(now, url, to));
        List<Problem> problems = new ArrayList<>();
        if (head != null) {
            problems.addAll(head.errors());
        }
        boolean same = untouched && judges.areTheSame();
        if (same || (head != null && !head.ok())) {
            return new PreviewReport.AppChange(
                    named.qualifiedName(), named.destination().cluster(), List.of(), problems, List.of(), List.of());
        }
        TreeMap<ResourceKey, Manifest> was = manifests(base, named);
        TreeMap<ResourceKey, Manifest> is = manifests(head, named);
        List<PreviewReport.ObjectChange> objects = untouched ? List.of() : objects(was, is);
        return new PreviewReport.AppChange(
                named.qualifiedName(),
                named.destination().cluster(),
                objects,
                problems,
                judges.newViolations(was, is),
                PreviewRollouts.starting(was, is));
    }

    private static Application require(@Nullable Application application) {
        if (application == null) {
            throw new IllegalStateException("an Application is there before or after");
        }
        return application;
    }

    private static List<String> revisions(Application application, String url, String commit) {
        return application.sources().stream()
                .map(source -> source.repoUrl().equals(url) ? commit : "")
                .toList();
    }

    /** Whether no file that the render depends on, and no directory that a source names, has changed. */
    private static boolean isUntouched(
            RenderedApplication rendered, Application application, String url, SourceTree before, SourceTree after) {
        for (ApplicationSource source : application.sources()) {
            String path = source.path();
            if (source.repoUrl().equals(url) && !sameContent(path.equals(".") ? "" : path, before, after)) {
                return false;
            }
        }
        String prefix = url + "//";
        for (String file : rendered.filesRead().keySet()) {
            if (file.startsWith(prefix) && !sameContent(file.substring(prefix.length()), before, after)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameContent(String path, SourceTree before, SourceTree after) {
        return before.contentId(path).isPresent() && before.contentId(path).equals(after.contentId(path));
    }

    private static TreeMap<ResourceKey, Manifest> manifests(
            @Nullable Outcome<RenderedApplication> rendered, Application application) {
        TreeMap<ResourceKey, Manifest> byKey = new TreeMap<>();
        RenderedApplication known = rendered == null ? null : rendered.orNull();
        if (known != null) {
            for (Manifest manifest : known.manifests()) {
                ResourceKey key = manifest.key();
                byKey.put(
                        key.namespace().isEmpty()
                                ? key.inNamespace(application.destination().namespace())
                                : key,
                        manifest);
            }
        }
        return byKey;
    }

    private static List<PreviewReport.ObjectChange> objects(
            TreeMap<ResourceKey, Manifest> before, TreeMap<ResourceKey, Manifest> after) {
        TreeSet<ResourceKey> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        List<PreviewReport.ObjectChange> changes = new ArrayList<>();
        for (ResourceKey key : keys) {
            Manifest old = before.get(key);
            Manifest now = after.get(key);
            if (old == null || now == null) {
                String act = old == null ? "create" : "delete";
                changes.add(new PreviewReport.ObjectChange(key, act, List.of()));
            } else if (!old.body().equals(now.body())) {
                List<FieldChange> fields = new ArrayList<>();
                collect(JsonPointer.root(), old.body(), now.body(), fields);
                boolean secret = old.holdsSecrets() || now.holdsSecrets();
                changes.add(new PreviewReport.ObjectChange(
                        key,
                        "change",
                        secret ? fields.stream().map(FieldChange::masked).toList() : fields));
            }
        }
        return changes;
    }

    /** Differences from leaf to leaf, members in the order of their names. */
    private static void collect(
            JsonPointer path, @Nullable Json before, @Nullable Json after, List<FieldChange> fields) {
        if (before != null && before.equals(after)) {
            return;
        }
        if (before instanceof JsonObject old && after instanceof JsonObject now) {
            TreeSet<String> names = new TreeSet<>(old.keys());
            names.addAll(now.keys());
            for (String name : names) {
                collect(path.child(name), old.get(name), now.get(name), fields);
            }
        } else if (before instanceof JsonArray old && after instanceof JsonArray now && old.size() == now.size()) {
            for (int i = 0; i < old.size(); i++) {
                collect(path.child(i), old.get(i), now.get(i), fields);
            }
        } else {
            fields.add(new FieldChange(path, before, after));
        }
    }
}
