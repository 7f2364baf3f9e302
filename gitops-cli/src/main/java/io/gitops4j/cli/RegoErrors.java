package io.gitops4j.cli;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.rego.RegoError;
import java.util.List;

/** Errors as OPA's JSON output has them. */
final class RegoErrors {
    private RegoErrors() {}

    static JsonArray of(List<Problem> problems) {
        JsonArray.Builder errors = JsonArray.builder();
        for (Problem problem : problems) {
            errors.add(error(problem.code(), problem.text(), problem.where()));
        }
        return errors.build();
    }

    static JsonArray of(RegoError error) {
        String text = error.text();
        int at = text.indexOf(error.code() + ": ");
        return JsonArray.of(error(
                error.code(), at < 0 ? text : text.substring(at + error.code().length() + 2), error.where()));
    }

    private static JsonObject error(String code, String text, Where where) {
        return JsonObject.builder()
                .put("message", text)
                .put("code", code)
                .put(
                        "location",
                        JsonObject.builder()
                                .put("file", where.file())
                                .put("row", where.line())
                                .put("col", where.column())
                                .build())
                .build();
    }
}
