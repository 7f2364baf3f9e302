package io.gitops4j.rego.syntax;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metadata blocks: YAML in the comments under a line {@code # METADATA}, about the statement that follows.
 *
 * @see <a href="https://www.openpolicyagent.org/docs/latest/policy-language/#annotations">annotations</a>
 */
final class AnnotationParser {
    private final Cursor cursor;

    AnnotationParser(Cursor cursor) {
        this.cursor = cursor;
    }

    /** What a statement is, for the scope of a block above it. */
    enum Target {
        PACKAGE("package"),
        IMPORT("import"),
        RULE("rule"),
        NOTHING("");

        private final String scope;

        Target(String scope) {
            this.scope = scope;
        }
    }

    /** A statement's first row. */
    record Statement(int row, Target target) {}

    /** A block with the number of the statement it is about, -1 for none. */
    record Block(Annotations annotations, int statement) {}

    /** A block's values, before it is known what it is about. */
    record Read(JsonObject values, Location place, int lastRow) {}

    /** The blocks up to where parsing stopped; says what is wrong with one and stops there. */
    List<Read> read() {
        List<Read> blocks = new ArrayList<>();
        List<Tokens.Comment> comments = reached();
        int at = 0;
        while (at < comments.size()) {
            if (!isMarker(comments.get(at))) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < comments.size()
                    && comments.get(end).row() == comments.get(end - 1).row() + 1
                    && !isMarker(comments.get(end))) {
                end++;
            }
            Read block = block(comments.subList(at, end));
            if (block == null) {
                return blocks;
            }
            blocks.add(block);
            at = end;
        }
        return blocks;
    }

    /** The comments before the last token that was looked at. */
    private List<Tokens.Comment> reached() {
        List<Tokens.Comment> comments = cursor.tokens().comments();
        if (cursor.is(Token.EOF)) {
            return comments;
        }
        int stop = cursor.start();
        return comments.stream().filter(comment -> comment.offset() < stop).toList();
    }

    /** The blocks with what each is about; says what is wrong with one and stops there. */
    List<Block> place(List<Read> blocks, List<Statement> statements) {
        List<Block> placed = new ArrayList<>();
        for (Read block : blocks) {
            int statement = -1;
            for (int i = 0; i < statements.size() && statement < 0; i++) {
                statement = statements.get(i).row() > block.lastRow ? i : -1;
            }
            Target target = statement < 0 ? Target.NOTHING : statements.get(statement).target;
            String scope = scope(block.values, target);
            String fault = fault(block.values, scope, target);
            if (fault != null) {
                cursor.error(block.place, fault);
                return placed;
            }
            Annotations annotations = new Annotations(scope, normalized(block.values), block.place, block.lastRow);
            placed.add(new Block(annotations, statement));
        }
        return placed;
    }

    private static boolean isMarker(Tokens.Comment comment) {
        return comment.text().strip().equals("METADATA");
    }

    private @Nullable Read block(List<Tokens.Comment> lines) {
        Tokens.Comment marker = lines.get(0);
        Location place = new Location(
                cursor.tokens().source(),
                marker.offset(),
                marker.offset() + marker.text().length() + 1,
                marker.row(),
                marker.column());
        if (lines.subList(1, lines.size()).stream().allMatch(line -> line.text().isBlank())) {
            cursor.error(place, "expected METADATA block, found whitespace");
            return null;
        }
        JsonObject values = yaml(lines);
        String fault = values == null ? null : schemasFault(values.get("schemas"));
        if (fault != null) {
            cursor.error(place, fault);
            return null;
        }
        return values == null
                ? null
                : new Read(values, place, lines.get(lines.size() - 1).row());
    }

    private @Nullable JsonObject yaml(List<Tokens.Comment> lines) {
        StringBuilder text = new StringBuilder();
        for (Tokens.Comment line : lines.subList(1, lines.size())) {
            text.append(line.text().startsWith(" ") ? line.text().substring(1) : line.text())
                    .append('\n');
        }
        Outcome<Json> outcome = YamlReader.kubectl().read("", text.toString());
        Json value = outcome.orNull();
        if (value instanceof JsonObject object) {
            return object;
        }
        Problem problem = outcome.ok() ? null : outcome.problems().get(0);
        int line = problem == null ? 1 : Math.max(1, problem.where().line());
        Tokens.Comment at = lines.get(Math.min(line + 1, lines.size() - 1));
        cursor.error(
                new Location(cursor.tokens().source(), at.offset(), at.offset(), at.row(), at.column()),
                problem == null ? "yaml: a metadata block is a mapping" : "yaml: " + problem.text());
        return null;
    }

    private static boolean isTrue(@Nullable Json value) {
        return value instanceof JsonBool bool && bool.value();
    }

    private static String scope(JsonObject values, Target target) {
        if (values.get("scope") instanceof JsonString given && !given.value().isEmpty()) {
            return given.value();
        }
        return target == Target.RULE && isTrue(values.get("entrypoint")) ? "document" : target.scope;
    }

    private @Nullable String fault(JsonObject values, String scope, Target target) {
        switch (scope) {
            case "rule", "document" -> {
                if (target != Target.RULE) {
                    return "annotation scope '" + scope + "' must be applied to rule";
                }
            }
            case "package", "subpackages" -> {
                if (target != Target.PACKAGE) {
                    return "annotation scope '" + scope + "' must be applied to package";
                }
            }
            default -> {
                return "invalid annotation scope '" + scope
                        + "'. Use one of 'rule', 'document', 'package', or 'subpackages'";
            }
        }
        if (isTrue(values.get("entrypoint")) && !scope.equals("document") && !scope.equals("package")) {
            return "annotation entrypoint applied to non-document or package scope '" + scope + "'";
        }
        return null;
    }

    /** Schemas are a list of one path each: {@code input.x} or {@code data.y}. */
    private static @Nullable String schemasFault(@Nullable Json schemas) {
        if (!(schemas instanceof JsonArray list)) {
            return null;
        }
        for (Json item : list.items()) {
            if (!(item instanceof JsonObject schema)) {
                return "invalid schema definition";
            }
            for (String path : schema.keys()) {
                if (!isPath(path)) {
                    return "invalid document reference";
                }
            }
        }
        return null;
    }

    private static boolean isPath(String path) {
        boolean rooted = path.equals("input")
                || path.equals("data")
                || path.startsWith("input.")
                || path.startsWith("data.")
                || path.startsWith("input[")
                || path.startsWith("data[");
        return rooted && path.indexOf('/') < 0 && path.indexOf(' ') < 0;
    }

    /** Without the scope; authors and related resources as objects. */
    private static JsonObject normalized(JsonObject values) {
        JsonObject.Builder out = JsonObject.builder();
        for (String key : values.keys()) {
            Json value = values.get(key);
            if (value == null || key.equals("scope")) {
                continue;
            }
            if (value instanceof JsonArray list && (key.equals("authors") || key.equals("related_resources"))) {
                List<Json> items = new ArrayList<>();
                for (Json item : list.items()) {
                    items.add(item instanceof JsonString text ? object(key, text.value()) : item);
                }
                out.put(key, JsonArray.of(items));
            } else {
                out.put(key, value);
            }
        }
        return out.build();
    }

    private static JsonObject object(String key, String text) {
        if (key.equals("related_resources")) {
            return JsonObject.builder().put("ref", text).build();
        }
        int open = text.lastIndexOf('<');
        JsonObject.Builder author = JsonObject.builder();
        if (open < 0 || !text.endsWith(">")) {
            return author.put("name", text.strip()).build();
        }
        String name = text.substring(0, open).strip();
        String email = text.substring(open + 1, text.length() - 1);
        if (!name.isEmpty()) {
            author.put("name", name);
        }
        return author.put("email", email).build();
    }
}
