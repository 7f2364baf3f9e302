package io.gitops4j.conformance.yaml;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.SourceText;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.conformance.Family;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * YAML as kubectl and as kustomize read it. A case is judged twice: {@code ID} by the kubectl column and {@code ID@kustomize}
 * by the kustomize column (which is the kubectl one where it is left out).
 */
public final class YamlFamily implements Family {

    @Override
    public String name() {
        return "yaml";
    }

    @Override
    public Path defaultCases(Path conformance) {
        return conformance.resolve("yaml").resolve("yaml_vectors.json");
    }

    @Override
    public void check(Path cases, Consumer<CaseResult> results) throws IOException {
        Path file = Files.isDirectory(cases) ? cases.resolve("yaml_vectors.json") : cases;
        JsonObject suite = (JsonObject) JsonReader.parse(file.toString(), Files.readString(file), Limits.defaults())
                .orThrow();
        List<String> notAsserted = new ArrayList<>();
        suite.array("not_asserted").forEach(id -> notAsserted.add(String.valueOf(id.textOrNull())));
        for (Json item : suite.array("vectors")) {
            JsonObject vector = (JsonObject) item;
            String id = vector.text("id", "");
            if (notAsserted.contains(id)) {
                System.err.println("not asserted: " + id);
                continue;
            }
            JsonObject kubectl = vector.object("kubectl");
            JsonObject kustomize = vector.object("kustomize_1.33");
            String input = vector.text("input", "");
            results.accept(judge(id, input, YamlReader.kubectl(), kubectl));
            results.accept(
                    judge(id + "@kustomize", input, YamlReader.kustomize(), kustomize.isEmpty() ? kubectl : kustomize));
        }
    }

    private static CaseResult judge(String id, String input, YamlReader reader, JsonObject expected) {
        try {
            Outcome<List<JsonObject>> read = reader.readObjects("in.yaml", input);
            boolean wanted = Json.of(0).equals(expected.get("rc"));
            List<JsonObject> objects = read.orNull();
            if (objects == null || !wanted) {
                return (objects == null) != wanted
                        ? CaseResult.pass(id)
                        : CaseResult.fail(id, shown(objects, read), "expected " + expected.toJson());
            }
            Json json = expected.get("json");
            if (json == null || json.isNull()) {
                return CaseResult.pass(id);
            }
            Json got = JsonArray.of(objects.stream().map(YamlFamily::comparable).toList());
            Json want = JsonArray.of(
                    json.asArray() == null
                            ? List.of()
                            : json.asArray().items().stream()
                                    .map(YamlFamily::comparable)
                                    .toList());
            if (!got.equals(want)) {
                return CaseResult.fail(id, got.toJson(), "expected " + want.toJson());
            }
            String text = expected.text("v_text");
            Json value = objects.isEmpty() ? null : comparable(objects.get(0)).get("v");
            return text == null || value == null || value.toJson().equals(compact(text))
                    ? CaseResult.pass(id)
                    : CaseResult.fail(id, value.toJson(), "expected the text " + text);
        } catch (RuntimeException | StackOverflowError e) {
            return CaseResult.fail(id, e.toString(), "crash");
        }
    }

    private static String shown(@Nullable List<JsonObject> objects, Outcome<?> read) {
        return objects == null ? read.problems().toString() : objects.toString();
    }

    /**
     * Both columns were printed and then read by kubectl, which keeps no whole numbers above int64; and kubectl prints
     * {@code metadata: {}} where there is none.
     */
    private static JsonObject comparable(Json object) {
        JsonObject out = (JsonObject)
                YamlReader.kubectl().read("printed", YamlWriter.write(object)).orThrow();
        return out.object("metadata").isEmpty() ? out.without("metadata") : out;
    }

    private static String compact(String json) {
        return JsonReader.parse(json).map(Json::toJson).orThrow();
    }

    @Override
    public int answer(List<String> args, InputStream in, PrintStream out) throws IOException {
        if (args.size() < 2) {
            System.err.println("usage: answer yaml LIST OUT");
            return 2;
        }
        try (Writer lines = Files.newBufferedWriter(Path.of(args.get(1)))) {
            for (String entry : Files.readAllLines(Path.of(args.get(0)))) {
                int tab = entry.indexOf('\t');
                if (tab > 0) {
                    answer(entry.substring(0, tab), Path.of(entry.substring(tab + 1)), lines);
                }
            }
        }
        return 0;
    }

    private static void answer(String id, Path file, Writer lines) throws IOException {
        List<Outcome<Json>> documents;
        try {
            String text = SourceText.lenient(Files.readAllBytes(file));
            documents = YamlReader.kubectl().readEach(file.getFileName().toString(), text);
        } catch (RuntimeException | StackOverflowError | IOException e) {
            line(lines, id, 0, "err", Json.of("crash: " + e));
            return;
        }
        for (int i = 0; i < documents.size(); i++) {
            Json value = documents.get(i).orNull();
            if (value != null) {
                line(lines, id, i, "json", value);
            } else {
                line(
                        lines,
                        id,
                        i,
                        "err",
                        Json.of(documents.get(i).errors().get(0).toString()));
            }
        }
    }

    private static void line(Writer lines, String id, int document, String key, Json value) throws IOException {
        JsonObject line = JsonObject.builder()
                .put("id", id)
                .put("doc", document)
                .put(key, value)
                .build();
        // The line may hold lone surrogates of malformed input; the encoder must not fail on them.
        lines.write(new String(line.toJson().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        lines.write('\n');
    }
}
