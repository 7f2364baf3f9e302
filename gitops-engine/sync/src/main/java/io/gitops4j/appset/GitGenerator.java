package io.gitops4j.appset;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.glob.Glob;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The git generator: directories or files of a repository that match. */
final class GitGenerator {
    private final GeneratorSources sources;
    private final boolean go;
    private final JsonObject body;

    GitGenerator(GeneratorSources sources, TemplateRenderer renderer, JsonObject body) {
        this.sources = sources;
        this.go = renderer.go();
        this.body = body;
    }

    List<JsonObject> parameters() {
        boolean byDirectory = !body.array("directories").isEmpty();
        if (!byDirectory && body.array("files").isEmpty()) {
            throw failure("a git generator needs directories or files");
        }
        Outcome<SourceTree> outcome = sources.tree(body.text("repoURL", ""), body.text("revision", ""));
        SourceTree tree = outcome.orNull();
        if (tree == null) {
            throw failure("repository " + body.text("repoURL", "") + ": "
                    + outcome.problems().get(0).text());
        }
        return byDirectory ? directories(tree) : files(tree);
    }

    private static ProblemException failure(String text) {
        return new ProblemException(List.of(Problem.error("APPSET_GENERATOR", text)));
    }

    private List<JsonObject> directories(SourceTree tree) {
        Predicate<String> wanted = matcher(body.array("directories"), false);
        List<String> found = new ArrayList<>();
        walk(tree, "", found, true);
        List<JsonObject> sets = new ArrayList<>();
        for (String directory : found) {
            if (wanted.test(directory)) {
                sets.add(Parameters.path(directory, "", body.text("pathParamPrefix", ""), go));
            }
        }
        return sets;
    }

    private List<JsonObject> files(SourceTree tree) {
        Predicate<String> wanted = matcher(body.array("files"), true);
        List<String> found = new ArrayList<>();
        walk(tree, "", found, false);
        List<JsonObject> sets = new ArrayList<>();
        for (String file : found) {
            if (wanted.test(file)) {
                sets.addAll(ofFile(tree, file));
            }
        }
        return sets;
    }

    /** What one of the patterns takes in and none of those with {@code exclude} takes out, in whatever order they stand. */
    private static Predicate<String> matcher(JsonArray items, boolean doublestar) {
        List<Glob> included = new ArrayList<>();
        List<Glob> excluded = new ArrayList<>();
        for (Json item : items) {
            if (!(item instanceof JsonObject entry)) {
                continue;
            }
            String pattern = entry.text("path", "");
            Glob glob = (doublestar ? Glob.doublestar(pattern) : Glob.pathMatch(pattern)).orElse(null);
            if (glob == null) {
                throw failure("no valid pattern: " + pattern);
            }
            (entry.bool("exclude", false) ? excluded : included).add(glob);
        }
        return path -> included.stream().anyMatch(glob -> glob.matches(path))
                && excluded.stream().noneMatch(glob -> glob.matches(path));
    }

    /** All directories but hidden ones, or all files, in lexical order. */
    private static void walk(SourceTree tree, String directory, List<String> found, boolean directories) {
        for (String name : tree.list(directory)) {
            String path = directory.isEmpty() ? name : directory + "/" + name;
            if (tree.entry(path) == SourceTree.Entry.DIRECTORY) {
                if (directories && name.startsWith(".")) {
                    continue;
                }
                if (directories) {
                    found.add(path);
                }
                walk(tree, path, found, directories);
            } else if (!directories && tree.entry(path) == SourceTree.Entry.FILE) {
                found.add(path);
            }
        }
    }

    private List<JsonObject> ofFile(SourceTree tree, String file) {
        String text = tree.read(file).map(bytes -> bytes.utf8()).orElse("");
        Outcome<Json> read = YamlReader.git().read(file, text);
        Json value = read.orNull();
        if (value == null) {
            throw failure("file " + file + ": " + read.problems().get(0).text());
        }
        List<JsonObject> objects = new ArrayList<>();
        if (value instanceof JsonObject object) {
            objects.add(object);
        } else if (value instanceof JsonArray array) {
            for (Json item : array) {
                if (!(item instanceof JsonObject object)) {
                    throw failure("file " + file + " is a list of other things than mappings");
                }
                objects.add(object);
            }
        } else if (value.isNull()) {
            objects.add(JsonObject.empty());
        } else {
            throw failure("file " + file + " holds neither a mapping nor a list of mappings");
        }
        int slash = file.lastIndexOf('/');
        String directory = slash < 0 ? "." : file.substring(0, slash);
        JsonObject path = Parameters.path(directory, file.substring(slash + 1), body.text("pathParamPrefix", ""), go);
        List<JsonObject> sets = new ArrayList<>();
        for (JsonObject object : objects) {
            sets.add(Parameters.merged(go ? object : Parameters.flat(object), path));
        }
        return sets;
    }
}
