package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import io.gitops4j.problem.Where;
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
            throw new GitOpsException("NOT_FOUND", "no such file or folder: " + path);
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

    /** As {@link #read}, for files with secrets: what is wrong with them is said by place and code, never in their words. */
    static List<JsonObject> readSecret(Path path) throws IOException {
        try {
            return read(path);
        } catch (ProblemException refused) {
            throw new ProblemException(
                    refused.problems().stream().map(ObjectFiles::withoutText).toList());
        }
    }

    private static Problem withoutText(Problem problem) {
        Where where = problem.where();
        return new Problem(
                problem.severity(),
                problem.code(),
                "the file cannot be read as YAML here; its text is not shown, since it may hold secrets",
                Where.at(where.file(), where.line(), where.column()),
                "");
    }

    /** The first object of a kind in a file. */
    static JsonObject one(Path path, String kind) throws IOException {
        return first(read(path), path, kind);
    }

    /** As {@link #one}, for a file with secrets. */
    static JsonObject oneSecret(Path path, String kind) throws IOException {
        return first(readSecret(path), path, kind);
    }

    private static JsonObject first(List<JsonObject> objects, Path path, String kind) {
        for (JsonObject object : objects) {
            if (kind.equals(object.text("kind"))) {
                return object;
            }
        }
        throw new GitOpsException("NOT_FOUND", path + " holds no " + kind);
    }
}
