package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelErrorCode;
import dev.cel.common.exceptions.CelRuntimeException;
import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Kubernetes' CEL says where {@code dev.cel} says something else. */
final class ErrorWords {
    private static final Pattern PREFIX = Pattern.compile("^evaluation error(?: at [^ ]*:\\d+)?: ");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private ErrorWords() {}

    static String of(CelEvaluationException failure) {
        return of(failure.getErrorCode(), String.valueOf(failure.getMessage()));
    }

    static String of(CelRuntimeException failure) {
        return of(failure.getErrorCode(), String.valueOf(failure.getMessage()));
    }

    private static String of(CelErrorCode code, String message) {
        String text = PREFIX.matcher(message).replaceFirst("");
        if (code == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
            Matcher name = QUOTED.matcher(text);
            return name.find() ? "no such key: " + name.group(1) : text;
        } else if (code == CelErrorCode.OVERLOAD_NOT_FOUND) {
            return EvalFailure.NO_OVERLOAD;
        } else if (code == CelErrorCode.DIVIDE_BY_ZERO) {
            return text.contains("odulus") ? "modulus by zero" : "division by zero";
        } else if (code == CelErrorCode.INDEX_OUT_OF_BOUNDS) {
            return text.replaceFirst("^Index", "index");
        }
        return text;
    }
}
