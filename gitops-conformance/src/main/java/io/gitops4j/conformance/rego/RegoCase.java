package io.gitops4j.conformance.rego;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One evaluation case.
 *
 * @param id its id
 * @param fields the case as it stands in the file
 */
record RegoCase(String id, JsonObject fields) {
    /** The cases of a file, or of all files below a folder, in order of their paths. */
    static List<RegoCase> read(Path path) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(path)) {
            files = all.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .filter(file -> !file.getFileName().toString().equals("index.json"))
                    .sorted()
                    .toList();
        }
        List<RegoCase> cases = new ArrayList<>();
        for (Path file : files) {
            Json json = JsonReader.parse(Files.readString(file)).orThrow();
            JsonArray list = json.asObject() == null ? null : json.asObject().array("cases");
            for (Json one : list == null ? JsonArray.empty() : list) {
                JsonObject fields = one.asObject();
                if (fields != null) {
                    cases.add(new RegoCase(fields.text("id", file.toString()), fields));
                }
            }
        }
        return cases;
    }

    List<String> modules() {
        List<String> out = new ArrayList<>();
        if (fields.get("modules") instanceof JsonArray modules) {
            modules.forEach(module -> out.add(String.valueOf(module.textOrNull())));
        }
        return out;
    }
}
