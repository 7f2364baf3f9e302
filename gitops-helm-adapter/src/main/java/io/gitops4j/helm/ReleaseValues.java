package io.gitops4j.helm;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNull;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.BuildEnvironment;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.Renderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of a release beyond the chart's own, lowest precedence first: value files in order, then {@code valuesObject} or
 * {@code values}, then parameters, then parameters that stay text, then file parameters.
 *
 * <p>Source: argocd §1.1 (value files and refs), §1.5.
 */
final class ReleaseValues {
    private final Renderer.Request request;
    private final Confined tree;
    private final Map<String, Confined> refs = new LinkedHashMap<>();
    private final Map<String, String> filesRead = new LinkedHashMap<>();

    /** A file of values: where it stands for a person, and its text. */
    record ValueFile(String place, String text) {}

    ReleaseValues(Renderer.Request request, Confined tree) {
        this.request = request;
        this.tree = tree;
        request.refs().forEach((name, files) -> refs.put(name, new Confined(files)));
    }

    /** Path to content id of every value file; those of a ref start with its name, those that are missing have no id. */
    Map<String, String> filesRead() {
        return filesRead;
    }

    /** Every file of values in order, inline values last. */
    List<ValueFile> files() {
        List<ValueFile> files = new ArrayList<>();
        for (Located located : valueFiles()) {
            files.add(new ValueFile(located.shown(), read(located)));
        }
        JsonObject options = request.options();
        if (options.get("valuesObject") instanceof JsonObject object && !object.isEmpty()) {
            files.add(new ValueFile("source.helm.valuesObject", object.toJson()));
        } else if (!options.text("values", "").isBlank()) {
            files.add(new ValueFile("source.helm.values", options.text("values", "")));
        }
        files.forEach(this::check);
        return files;
    }

    /** The text of the file that a file parameter names. */
    String parameterFile(String path) {
        Located located = named(path);
        Bytes content = located.tree().read(located.path()).orElse(null);
        if (content == null) {
            throw new HelmFault(Problem.error("HELM_VALUES_MISSING", located.shown() + ": there is no such file")
                    .at(Where.file(located.shown())));
        }
        remember(located);
        return content.utf8();
    }

    /** {@code $NAME} and <code>${NAME}</code> replaced by the build environment; unknown names become nothing. */
    String environment(String text) {
        return BuildEnvironment.substituted(text, request.environment());
    }

    private record Located(Confined tree, String path, String shown) {}

    private List<Located> valueFiles() {
        List<String> written = new ArrayList<>();
        request.options().array("valueFiles").forEach(item -> written.add(String.valueOf(item.textOrNull())));
        boolean ignoreMissing = request.options().bool("ignoreMissingValueFiles", false);
        Set<String> explicit = new LinkedHashSet<>();
        List<Located> named = written.stream().map(this::named).toList();
        for (Located each : named) {
            if (!isGlob(each.path())) {
                explicit.add(each.shown());
            }
        }
        List<Located> out = new ArrayList<>();
        Set<String> globbed = new LinkedHashSet<>();
        for (Located each : named) {
            List<Located> found = isGlob(each.path()) ? expanded(each, explicit, globbed) : List.of(each);
            if (isGlob(each.path())
                    && found.isEmpty()
                    && !ignoreMissing
                    && matches(each).isEmpty()) {
                throw missing(each, "no file matches");
            }
            for (Located one : found) {
                if (one.tree().entry(one.path()) == SourceTree.Entry.FILE) {
                    out.add(one);
                } else if (ignoreMissing) {
                    filesRead.put(one.shown(), "");
                } else {
                    throw missing(one, "no such file or directory");
                }
            }
        }
        return out;
    }

    private static HelmFault missing(Located file, String why) {
        return new HelmFault(Problem.error("HELM_VALUES_MISSING", "value file " + file.shown() + ": " + why)
                .at(Where.file(file.shown()))
                .hint("correct source.helm.valueFiles, or set ignoreMissingValueFiles"));
    }

    private List<Located> expanded(Located pattern, Set<String> explicit, Set<String> globbed) {
        List<Located> found = new ArrayList<>();
        for (String path : matches(pattern)) {
            String shown = pattern.shown()
                            .substring(
                                    0, pattern.shown().length() - pattern.path().length())
                    + path;
            if (!explicit.contains(shown) && globbed.add(shown)) {
                found.add(new Located(pattern.tree(), path, shown));
            }
        }
        return found;
    }

    private static List<String> matches(Located pattern) {
        Glob glob = Glob.doublestar(pattern.path())
                .orElseThrow(() -> new HelmFault("HELM_VALUES_MISSING", pattern.shown() + " is no pattern of files"));
        String fixed = pattern.path().substring(0, firstWildcard(pattern.path()));
        List<String> found = new ArrayList<>();
        collect(pattern.tree(), fixed.substring(0, Math.max(0, fixed.lastIndexOf('/'))), glob, found, 0);
        found.sort(null);
        return found;
    }

    private static void collect(Confined tree, String directory, Glob glob, List<String> found, int depth) {
        if (depth > 50) {
            return;
        }
        for (String name : tree.list(directory)) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            SourceTree.Entry entry = tree.entry(path);
            if (entry == SourceTree.Entry.DIRECTORY) {
                collect(tree, path, glob, found, depth + 1);
            } else if (entry == SourceTree.Entry.FILE && glob.matches(path)) {
                found.add(path);
            }
        }
    }

    private static boolean isGlob(String path) {
        return firstWildcard(path) < path.length();
    }

    private static int firstWildcard(String path) {
        for (int i = 0; i < path.length(); i++) {
            if ("*?[{".indexOf(path.charAt(i)) >= 0) {
                return i;
            }
        }
        return path.length();
    }

    private Located named(String written) {
        return locate(written.startsWith("$") && isRef(written) ? written : environment(written));
    }

    private boolean isRef(String written) {
        return refs.containsKey(reference(written));
    }

    private static String reference(String written) {
        int slash = written.indexOf('/');
        return slash < 0 ? written : written.substring(0, slash);
    }

    private Located locate(String written) {
        if (written.startsWith("http://") || written.startsWith("https://")) {
            throw new HelmFault(Problem.error("HELM_REMOTE", "value file " + written + " is not in a repository")
                    .hint("nothing is fetched while rendering; keep the file in Git"));
        }
        String name = reference(written);
        Confined other = refs.get(name);
        if (other != null) {
            String path = Confined.resolve("", environment(written.substring(name.length())));
            return new Located(other, path, name + "/" + path);
        }
        String path = Confined.resolve(request.path(), written);
        return new Located(tree, path, path);
    }

    private String read(Located file) {
        remember(file);
        return file.tree().read(file.path()).orElseThrow().utf8();
    }

    private void remember(Located file) {
        String real = String.valueOf(file.tree().real(file.path()));
        filesRead.put(file.shown(), file.tree().tree().contentId(real).orElse(""));
    }

    private void check(ValueFile file) {
        Outcome<Json> read = YamlReader.kubectl().withLimits(request.limits()).read(file.place(), file.text());
        Json value = read.orNull();
        if (value == null) {
            Problem cause = read.errors().get(0);
            throw new HelmFault(
                    Problem.error("HELM_VALUES", cause.text()).at(cause.where()).hint(cause.hint()));
        }
        if (!(value instanceof JsonObject) && !(value instanceof JsonNull)) {
            throw new HelmFault(Problem.error("HELM_VALUES", file.place() + ": values are a mapping of names to values")
                    .at(Where.file(file.place())));
        }
    }
}
