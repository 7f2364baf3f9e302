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

    private static final Pattern RANGE = Pattern.compile("^substring failure: Range \\[(-?\\d+), (-?\\d+)\\)");
    private static final Pattern CONVERSION = Pattern.compile("^[Tt]ype conversion error from '([^']*)' to '([^']*)'");

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
        } else if (code == CelErrorCode.INDEX_OUT_OF_BOUNDS && text.startsWith("Index")) {
            return text.replaceFirst("^Index", "index");
        }
        return code == CelErrorCode.NUMERIC_OVERFLOW || text.contains("overflow") || text.contains("underflow")
                ? (text.contains("unsigned") ? "unsigned integer overflow" : "integer overflow")
                : converted(text);
    }

    /** A conversion that failed, as Kubernetes names it. */
    private static String converted(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.find()) {
            return "invalid substring range. start: " + range.group(1) + ", end: " + range.group(2);
        } else if (text.startsWith("charAt failure: Index")) {
            return text.substring("charAt failure: ".length()).replaceFirst("^Index", "index");
        } else if (text.startsWith("Text '") && text.contains("could not be parsed")) {
            return "type conversion error from 'string' to 'google.protobuf.Timestamp'";
        } else if (text.equals("invalid duration format")) {
            return "type conversion error from 'string' to 'google.protobuf.Duration'";
        } else if (text.startsWith("For input string: ")) {
            return "type conversion error from 'string' to 'int'";
        }
        Matcher conversion = CONVERSION.matcher(text);
        return conversion.find()
                ? "type conversion error from '" + conversion.group(1) + "' to '" + conversion.group(2) + "'"
                : text;
    }
}
