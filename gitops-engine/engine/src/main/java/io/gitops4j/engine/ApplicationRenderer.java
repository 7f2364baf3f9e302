package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSource;
import io.gitops4j.app.SourceOverrides;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.Renderer;
import io.gitops4j.spi.SecretDecryptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders the sources of Applications: finds the repository and the commit, chooses the renderer, and hands it the files.
 * Repositories stay open for the life of this object. Not for use by several threads.
 *
 * <p>Source: argocd §1.1–§1.4.
 */
public final class ApplicationRenderer {
    /** Sources whose renders are kept unless told otherwise. */
    public static final int DEFAULT_CACHE = 16_384;

    private final GitAccess git;
    private final List<Renderer> renderers;
    private final Limits limits;
    private final List<SecretDecryptor> decryptors;
    private final @Nullable SecretReferences references;
    private final RenderCache cache;
    private final Map<String, GitRepository> open = new LinkedHashMap<>();

    /** A renderer over {@code git}; of the renderers, the first that detects a directory renders it. */
    public ApplicationRenderer(GitAccess git, List<Renderer> renderers, Limits limits) {
        this(git, renderers, limits, List.of(), null, DEFAULT_CACHE);
    }

    /**
     * The same that opens encrypted files and resolves references, and uses the renders of the last {@code kept} sources again
     * while their files stay the same. Without decryptors and references files and objects stay as they are stored, and no key
     * is needed; with decryptors nothing is kept, since it would be plain text.
     */
    public ApplicationRenderer(
            GitAccess git,
            List<Renderer> renderers,
            Limits limits,
            List<SecretDecryptor> decryptors,
            @Nullable SecretReferences references,
            int kept) {
        this.cache = new RenderCache(kept);
        this.git = git;
        this.renderers = List.copyOf(renderers);
        this.limits = limits;
        this.decryptors = List.copyOf(decryptors);
        this.references = references;
    }

