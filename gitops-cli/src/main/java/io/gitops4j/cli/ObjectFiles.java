package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads the objects of YAML and JSON files. */
final class ObjectFiles {
    private ObjectFiles() {}

    /** The YAML and JSON files at a path, a file or a folder, by name. */
    static List<Path> files(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new GitOpsException("not_found", "no such file or folder: " + path);
        }
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        }
    }

    /** Every object at a path. */
    static List<JsonObject> read(Path path) throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (Path file : files(path)) {
            objects.addAll(YamlReader.kubectl()
                    .readObjects(file.toString(), Files.readString(file))
                    .orThrow());
        }
        return objects;
    }

    /** The first object of a kind in a file. */
    static JsonObject one(Path path, String kind) throws IOException {
        for (JsonObject object : read(path)) {
            if (kind.equals(object.text("kind"))) {
                return object;
            }
        }
        throw new GitOpsException("not_found", path + " holds no " + kind);
    }
}
