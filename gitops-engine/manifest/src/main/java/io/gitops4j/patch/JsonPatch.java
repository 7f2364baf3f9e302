package io.gitops4j.patch;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON patch (RFC 6902): operations applied in order, all or none. Immutable.
 *
 * <p>Codes: {@code PATCH_SYNTAX}, {@code PATCH_PATH} (a path leads nowhere), {@code PATCH_TEST} (a test failed),
 * {@code PATCH_LIMIT}. Every problem names the operation by its index and its path.
 */
public final class JsonPatch {
    /** How strictly the operations are taken. */
    public enum Rules {
        /** RFC 6902 to the letter. */
        RFC,
        /**
         * As evanphx/json-patch v4, which the API server and kustomize use: negative indices count from the end, replacing
         * or removing nothing of an object is replace-as-add and an error, a path without a leading slash loses its first
         * part, add without value adds null.
         */
        GO
    }

    /**
     * One operation.
     *
     * @param op {@code add}, {@code remove}, {@code replace}, {@code move}, {@code copy} or {@code test}
     * @param path where, as written
     * @param from where from, {@code null} except for move and copy
     * @param value what, {@code null} where the operation has none
     */
    public record Operation(
            String op,
            String path,
            @Nullable String from,
            @Nullable Json value) {

        /** The operation as an object of the patch document. */
        public JsonObject toJson() {
            return JsonObject.builder()
                    .put("op", op)
                    .putIfPresent("from", from)
                    .put("path", path)
                    .putIfPresent("value", value)
                    .build();
        }
    }

    /** As many operations as the API server takes in one patch. */
    public static final int MAX_OPERATIONS = 10_000;

    private final List<Operation> operations;

    private JsonPatch(List<Operation> operations) {
        this.operations = operations;
    }

    /** A patch of these operations. */
    public static JsonPatch of(List<Operation> operations) {
        return new JsonPatch(List.copyOf(operations));
    }

    /** The patch that a patch document, a list of operations, spells. */
    public static Outcome<JsonPatch> parse(Json document) {
        JsonArray items = document.asArray();
        if (items == null) {
            return Outcome.failed(Problem.error("PATCH_SYNTAX", "a JSON patch is a list of operations"));
        }
        if (items.size() > MAX_OPERATIONS) {
            return Outcome.failed(
                    Problem.error("PATCH_LIMIT", "a JSON patch has at most " + MAX_OPERATIONS + " operations"));
        }
        List<Operation> operations = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String wrong = parse(items.get(i), operations);
            if (wrong != null) {
                problems.add(Problem.error("PATCH_SYNTAX", "operation " + i + ": " + wrong));
            }
        }
        return problems.isEmpty() ? Outcome.of(of(operations)) : Outcome.failed(problems);
    }

    private static @Nullable String parse(Json item, List<Operation> out) {
        JsonObject object = item.asObject();
        if (object == null) {
            return "not an object";
        }
        String op = object.text("op", "");
        String path = object.text("path");
        String from = object.text("from");
        switch (op) {
            case "add", "replace", "test", "remove" -> from = null;
            case "move", "copy" -> {
                if (from == null) {
                    return op + " needs from";
                }
            }
            default -> {
                return op.isEmpty() ? "op is missing" : "unknown op " + op;
            }
        }
        if (path == null) {
            return op + " needs path";
        }
        out.add(new Operation(op, path, from, object.get("value")));
        return null;
    }

    /** The patch of adds, removes and replaces that turns {@code from} into {@code to}; keys in sorted order. */
    public static JsonPatch diff(Json from, Json to) {
        List<Operation> out = new ArrayList<>();
        JsonPatchDiff.diff(JsonPointer.root(), from, to, out);
        return of(out);
    }

    /** The operations in order. */
    public List<Operation> operations() {
        return operations;
    }

    /** Whether there are no operations. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** {@code target} after all operations, by RFC 6902; what does not change is shared. */
    public Outcome<Json> apply(Json target) {
        return apply(target, Rules.RFC);
    }

    /** {@code target} after all operations; what does not change is shared. */
    public Outcome<Json> apply(Json target, Rules rules) {
        Json at = target;
        for (int i = 0; i < operations.size(); i++) {
            JsonPatchStep step = new JsonPatchStep(operations.get(i), rules);
            at = step.apply(at);
            if (at == null) {
                Operation operation = operations.get(i);
                String place = "operation " + i + " (" + operation.op() + " " + operation.path() + "): ";
                return Outcome.failed(Problem.error(step.code(), place + step.reason()));
            }
        }
        return Outcome.of(at);
    }

    /** The patch document. */
    public JsonArray toJson() {
        return JsonArray.of(operations.stream().map(Operation::toJson).toList());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPatch that && operations.equals(that.operations);
    }

    @Override
    public int hashCode() {
        return operations.hashCode();
    }

    /** The patch document as text. */
    @Override
    public String toString() {
        return toJson().toJson();
    }
}