    /**
     * What {@code application} wants. Problems, beside those of the renderers: {@code APP_NO_SOURCE}, {@code PATH_GONE},
     * {@code CHART_REMOTE}, {@code RENDERER_MISSING}, {@code RENDERER_AMBIGUOUS}, and those of {@link GitAccess}.
     *
     * @param revisions revisions to use instead of the sources' own, by position; {@code ""} or none keeps it
     */
    public Outcome<RenderedApplication> render(Application application, List<String> revisions) {
        List<ApplicationSource> sources = application.sources();
        if (sources.isEmpty()) {
            return Outcome.failed(Problem.error("APP_NO_SOURCE", application + " has neither source nor sources"));
        }
        List<Opened> opened = new ArrayList<>();
        Map<String, SourceTree> refs = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            String wanted = i < revisions.size() ? revisions.get(i) : "";
            Outcome<Opened> one = openSource(sources.get(i), wanted, application.name());
            Opened source = one.orNull();
            if (source == null) {
                return Outcome.failed(one.problems());
            }
            opened.add(source);
            if (!source.source().ref().isEmpty()) {
                refs.put("$" + source.source().ref(), source.tree());
            }
        }
        return renderAll(application, opened, refs);
    }

    /** The bounds that renders are held to. */
    Limits limits() {
        return limits;
    }

    /** The commits of the sources, nothing being rendered; problems as those of {@link #render}. */
    Outcome<List<String>> resolve(Application application, List<String> revisions) {
        List<String> commits = new ArrayList<>();
        List<ApplicationSource> sources = application.sources();
        for (int i = 0; i < sources.size(); i++) {
            ApplicationSource source = sources.get(i);
            String wanted = i < revisions.size() ? revisions.get(i) : "";
            Outcome<String> commit = repository(source.repoUrl())
                    .then(known -> known.resolve(wanted.isEmpty() ? named(source) : wanted));
            if (!commit.ok()) {
                return Outcome.failed(commit.problems());
            }
            commits.add(commit.orThrow());
        }
        return Outcome.of(List.copyOf(commits));
    }

    /** Whether the same commits give the same objects: nothing from outside goes into them. */
    boolean isRepeatable() {
        return references == null && decryptors.isEmpty();
    }

    private static String named(ApplicationSource source) {
        return source.targetRevision().isEmpty() ? "HEAD" : source.tagPrefix() + source.targetRevision();
    }

    private record Opened(ApplicationSource source, SourceTree tree, String commit) {}

    private Outcome<Opened> openSource(ApplicationSource source, String revision, String application) {
        if (!source.chart().isEmpty() && source.path().isEmpty()) {
            return Outcome.failed(Problem.error(
                            "CHART_REMOTE",
                            "the chart " + source.chart() + " of " + source.repoUrl() + " is not in Git")
                    .hint("charts are rendered from Git only: keep a copy of the chart there, and name its path"));
        }
        String wanted = revision.isEmpty() ? named(source) : revision;
        return repository(source.repoUrl())
                .then(known -> known.resolve(wanted).then(commit -> {
                    SourceTree tree = known.tree(commit);
                    return source.isRefOnly()
                            ? Outcome.of(new Opened(source, tree, commit))
                            : SourceOverrides.apply(source, tree, application)
                                    .map(overridden -> new Opened(overridden, tree, commit));
                }));
    }

    /** The files of a repository at a commit. */
    Outcome<SourceTree> tree(String url, String commit) {
        return repository(url).map(known -> known.tree(commit));
    }

    /** Forgets every render that is kept. */
    public void forget() {
        cache.clear();
    }

    /** How often a kept render could be used, and how often one had to be made. */
    public String cacheFigures() {
        return cache.hits() + " kept renders used, " + cache.renders() + " made";
    }

    /** How often a render had to be made. */
    public long rendersMade() {
        return cache.renders();
    }

    private Outcome<RenderedApplication> renderAll(
            Application application, List<Opened> sources, Map<String, SourceTree> refs) {
        List<Manifest> manifests = new ArrayList<>();
        List<String> revisions = new ArrayList<>();
        Map<String, String> files = new LinkedHashMap<>();
        List<Problem> warnings = new ArrayList<>();
        for (Opened source : sources) {
            revisions.add(source.commit());
            if (source.source().isRefOnly()) {
                continue;
            }
            Outcome<Renderer.Rendered> outcome = renderOne(application, source, refs);
            Renderer.Rendered rendered = outcome.orNull();
            if (rendered == null) {
                return Outcome.failed(outcome.problems());
            }
            warnings.addAll(outcome.problems());
            manifests.addAll(rendered.manifests().manifests());
            rendered.filesRead().forEach((path, id) -> files.put(url(path, source, sources), id));
        }
        return Outcome.of(new RenderedApplication(application, manifests, revisions, files), warnings);
    }

    /** {@code URL//path} of a file that a render read; one that starts with {@code $ref/} is of the source of that name. */
    private static String url(String path, Opened source, List<Opened> sources) {
        for (Opened other : sources) {
            String prefix = "$" + other.source().ref() + "/";
            if (!other.source().ref().isEmpty() && path.startsWith(prefix)) {
                return other.source().repoUrl() + "//" + path.substring(prefix.length());
            }
        }
        return source.source().repoUrl() + "//" + path;
    }

    private Outcome<Renderer.Rendered> renderOne(Application application, Opened opened, Map<String, SourceTree> refs) {
        ApplicationSource source = opened.source();
        String path = normal(source.path());
        if (opened.tree().entry(path) != SourceTree.Entry.DIRECTORY) {
            return Outcome.failed(Problem.error(
                            "PATH_GONE",
                            source.path() + ": app path does not exist in " + source.repoUrl() + " at "
                                    + shortened(opened.commit()))
                    .hint("check source.path of " + application));
        }
        DecryptingTree decrypting = new DecryptingTree(opened.tree(), decryptors);
        SourceTree tree = decryptors.isEmpty() ? opened.tree() : decrypting;
        Outcome<Renderer> chosen = choose(source, opened.tree(), path);
        Outcome<Renderer.Rendered> rendered = chosen.then(renderer -> {
            Renderer.Request request = new Renderer.Request(
                    tree,
                    path,
                    source.explicitTypes().contains("plugin")
                            ? source.options("plugin")
                            : source.options(renderer.name().toLowerCase(Locale.ROOT)),
                    environment(application, source, opened.commit()),
                    refs,
                    limits);
            return decryptors.isEmpty()
                    ? cache.render(source.repoUrl(), renderer, request, () -> RenderBudget.render(renderer, request))
                    : RenderBudget.render(renderer, request);
        });
        if (!decryptors.isEmpty()) {
            rendered = opened(rendered, decrypting);
        }
        SecretReferences known = references;
        return known == null ? rendered : rendered.then(result -> resolved(result, known));
    }

    /** The result with what was opened in it marked; or what could not be opened. */
    private static Outcome<Renderer.Rendered> opened(Outcome<Renderer.Rendered> outcome, DecryptingTree tree) {
        if (tree.problems().stream().anyMatch(Problem::isError)) {
            return Outcome.failed(tree.problems());
        }
        List<Problem> problems = new ArrayList<>(tree.problems());
        outcome.problems().forEach(problem -> problems.add(tree.scrubbed(problem)));
        Renderer.Rendered rendered = outcome.orNull();
        if (rendered == null) {
            return Outcome.failed(problems);
        }
        List<Manifest> manifests = new ArrayList<>();
        for (Manifest manifest : rendered.manifests().manifests()) {
            manifests.add(tree.taints(manifest.body()) ? manifest.markedSecret() : manifest);
        }
        return ManifestSet.of(manifests)
                .then(set -> Outcome.of(new Renderer.Rendered(set, rendered.filesRead()), problems));
    }

    /** The result with values in the place of references. They are put in here, after every cache. */
    private static Outcome<Renderer.Rendered> resolved(Renderer.Rendered rendered, SecretReferences references) {
        List<Manifest> manifests = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : rendered.manifests().manifests()) {
            Outcome<SecretReferences.Resolved> outcome = references.resolve(manifest.body());
            SecretReferences.Resolved resolved = outcome.orNull();
            if (resolved == null) {
                outcome.problems()
                        .forEach(problem -> problems.add(Problem.error(problem.code(), manifest.key() + problem.text())
                                .at(manifest.origin().where())));
            } else {
                manifests.add(
                        resolved.places().isEmpty()
                                ? manifest
                                : manifest.withBody(resolved.object().reveal()).markedSecret());
            }
        }
        return problems.isEmpty()
                ? ManifestSet.of(manifests).map(set -> new Renderer.Rendered(set, rendered.filesRead()))
                : Outcome.failed(problems);
    }

    private Outcome<Renderer> choose(ApplicationSource source, SourceTree tree, String path) {
        List<String> explicit = source.explicitTypes();
        if (explicit.size() > 1) {
            return Outcome.failed(Problem.error(
                            "RENDERER_AMBIGUOUS", "multiple application sources defined: " + String.join(",", explicit))
                    .hint("keep one of them"));
        }
        if (explicit.size() == 1) {
            Renderer named = named(explicit.get(0), source.options("plugin"));
            return named != null ? Outcome.of(named) : missing(explicit.get(0));
        }
        for (Renderer renderer : renderers) {
            if (renderer.detects(tree, path)) {
                return Outcome.of(renderer);
            }
        }
        return missing(tree.entry(join(path, "Chart.yaml")) == SourceTree.Entry.FILE ? "helm" : "directory");
    }

    private @Nullable Renderer named(String type, JsonObject plugin) {
        String wanted = type.equals("plugin") ? plugin.text("name", type) : type;
        for (Renderer renderer : renderers) {
            if (renderer.name().equalsIgnoreCase(wanted)) {
                return renderer;
            }
        }
        return null;
    }

    private static Outcome<Renderer> missing(String type) {
        String hint = type.equals("helm")
                ? "add the module gitops-helm-adapter and its HelmRenderer to the builder"
                : "add a renderer of that name to the builder";
        return Outcome.failed(Problem.error("RENDERER_MISSING", "there is no renderer for " + type + " sources")
                .hint(hint));
    }

    private static Map<String, String> environment(Application application, ApplicationSource source, String commit) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("ARGOCD_APP_NAME", application.name());
        environment.put("ARGOCD_APP_NAMESPACE", application.destination().namespace());
        environment.put("ARGOCD_APP_PROJECT_NAME", application.project());
        environment.put("ARGOCD_APP_REVISION", commit);
        environment.put("ARGOCD_APP_REVISION_SHORT", shortened(commit));
        environment.put("ARGOCD_APP_REVISION_SHORT_8", commit.substring(0, Math.min(8, commit.length())));
        environment.put("ARGOCD_APP_SOURCE_REPO_URL", source.repoUrl());
        environment.put("ARGOCD_APP_SOURCE_PATH", source.path());
        environment.put("ARGOCD_APP_SOURCE_TARGET_REVISION", source.targetRevision());
        return environment;
    }

    private static String shortened(String commit) {
        return commit.substring(0, Math.min(7, commit.length()));
    }

    private static String normal(String path) {
        String trimmed = path.startsWith("./") ? path.substring(2) : path;
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        return trimmed.equals(".") ? "" : trimmed;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    /** The repository at {@code url}, opened once; one that could not be opened is tried again the next time. */
    public Outcome<GitRepository> repository(String url) {
        GitRepository known = open.get(url);
        if (known != null) {
            return Outcome.of(known);
        }
        Outcome<GitRepository> opened = git.open(url);
        opened.value().ifPresent(repository -> open.put(url, repository));
        return opened;
    }
}
