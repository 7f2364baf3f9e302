package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelErrorCode;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A compiled expression. Immutable; any number of evaluations may share it. */
public final class CelExpression {
    private static final Pattern PREFIX = Pattern.compile("^evaluation error(?: at [^ ]*:\\d+)?: ");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private final String text;
    private final CelType type;
    private final CelRuntime.Program program;
    private final NodeCosts costs;

    CelExpression(String text, CelType type, CelRuntime.Program program, NodeCosts costs) {
        this.text = text;
        this.type = type;
        this.program = program;
        this.costs = costs;
    }

    /** The source text. */
    public String text() {
        return text;
    }

    CelType type() {
        return type;
    }

    /** Evaluates over the variables in scope. Errors are values. */
    public CelResult evaluate(CelScope scope, CostMeter meter) {
        long outer = meter.enter();
        try {
            Object value = program.trace(scope.resolver(meter), meter.listener(costs));
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(value, null);
        } catch (CelEvaluationException e) {
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(null, words(e));
        } finally {
            meter.leave(outer);
        }
    }

    private static CelResult overspent() {
        return new CelResult(null, "operation cancelled: actual cost limit exceeded");
    }

    private static String words(CelEvaluationException failure) {
        String text = PREFIX.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
        CelErrorCode code = failure.getErrorCode();
        if (code == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
            Matcher name = QUOTED.matcher(text);
            return name.find() ? "no such key: " + name.group(1) : text;
        } else if (code == CelErrorCode.OVERLOAD_NOT_FOUND) {
            return "no such overload";
        } else if (code == CelErrorCode.DIVIDE_BY_ZERO) {
            return text.contains("odulus") ? "modulus by zero" : "division by zero";
        } else if (code == CelErrorCode.INDEX_OUT_OF_BOUNDS) {
            return text.replaceFirst("^Index", "index");
        }
        return text;
    }
}
