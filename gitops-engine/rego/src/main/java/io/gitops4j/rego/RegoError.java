package io.gitops4j.rego;

import io.gitops4j.problem.Where;
import io.gitops4j.rego.eval.EvalException;

/**
 * An error of an evaluation.
 *
 * @param code {@code eval_conflict_error}, {@code eval_builtin_error}, …
 * @param text the text with place and code, as OPA prints it
 * @param where the place
 */
public record RegoError(String code, String text, Where where) {
    static RegoError of(EvalException error) {
        return new RegoError(error.code(), error.display(), error.location().where());
    }
}
