package io.gitops4j.sync;

import io.gitops4j.codec.SourceText;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.FileEvaluator;
import io.gitops4j.spi.Renderer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders a directory of manifests: every {@code .yaml}, {@code .yml} and {@code .json} file in it, in lexical order. Options
 * are those of {@code source.directory}: {@code recurse}, {@code include} and {@code exclude} (globs over the path below the
 * directory; exclude wins).
 *
 * <p>A file that is no manifest and no valid YAML is passed over, so that files of values may lie beside manifests; one that
 * looks like a manifest and does not parse is an error. A file with the text {@code +argocd:skip-file-rendering} is left out.
 *
 * <p>Files that have to be evaluated, such as {@code .jsonnet}, are given to the {@link FileEvaluator} that knows them, with the
 * options of {@code source.directory.jsonnet}. Without one they are an error, since what is silently missing would be pruned.
 */
public final class DirectoryRenderer implements Renderer {
    private static final String SKIP_MARK = "+argocd:skip-file-rendering";
    private static final int MOST_LINKS = 40;

    private final List<FileEvaluator> evaluators;

    /** Reads YAML and JSON alone. */
    public DirectoryRenderer() {
        this(List.of());
    }

    /** Reads YAML and JSON, and has other files evaluated by the first that knows them. */
    public DirectoryRenderer(List<FileEvaluator> evaluators) {
        this.evaluators = List.copyOf(evaluators);
    }

    @Override
    public String name() {
        return "Directory";
    }

    @Override
    public boolean detects(SourceTree tree, String path) {
        return tree.entry(normal(path)) == SourceTree.Entry.DIRECTORY;
    }

    @Override
    public Outcome<Rendered> render(Request request) {
        return new Run(request, evaluators).render();
    }

