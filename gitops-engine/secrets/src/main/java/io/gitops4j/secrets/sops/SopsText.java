package io.gitops4j.secrets.sops;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;

/** The text forms of documents. A problem of a parser keeps its place and code and loses its words and snippet, which may be secret. */
final class SopsText {
    private SopsText() {}

    static Outcome<List<JsonObject>> read(String file, String text, SopsFormat format, Limits limits) {
        try {
            return switch (format) {
                case YAML -> objects(YamlReader.kubectl().withLimits(limits).readAll(file, text));
                case JSON, BINARY ->
                    objects(JsonReader.parse(file, text, limits).map(List::of));
                case ENV -> Outcome.of(List.of(DotEnv.read(text)));
                case INI -> Outcome.of(List.of(Ini.read(text)));
            };
        } catch (Refusal refusal) {
            return Outcome.failed(refusal.problem().at(Where.file(file)));
        }
    }

    private static Problem withoutContent(Problem problem) {
        Where where = problem.where();
        return new Problem(
                problem.severity(),
                problem.code(),
                "the file cannot be read here; its text is not shown, since it may hold secrets",
                Where.at(where.file(), where.line(), where.column()),
                "");
    }

    private static Outcome<List<JsonObject>> objects(Outcome<List<Json>> read) {
        List<Json> values = read.orNull();
        if (values == null) {
            return Outcome.failed(
                    read.problems().stream().map(SopsText::withoutContent).toList());
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Json value : values) {
            if (!(value instanceof JsonObject object)) {
                return Outcome.failed(Problem.error("SOPS_SYNTAX", "a document is not a mapping"));
            }
            objects.add(object);
        }
        return objects.isEmpty()
                ? Outcome.failed(Problem.error("SOPS_SYNTAX", "there is no document"))
                : Outcome.of(List.copyOf(objects));
    }

    static String write(List<JsonObject> documents, SopsFormat format) {
        return switch (format) {
            case YAML -> YamlWriter.writeAll(new ArrayList<>(documents));
            case JSON, BINARY -> documents.get(0).toJson() + "\n";
            case ENV -> DotEnv.write(documents.get(0));
            case INI -> Ini.write(documents.get(0));
        };
    }
}
