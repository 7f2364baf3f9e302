package io.gitops4j.conformance.merge;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares an answer with what a case expects, suite by suite. */
final class Judge {
    private Judge() {}

    static List<String> mismatches(Schemas schemas, JsonObject input, JsonObject got) {
        List<String> wrong = new ArrayList<>();
        if (got.has("crash")) {
            wrong.add("crash: " + got.text("crash", ""));
            return wrong;
        }
        if (input.has("expectedError")) {
            if (!got.keys().stream().anyMatch(key -> key.endsWith("Error"))) {
                wrong.add("wants an error like " + input.text("expectedError", "") + ", got " + got);
            }
            return wrong;
        }
        String suite = input.text("suite", "");
        if (suite.startsWith("smp") || suite.startsWith("jsonmerge")) {
            patches(schemas, input, got, wrong);
            return wrong;
        }
        switch (input.text("op", "")) {
            case "sequence" -> sequence(input, got, wrong);
            case "compare" -> {
                for (String name : List.of("removed", "modified", "added")) {
                    same(name, fields(input.get(name)), got.get(name), wrong);
                }
            }
            case "toFieldSet", "reconcile" ->
                same("expected", fields(input.get("expected")), got.get("expected"), wrong);
            case "diff" -> same("modified", Json.of(DiffSuite.modified(input)), got.get("modified"), wrong);
            case "applyOverLastApplied" ->
                same("expectedConflicts", fields(input.get("expectedConflicts")), got.get("expectedConflicts"), wrong);
            default -> {
                for (String name : List.of(
                        "valid", "validWithDuplicates", "element", "roundTrips", "expected", "removed", "extracted")) {
                    // a round trip that no upstream test asked for is marked false
                    boolean asked = !name.equals("roundTrips") || input.bool(name, false);
                    if (input.has(name) && asked) {
                        same(name, input.get(name), got.get(name), wrong);
                    }
                }
            }
        }
        return wrong;
    }

    private static void patches(Schemas schemas, JsonObject input, JsonObject got, List<String> wrong) {
        boolean presorted = input.bool("presorted", false);
        for (String name : List.of(
                "twoWayPatch",
                "twoWayResult",
                "threeWayPatch",
                "threeWayResult",
                "conflictWithoutOverwrite",
                "sorted",
                "keepNulls",
                "dropNulls",
                "modified")) {
            boolean given = name.equals("modified")
                    || (name.equals("twoWayPatch") && input.text("op", "").equals("apply"));
            Json want = input.get(name);
            if (want == null
                    || (given && !input.text("op", "").equals("apply"))
                    || (given && name.equals("twoWayPatch"))) {
                continue;
            }
            Json answer = got.get(name);
            if (presorted && answer != null) {
                want = PatchSuites.comparable(schemas, input, want);
                answer = PatchSuites.comparable(schemas, input, answer);
            }
            same(name, want, answer, wrong);
        }
        texts(input, got, wrong);
    }

    /** Some suites give their expectations as text. */
    private static void texts(JsonObject input, JsonObject got, List<String> wrong) {
        String[][] names = {
            {"expectedTwoWay", "twoWayPatch"},
            {"expectedTwoWayResult", "twoWayResult"},
            {"expectedThreeWay", "threeWayPatch"},
            {"expectedThreeWayResult", "threeWayResult"},
            {"expectedPatchText", "twoWayPatch"},
            {"expectedResultText", "twoWayResult"}
        };
        for (String[] pair : names) {
            String want = input.text(pair[0]);
            if (want != null) {
                same(pair[0], io.gitops4j.codec.JsonReader.parse(want).orNull(), got.get(pair[1]), wrong);
            }
        }
    }

    private static void sequence(JsonObject input, JsonObject got, List<String> wrong) {
        same("expectFailure", input.get("expectFailure"), got.get("expectFailure"), wrong);
        if (input.bool("expectFailure", false)) {
            return;
        }
        if (input.has("expectedObject") && !(input.get("expectedObject") instanceof io.gitops4j.json.JsonNull)) {
            same("expectedObject", input.get("expectedObject"), got.get("expectedObject"), wrong);
        }
        if (input.get("expectedManaged") instanceof JsonObject managed) {
            JsonObject.Builder want = JsonObject.builder();
            managed.forEach((name, value) -> {
                JsonObject set = (JsonObject) value;
                want.put(
                        name,
                        JsonObject.of(
                                "fieldsV1", set.object("fieldsV1"), "apiVersion", Json.of(set.text("apiVersion", ""))));
            });
            same("expectedManaged", want.build(), got.get("expectedManaged"), wrong);
        }
        JsonArray.Builder conflicts = JsonArray.builder();
        input.array("ops").forEach(op -> {
            if (op instanceof JsonObject step && step.has("conflicts")) {
                conflicts.add(step.array("conflicts"));
            }
        });
        same("conflicts", conflicts.build(), got.get("conflicts"), wrong);
    }

    private static @Nullable Json fields(@Nullable Json value) {
        return value instanceof JsonObject object && object.has("fieldsV1") ? object.get("fieldsV1") : value;
    }

    static void same(String name, @Nullable Json want, @Nullable Json got, List<String> wrong) {
        boolean equal = want == null ? got == null : want.equals(got);
        if (!equal) {
            wrong.add(name + ": want " + want + " got " + got);
        }
    }
}
