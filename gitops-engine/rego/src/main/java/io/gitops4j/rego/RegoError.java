package io.gitops4j.rego;

import io.gitops4j.problem.Where;
import io.gitops4j.rego.eval.EvalException;

/**
 * An error of an evaluation.
 *
 * @param code {@code eval_conflict_error}, {@code eval_builtin_error}, …
 * @param text the text with place and code, as OPA prints it
 * @param where the place
 * @param rule the rule that stands there, such as {@code data.app.allow}; {@code ""} in a query
 */
public record RegoError(String code, String text, Where where, String rule) {
    static RegoError of(EvalException error, String rule) {
        return new RegoError(error.code(), error.display(), error.location().where(), rule);
    }
}
