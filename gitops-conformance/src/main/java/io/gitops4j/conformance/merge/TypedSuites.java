package io.gitops4j.conformance.merge;

import io.gitops4j.diff.ssa.Comparison;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The single operations on typed values ({@code smd-typed-*}) and on path elements ({@code fieldsv1-*}). */
final class TypedSuites {
    private TypedSuites() {}

    static JsonObject answer(Schemas schemas, JsonObject input) {
        String op = input.text("op", "");
        if (op.equals("parsePathElement")) {
            return pathElement(input.text("text", ""));
        }
        if (op.equals("roundTrip") || op.startsWith("fieldsV1")) {
            return roundTrip(input);
        }
        SchemaType type = schemas.type(input.text("schema", ""), input.text("root", ""));
        Json object = value(input, "object");
        TypedValue typed = new TypedValue(type, object);
        return switch (op) {
            case "validate" ->
                JsonObject.of(
                        "valid", Json.of(TypedValue.checked(type, object, false).ok()),
                        "validWithDuplicates",
                                Json.of(TypedValue.checked(type, object, true).ok()));
            case "toFieldSet" -> one("expected", typed.fieldSet().map(FieldSet::toFieldsV1));
            case "compare" -> comparison(new TypedValue(type, value(input, "lhs")).compare(value(input, "rhs")));
            case "merge" -> one("expected", new TypedValue(type, value(input, "lhs")).merge(value(input, "rhs")));
            case "remove+extract" -> {
                FieldSet fields = set(input, "fields");
                yield JsonObject.builder()
                        .putIfPresent("removed", typed.remove(fields).orNull())
                        .putIfPresent("extracted", typed.extract(fields).orNull())
                        .build();
            }
            case "extractWithKeys" -> one("expected", typed.extractWithKeys(set(input, "fields")));
            case "reconcile" -> {
                FieldSet recorded = set(input, "fields");
                yield one(
                        "expected",
                        typed.reconcile(recorded).map(set -> set == recorded ? Json.nul() : set.toFieldsV1()));
            }
            default -> throw new IllegalArgumentException("unknown operation " + op);
        };
    }

    private static JsonObject one(String name, Outcome<? extends Json> outcome) {
        Json value = outcome.orNull();
        return value == null
                ? JsonObject.of("error", Json.of(String.valueOf(outcome.problems())))
                : JsonObject.of(name, value);
    }

    private static JsonObject comparison(Outcome<Comparison> outcome) {
        Comparison found = outcome.orNull();
        return found == null
                ? JsonObject.of("error", Json.of(String.valueOf(outcome.problems())))
                : JsonObject.builder()
                        .put("removed", found.removed().toFieldsV1())
                        .put("modified", found.modified().toFieldsV1())
                        .put("added", found.added().toFieldsV1())
                        .build();
    }

    private static Json value(JsonObject input, String name) {
        Json value = input.get(name);
        return value == null ? Json.nul() : value;
    }

    private static FieldSet set(JsonObject input, String name) {
        List<List<PathElement>> paths = new ArrayList<>();
        input.object(name).array("paths").forEach(path -> paths.add(SequenceSuite.path(path)));
        return FieldSet.of(paths);
    }

    private static JsonObject pathElement(String text) {
        PathElement element = null;
        try {
            element = PathElement.parse(text);
        } catch (IllegalArgumentException e) {
            return JsonObject.of("valid", Json.of(false));
        }
        if (element == null) {
            return JsonObject.of("valid", Json.of(false));
        }
        return JsonObject.builder()
                .put("valid", true)
                .put("element", SequenceSuite.step(element))
                .put("roundTrips", element.wire().equals(text))
                .build();
    }

    private static JsonObject roundTrip(JsonObject input) {
        Json given = firstOf(input, "fieldsV1", "text", "input", "object");
        try {
            JsonObject out = FieldSet.fromFieldsV1(given == null ? JsonObject.empty() : given)
                    .toFieldsV1();
            return JsonObject.builder()
                    .put("valid", true)
                    .put("fieldsV1", out)
                    .put("expected", out)
                    .build();
        } catch (IllegalArgumentException e) {
            return JsonObject.of("valid", Json.of(false));
        }
    }

    private static @Nullable Json firstOf(JsonObject input, String... names) {
        for (String name : names) {
            Json value = input.get(name);
            if (value != null && value.textOrNull() != null) {
                return io.gitops4j.codec.JsonReader.parse(String.valueOf(value.textOrNull()))
                        .orNull();
            }
            if (value instanceof JsonObject || value instanceof JsonArray) {
                return value;
            }
        }
        return null;
    }
}
