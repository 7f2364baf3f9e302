package io.gitops4j.conformance.merge;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.ThreeWayMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.SchemaType;
import org.jspecify.annotations.Nullable;

/** Patches: {@code smp-*} and {@code jsonmerge-*}. */
final class PatchSuites {
    private PatchSuites() {}

    static JsonObject mergePatch(JsonObject input) {
        if (input.text("op", "").equals("filterNulls")) {
            Json original = input.object("original");
            return JsonObject.builder()
                    .put("keepNulls", orEmpty(ThreeWayMergePatch.keepNulls(original)))
                    .put("dropNulls", orEmpty(ThreeWayMergePatch.dropNulls(original)))
                    .build();
        }
        Outcome<JsonObject> patch =
                ThreeWayMergePatch.create(input.object("original"), input.object("modified"), input.object("current"));
        JsonObject.Builder out = JsonObject.builder();
        put(out, "threeWayPatch", patch);
        put(out, "threeWayResult", patch.map(p -> JsonMergePatch.apply(input.object("current"), p)));
        return out.build();
    }

    private static Json orEmpty(@Nullable Json value) {
        return value == null ? JsonObject.empty() : value;
    }

    static JsonObject strategic(Schemas schemas, JsonObject input) {
        SchemaType type = schemas.type(input.text("schema", ""), input.text("root", ""));
        JsonObject original = input.object("original");
        JsonObject modified = input.object("modified");
        JsonObject current = input.object("current");
        JsonObject.Builder out = JsonObject.builder();
        switch (input.text("op", "")) {
            case "apply" -> put(out, "modified", StrategicMerge.apply(original, input.object("twoWayPatch"), type));
            case "sortMergeLists" -> put(out, "sorted", StrategicMerge.sorted(original, type));
            default -> {
                Outcome<JsonObject> twoWay = StrategicMerge.twoWay(original, modified, type);
                put(out, "twoWayPatch", twoWay);
                put(out, "twoWayResult", twoWay.then(p -> StrategicMerge.apply(original, p, type)));
                if (input.text("op", "").contains("threeWay")) {
                    Outcome<JsonObject> threeWay = StrategicMerge.threeWay(original, modified, current, type, true);
                    put(out, "threeWayPatch", threeWay);
                    put(out, "threeWayResult", threeWay.then(p -> StrategicMerge.apply(current, p, type)));
                    Outcome<JsonObject> careful = StrategicMerge.threeWay(original, modified, current, type, false);
                    boolean conflict = careful.problems().stream()
                            .anyMatch(problem -> problem.code().equals("PATCH_CONFLICT"));
                    out.put("conflictWithoutOverwrite", conflict);
                }
            }
        }
        return out.build();
    }

    /** Upstream sorts merge lists before it compares; so do we where the case says so. */
    static Json comparable(Schemas schemas, JsonObject input, Json value) {
        SchemaType type = schemas.type(input.text("schema", ""), input.text("root", ""));
        return value instanceof JsonObject object
                ? StrategicMerge.sorted(object, type)
                        .value()
                        .map(Json.class::cast)
                        .orElse(value)
                : value;
    }

    private static void put(JsonObject.Builder out, String name, Outcome<? extends Json> outcome) {
        Json value = outcome.orNull();
        if (value == null) {
            out.put(name + "Error", String.valueOf(outcome.problems()));
        } else {
            out.put(name, value);
        }
    }
}
