package io.gitops4j.secrets.sops;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** The text with other values, everything else as it was; empty where that cannot be. */
    static Optional<String> rewrite(
            String text,
            List<JsonObject> before,
            List<JsonObject> after,
            SopsFormat format,
            Comments comments,
            Limits limits) {
        return switch (format) {
            case YAML -> YamlInPlace.write(text, before, after, comments, limits);
            case ENV, INI -> LinesInPlace.write(text, after.get(0), format, comments);
            case JSON, BINARY -> Optional.empty();
        };
    }

    static String write(List<JsonObject> documents, SopsFormat format) {
        return switch (format) {
            case YAML -> YamlWriter.writeAll(new ArrayList<>(documents));
            case JSON, BINARY -> indented(documents.get(0), "\n").append('\n').toString();
            case ENV -> DotEnv.write(documents.get(0));
            case INI -> Ini.write(documents.get(0));
        };
    }

    /** With a tab for each level, as sops writes it. */
    private static StringBuilder indented(Json value, String line) {
        StringBuilder out = new StringBuilder();
        String inner = line + "\t";
        String comma = "";
        if (value instanceof JsonObject object && !object.isEmpty()) {
            out.append('{');
            for (int i = 0; i < object.size(); i++) {
                out.append(comma)
                        .append(inner)
                        .append(Json.of(object.keyAt(i)).toJson())
                        .append(": ");
                out.append(indented(object.valueAt(i), inner));
                comma = ",";
            }
            return out.append(line).append('}');
        }
        if (value instanceof JsonArray array && !array.isEmpty()) {
            out.append('[');
            for (Json item : array) {
                out.append(comma).append(inner).append(indented(item, inner));
                comma = ",";
            }
            return out.append(line).append(']');
        }
        return out.append(value.toJson());
    }
}
