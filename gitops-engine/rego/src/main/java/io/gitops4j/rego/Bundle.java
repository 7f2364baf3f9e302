package io.gitops4j.rego;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bundle: modules, data files at the paths of their folders, and a manifest.
 *
 * @param modules every {@code .rego} file, named by its path
 * @param data the documents of {@code data.json} and {@code data.yaml}, merged
 * @param manifest the file {@code .manifest}, an empty object when there is none
 */
public record Bundle(List<RegoModule> modules, JsonObject data, JsonObject manifest) {
    /** A bundle. */
    public Bundle {
        modules = List.copyOf(modules);
    }

    /** The bundle in a folder of a tree, {@code ""} for all of it. */
    public static Outcome<Bundle> read(SourceTree tree, String folder) {
        Reader reader = new Reader(tree);
        reader.folder(folder, new ArrayList<>());
        return reader.bundle();
    }

    /** The bundle in a gzipped tar archive, as {@code opa build} writes it. */
    public static Outcome<Bundle> readArchive(byte[] archive) {
        Outcome<Map<String, Bytes>> files = TarGz.files(archive);
        return files.then(map -> read(MemoryTree.of(map), ""));
    }

    /** The name of the version of what is inside, {@code ""} when the manifest says none. */
    public String revision() {
        return manifest.text("revision", "");
    }

    /** The options with the language version that the manifest asks for. */
    public RegoOptions options(RegoOptions options) {
        Json version = manifest.get("rego_version");
        return version == null
                ? options
                : options.version(version.equals(Json.of(0)) ? RegoVersion.V0 : RegoVersion.V1);
    }

    /** Collects the files of a bundle. */
    private static final class Reader {
        private final SourceTree tree;
        private final List<RegoModule> modules = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private JsonObject data = JsonObject.empty();
        private JsonObject manifest = JsonObject.empty();

        Reader(SourceTree tree) {
            this.tree = tree;
        }

        void folder(String folder, List<String> keys) {
            for (String name : tree.list(folder)) {
                String path = folder.isEmpty() ? name : folder + "/" + name;
                if (tree.entry(path) == SourceTree.Entry.DIRECTORY) {
                    List<String> below = new ArrayList<>(keys);
                    below.add(name);
                    folder(path, below);
                } else {
                    tree.read(path).ifPresent(bytes -> file(path, name, keys, bytes.utf8()));
                }
            }
        }

        private void file(String path, String name, List<String> keys, String text) {
            if (name.endsWith(".rego")) {
                modules.add(new RegoModule(path, text));
            } else if (name.equals("data.json") || name.equals("data.yaml") || name.equals("data.yml")) {
                JsonObject document = document(path, text, name.endsWith(".json"));
                if (document != null) {
                    data = merged(data, at(keys, document), path);
                }
            } else if (name.equals(".manifest") && keys.isEmpty()) {
                JsonObject document = document(path, text, true);
                manifest = document == null ? manifest : document;
            }
        }

        private @Nullable JsonObject document(String path, String text, boolean json) {
            Outcome<Json> read = json
                    ? JsonReader.parse(path, text, io.gitops4j.problem.Limits.defaults())
                    : YamlReader.kubectl().read(path, text);
            problems.addAll(read.problems());
            Json document = read.orNull();
            if (document != null && document.asObject() == null) {
                problems.add(Problem.error("rego_bundle_error", "the document is not an object")
                        .at(Where.file(path)));
            }
            return document == null ? null : document.asObject();
        }

        private static JsonObject at(List<String> keys, JsonObject document) {
            JsonObject out = document;
            for (int i = keys.size() - 1; i >= 0; i--) {
                out = JsonObject.of(keys.get(i), out);
            }
            return out;
        }

        private JsonObject merged(JsonObject left, JsonObject right, String path) {
            JsonObject out = left;
            for (String key : right.keys()) {
                Json old = left.get(key);
                Json value = right.get(key);
                if (value == null) {
                    continue;
                }
                if (old instanceof JsonObject a && value instanceof JsonObject b) {
                    out = out.with(key, merged(a, b, path));
                } else if (old == null) {
                    out = out.with(key, value);
                } else {
                    problems.add(Problem.error("rego_bundle_error", "two files give data at " + key)
                            .at(Where.file(path)));
                }
            }
            return out;
        }

        Outcome<Bundle> bundle() {
            for (RegoModule module : modules) {
                if (!inRoots(module)) {
                    problems.add(Problem.error("rego_bundle_error", "the package is outside the roots of the manifest")
                            .at(Where.file(module.name())));
                }
            }
            return problems.stream().anyMatch(Problem::isError)
                    ? Outcome.failed(problems)
                    : Outcome.of(new Bundle(modules, data, manifest), problems);
        }

        private boolean inRoots(RegoModule module) {
            if (!(manifest.get("roots") instanceof JsonArray roots)) {
                return true;
            }
            String packagePath = module.text()
                    .lines()
                    .filter(line -> line.startsWith("package "))
                    .findFirst()
                    .orElse("package ")
                    .substring(8)
                    .strip()
                    .replace('.', '/');
            for (Json root : roots) {
                String text = root.textOrNull();
                if (text != null
                        && (text.isEmpty() || packagePath.equals(text) || packagePath.startsWith(text + "/"))) {
                    return true;
                }
            }
            return false;
        }
    }
}
