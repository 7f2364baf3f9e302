package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.Bundle;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.check.SchemaSet;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The policies and data that a Rego command loads. */
final class RegoFiles {
    @Option(names = "--v0-compatible", description = "Reads modules as Rego v0.")
    private boolean v0;

    @Option(names = "--v1-compatible", description = "Reads modules as Rego v1: the default.")
    private boolean v1;

    @Option(
            names = {"-s", "--schema"},
            paramLabel = "PATH",
            description = "A JSON schema of the input, or a folder of schemas that annotations name.")
    private @Nullable Path schema;

    @Option(
            names = "--capabilities",
            paramLabel = "VERSION|FILE",
            description = "The language of a release (v1.17.0), or a file of OPA's form that lists the builtins.")
    private @Nullable String capabilities;

    @Option(
            names = {"-S", "--strict"},
            description = "Unused names and the like are errors.")
    private boolean strict;

    @Option(names = "--ignore", paramLabel = "GLOB", description = "File names that are not read.")
    private List<String> ignored = List.of();

    private static final Pattern RELEASE = Pattern.compile("v?1\\.(\\d{1,3})(?:\\.\\d+)?");

    private RegoVersion versionOfBundle = RegoVersion.V1;
    private final List<RegoModule> modules = new ArrayList<>();
    private JsonObject data = JsonObject.empty();

    List<RegoModule> modules() {
        return modules;
    }

    JsonObject data() {
        return data;
    }

    RegoOptions options() {
        RegoOptions options = RegoOptions.v1()
                .version(v0 && !v1 ? RegoVersion.V0 : versionOfBundle)
                .strict(strict);
        try {
            return withSchemas(withCapabilities(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RegoOptions withCapabilities(RegoOptions options) throws IOException {
        if (capabilities == null) {
            return options;
        }
        Matcher release = RELEASE.matcher(capabilities);
        if (release.matches()) {
            return options.opa(new OpaVersion(Integer.parseInt(release.group(1))));
        }
        List<String> names = new ArrayList<>();
        if (read(Path.of(capabilities)) instanceof JsonObject file
                && file.get("builtins") instanceof JsonArray builtins) {
            for (Json builtin : builtins) {
                if (builtin instanceof JsonObject one) {
                    names.add(one.text("name", ""));
                }
            }
            return options.allowed(names);
        }
        throw new GitOpsException("invalid", "no list of builtins in " + capabilities);
    }

    private RegoOptions withSchemas(RegoOptions options) throws IOException {
        Path given = schema;
        if (given == null) {
            return options;
        }
        if (!Files.isDirectory(given)) {
            return options.schemas(SchemaSet.ofInput(read(given)));
        }
        Map<String, Json> named = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(given)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String path = given.relativize(file).toString().replace('\\', '/');
                if (path.endsWith(".json")) {
                    named.put(path.substring(0, path.length() - 5), read(file));
                }
            }
        }
        return options.schemas(SchemaSet.ofNamed(named));
    }

    /** Loads a bundle: an archive, or a folder with its manifest. */
    void loadBundle(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                load(path);
                return;
            }
            Map<String, Bytes> files = new LinkedHashMap<>();
            try (Stream<Path> walked = Files.walk(path)) {
                for (Path file : walked.filter(Files::isRegularFile).sorted().toList()) {
                    files.put(path.relativize(file).toString().replace('\\', '/'), Bytes.of(Files.readAllBytes(file)));
                }
            }
            add(Bundle.read(MemoryTree.of(files), "").orThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Bundle bundle) {
        modules.addAll(bundle.modules());
        data = merged(data, bundle.data());
        versionOfBundle = bundle.options(RegoOptions.v1()).version();
    }

    /** Loads a file, a folder, or a bundle's archive. */
    void load(Path path) {
        try {
            if (path.toString().endsWith(".tar.gz")) {
                add(Bundle.readArchive(Files.readAllBytes(path)).orThrow());
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
