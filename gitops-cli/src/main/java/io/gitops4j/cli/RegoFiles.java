package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.Bundle;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.ast.RegoVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The policies and data that a Rego command loads. */
final class RegoFiles {
    @Option(names = "--v0-compatible", description = "Reads modules as Rego v0.")
    private boolean v0;

    @Option(
            names = {"-S", "--strict"},
            description = "Unused names and the like are errors.")
    private boolean strict;

    @Option(names = "--ignore", paramLabel = "GLOB", description = "File names that are not read.")
    private List<String> ignored = List.of();

    private final List<RegoModule> modules = new ArrayList<>();
    private JsonObject data = JsonObject.empty();

    List<RegoModule> modules() {
        return modules;
    }

    JsonObject data() {
        return data;
    }

    RegoOptions options() {
        return RegoOptions.v1().version(v0 ? RegoVersion.V0 : RegoVersion.V1).strict(strict);
    }

    /** Loads a file, a folder, or a bundle's archive. */
    void load(Path path) {
        try {
            if (path.toString().endsWith(".tar.gz")) {
                Bundle bundle = Bundle.readArchive(Files.readAllBytes(path)).orThrow();
                modules.addAll(bundle.modules());
                data = merged(data, bundle.data());
                return;
            }
            if (!Files.exists(path)) {
                throw new GitOpsException("not_found", "no such file or folder: " + path);
            }
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    file(path, file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void file(Path root, Path file) throws IOException {
        String name = file.getFileName().toString();
        for (String glob : ignored) {
            if (file.getFileSystem().getPathMatcher("glob:" + glob).matches(file.getFileName())) {
                return;
            }
        }
        if (name.endsWith(".rego")) {
            modules.add(new RegoModule(file.toString(), Files.readString(file)));
        } else if (name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml")) {
            JsonObject document = read(file).asObject();
            if (document != null) {
                JsonObject placed = document;
                List<String> folders = folders(root, file);
                for (int i = folders.size() - 1; i >= 0; i--) {
                    placed = JsonObject.of(folders.get(i), placed);
                }
                data = merged(data, placed);
            }
        }
    }

    /** The names of the folders between a root and a file. */
    private static List<String> folders(Path root, Path file) {
        List<String> names = new ArrayList<>();
        if (!root.equals(file)) {
            Path relative = root.relativize(file);
            for (int i = 0; i < relative.getNameCount() - 1; i++) {
                names.add(relative.getName(i).toString());
            }
        }
        return names;
    }

    /** The document of a JSON or YAML file. */
    static Json read(Path file) throws IOException {
        String text = Files.readString(file);
        Outcome<Json> read = file.toString().endsWith(".json")
                ? JsonReader.parse(file.toString(), text, Limits.defaults())
                : YamlReader.kubectl().read(file.toString(), text);
        return read.orThrow();
    }

    private static JsonObject merged(JsonObject left, JsonObject right) {
        JsonObject out = left;
        for (String key : right.keys()) {
            Json old = out.get(key);
            Json value = right.get(key);
            if (value != null) {
                out = out.with(
                        key, old instanceof JsonObject a && value instanceof JsonObject b ? merged(a, b) : value);
            }
        }
        return out;
    }
}