    private static String normal(String path) {
        return path.equals(".") ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** One rendering. */
    private static final class Run {
        private final SourceTree tree;
        private final String root;
        private final Limits limits;
        private final boolean recurse;
        private final List<Problem> problems = new ArrayList<>();
        private final List<Manifest> manifests = new ArrayList<>();
        private final Map<String, String> filesRead = new LinkedHashMap<>();
        private final @Nullable Glob include;
        private final @Nullable Glob exclude;
        private final List<FileEvaluator> evaluators;
        private final JsonObject options;
        private long bytes;

        Run(Request request, List<FileEvaluator> evaluators) {
            this.evaluators = evaluators;
            this.options = request.options();
            this.tree = request.tree();
            this.root = normal(request.path());
            this.limits = request.limits();
            this.recurse = options.bool("recurse", false);
            this.include = glob(options.text("include", ""), "include");
            this.exclude = glob(options.text("exclude", ""), "exclude");
        }

        private @Nullable Glob glob(String pattern, String field) {
            if (pattern.isEmpty()) {
                return null;
            }
            Optional<Glob> glob = Glob.doublestar(pattern);
            if (glob.isEmpty()) {
                problems.add(Problem.error(
                        "RENDER_GLOB_INVALID", "directory." + field + " is no valid pattern: " + pattern));
            }
            return glob.orElse(null);
        }

        Outcome<Rendered> render() {
            SourceTree.Entry entry = tree.entry(root);
            if (entry != SourceTree.Entry.DIRECTORY) {
                return Outcome.failed(Problem.error(
                                "RENDER_PATH_MISSING",
                                (entry == SourceTree.Entry.MISSING ? "no such directory: " : "not a directory: ")
                                        + (root.isEmpty() ? "." : root))
                        .at(Where.file(root))
                        .hint("the path is relative to the root of the repository"));
            }
            walk(root);
            if (problems.stream().anyMatch(Problem::isError)) {
                return Outcome.failed(problems);
            }
            return ManifestSet.of(manifests).then(set -> Outcome.of(new Rendered(set, filesRead), problems));
        }

        private void walk(String directory) {
            for (String name : tree.list(directory)) {
                String path = directory.isEmpty() ? name : directory + "/" + name;
                SourceTree.Entry entry = tree.entry(path);
                if (entry == SourceTree.Entry.DIRECTORY) {
                    if (recurse && !name.equals(".git")) {
                        walk(path);
                    }
                } else if (isManifestName(name) && isIncluded(path)) {
                    if (entry == SourceTree.Entry.FILE) {
                        read(path, path);
                    } else if (entry == SourceTree.Entry.SYMLINK) {
                        String target = follow(path);
                        if (target != null) {
                            read(path, target);
                        }
                    }
                } else if (entry == SourceTree.Entry.FILE && isIncluded(path)) {
                    evaluate(path, name);
                }
            }
        }

        private void evaluate(String path, String name) {
            for (FileEvaluator evaluator : evaluators) {
                if (evaluator.evaluates(name)) {
                    Outcome<FileEvaluator.Evaluated> outcome =
                            evaluator.evaluate(new FileEvaluator.Input(tree, path, options, limits));
                    problems.addAll(outcome.problems());
                    FileEvaluator.Evaluated evaluated = outcome.orNull();
                    if (evaluated != null) {
                        filesRead.put(path, tree.contentId(path).orElse(""));
                        evaluated
                                .filesRead()
                                .forEach(file ->
                                        filesRead.put(file, tree.contentId(file).orElse("")));
                        add(path, evaluated.objects());
                    }
                    return;
                }
            }
            if (name.endsWith(".jsonnet")) {
                problems.add(
                        Problem.error("JSONNET_OFF", path + " has to be evaluated, and nothing is plugged in for it")
                                .at(Where.file(path))
                                .hint("give a FileEvaluator to the DirectoryRenderer, or exclude the file"));
            }
        }

        private void add(String path, List<Json> values) {
            for (int i = 0; i < values.size(); i++) {
                Outcome<Manifest> read = values.get(i) instanceof JsonObject object
                        ? Manifest.of(object, Origin.file(path, i))
                        : Outcome.failed(Problem.error("NOT_AN_OBJECT", path + " gives a value that is no object")
                                .at(Where.file(path)));
                problems.addAll(read.problems());
                read.value().ifPresent(manifests::add);
            }
        }

        private static boolean isManifestName(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
        }

        private boolean isIncluded(String path) {
            String below = root.isEmpty() ? path : path.substring(root.length() + 1);
            if (exclude != null && exclude.matches(below)) {
                return false;
            }
            return include == null || include.matches(below);
        }

        /** The file that a link leads to, {@code null} with a problem when it leads out of the repository or nowhere. */
        private @Nullable String follow(String link) {
            String at = link;
            for (int i = 0; i < MOST_LINKS; i++) {
                if (tree.entry(at) != SourceTree.Entry.SYMLINK) {
                    return tree.entry(at) == SourceTree.Entry.FILE ? at : null;
                }
                String target = tree.linkTarget(at).orElse("");
                String resolved = target.startsWith("/") ? null : resolve(at, target);
                if (resolved == null) {
                    problems.add(
                            Problem.error("RENDER_LINK_OUTSIDE", link + " is a link that leads out of the repository")
                                    .at(Where.file(link)));
                    return null;
                }
                at = resolved;
            }
            problems.add(Problem.error("RENDER_LINK_LOOP", link + " is a link that leads in a circle")
                    .at(Where.file(link)));
            return null;
        }

        private static @Nullable String resolve(String link, String target) {
            List<String> elements = new ArrayList<>(List.of(link.split("/", -1)));
            elements.remove(elements.size() - 1);
            for (String element : target.split("/", -1)) {
                if (element.equals("..")) {
                    if (elements.isEmpty()) {
                        return null;
                    }
                    elements.remove(elements.size() - 1);
                } else if (!element.isEmpty() && !element.equals(".")) {
                    elements.add(element);
                }
            }
            return String.join("/", elements);
        }

        private void read(String path, String file) {
            Bytes content = tree.read(file).orElse(null);
            if (content == null) {
                return;
            }
            bytes += content.length();
            if (bytes > limits.totalBytes()) {
                problems.add(Problem.error(
                                "RENDER_TOO_LARGE",
                                "the manifests of " + (root.isEmpty() ? "." : root) + " are larger than "
                                        + limits.totalBytes() + " bytes together")
                        .at(Where.file(path)));
                return;
            }
            filesRead.put(file, tree.contentId(file).orElse(""));
            String text = text(path, content);
            if (text == null || text.contains(SKIP_MARK)) {
                return;
            }
            boolean looksLikeManifest =
                    text.contains("apiVersion:") && text.contains("kind:") && text.contains("metadata:");
            boolean json = path.toLowerCase(Locale.ROOT).endsWith(".json");
            if (!looksLikeManifest && !json && !isManifest(path, text)) {
                return;
            }
            Outcome<List<Manifest>> read = YamlReader.git().withLimits(limits).readManifests(path, text);
            problems.addAll(read.problems());
            read.value().ifPresent(manifests::addAll);
        }

        /** Whether a file without the marks of a manifest parses as one all the same (flow style, quoted keys). */
        private boolean isManifest(String path, String text) {
            return YamlReader.git().withLimits(limits).readManifests(path, text).ok();
        }

        /** UTF-8, or UTF-16 where a byte order mark says so; {@code null} with a problem where it is neither. */
        private @Nullable String text(String path, Bytes content) {
            byte[] raw = content.toByteArray();
            boolean marked = raw.length >= 2
                    && ((raw[0] == (byte) 0xFE && raw[1] == (byte) 0xFF)
                            || (raw[0] == (byte) 0xFF && raw[1] == (byte) 0xFE));
            Outcome<String> decoded = marked
                    ? Outcome.of(
                            StandardCharsets.UTF_16.decode(ByteBuffer.wrap(raw)).toString())
                    : SourceText.decode(path, content);
            problems.addAll(decoded.problems());
            String text = decoded.orNull();
            if (text != null && (text.indexOf('\0') >= 0 || (marked && text.indexOf('\uFFFD') >= 0))) {
                problems.add(Problem.error("BAD_ENCODING", path + " is no text in UTF-8")
                        .at(Where.file(path))
                        .hint("save it as UTF-8, or exclude it from the source"));
                return null;
            }
            return text;
        }
    }
}
