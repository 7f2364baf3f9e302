package io.gitops4j.conformance.rego;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges a result line by SCORING.md §4 and §6. */
final class RegoJudge {
    private RegoJudge() {}

    /** Why the answer is wrong, {@code ""} when it is right. */
    static String why(RegoCase one, JsonObject line) {
        JsonObject fields = one.fields();
        Json error = line.get("error");
        JsonObject got = error == null ? null : error.asObject();
        boolean wantsError = fields.has("want_error") || fields.has("want_error_code");
        if (got != null && !wantsError) {
            return "error: " + got.text("text", "");
        }
        if (wantsError && got == null) {
            return "no error, wanted " + fields.text("want_error_code", "") + " " + fields.text("want_error", "")
                    + " got " + shortened(line);
        }
        if (got != null
                && fields.has("want_error_code")
                && !fields.text("want_error_code", "").equals(got.text("code", ""))) {
            return "code " + got.text("code", "") + ", wanted " + fields.text("want_error_code", "") + ": "
                    + got.text("text", "");
        }
        if (got != null
                && fields.has("want_error")
                && !got.text("text", "").contains(fields.text("want_error", ""))
                && !(fields.has("want_error_newer")
                        && got.text("text", "").contains(fields.text("want_error_newer", "")))) {
            return "text " + got.text("text", "") + ", wanted " + fields.text("want_error", "");
        }
        if (!fields.has("want_result")) {
            return "";
        }
        Set<Json> rows = rows(line.get("result"), fields);
        if (rows.equals(set(fields.get("want_result")))
                || (fields.has("want_result_newer") && rows.equals(set(fields.get("want_result_newer"))))) {
            return "";
        }
        return "got " + shortened(line) + " wanted " + cut(String.valueOf(fields.get("want_result")));
    }

    private static String shortened(JsonObject line) {
        return cut(String.valueOf(line.get("result")));
    }

    private static String cut(String text) {
        return text.length() > 400 ? text.substring(0, 400) + "…" : text;
    }

    private static Set<Json> set(@Nullable Json list) {
        return list instanceof JsonArray array ? new LinkedHashSet<>(array.items()) : Set.of();
    }

    private static Set<Json> rows(@Nullable Json list, JsonObject fields) {
        Set<Json> rows = new LinkedHashSet<>();
        if (!(list instanceof JsonArray array)) {
            return rows;
        }
        for (Json row : array) {
            JsonObject object = row.asObject();
            if (object == null) {
                continue;
            }
            JsonObject.Builder out = JsonObject.builder();
            object.forEach((name, value) -> {
                if (fields.bool("ignore_generated_vars", false) && name.startsWith("__localq")) {
                    return;
                }
                out.put(name, fields.bool("sort_bindings", false) ? sorted(value) : value);
            });
            rows.add(out.build());
        }
        return rows;
    }

    private static Json sorted(Json value) {
        if (!(value instanceof JsonArray array)) {
            return value;
        }
        List<Value> values = new ArrayList<>();
        array.forEach(item -> values.add(Value.of(item)));
        values.sort(null);
        return JsonArray.of(values.stream().map(Value::toJson).toList());
    }
}
