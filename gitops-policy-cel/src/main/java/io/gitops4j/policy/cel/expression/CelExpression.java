package io.gitops4j.policy.cel.expression;

import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Immutable; any number of evaluations may share it. */
public final class CelExpression {
    private final String text;
    private final String place;
    private final CelType type;
    private final Interpreted interpreted;
    private final Planner.@Nullable Plan plan;

    CelExpression(String text, String place, CelType type, Interpreted interpreted, Planner.@Nullable Plan plan) {
        this.text = text;
        this.place = place;
        this.type = type;
        this.interpreted = interpreted;
        this.plan = plan;
    }

    /** The source text. */
    public String text() {
        return text;
    }

    /** What it is in its policy, {@code spec.validations[0].expression}. */
    public String place() {
        return place;
    }

    CelType type() {
        return type;
    }

    /** Evaluates over the variables in scope. Errors are values. */
    public CelResult evaluate(CelScope scope, CostMeter meter) {
        Planner.Plan planned = plan;
        return planned == null ? interpret(scope, meter) : run(planned, scope, meter);
    }

    private static CelResult run(Planner.Plan plan, CelScope scope, CostMeter meter) {
        long outer = meter.enter();
        try {
            Object value = plan.root().eval(new Frame(scope, meter, plan.slots()));
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(value, null);
        } catch (EvalFailure e) {
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(null, e.words());
        } catch (CostMeter.CostExceeded e) {
            return overspent();
        } finally {
            meter.leave(outer);
        }
    }

    /** By the runtime of {@code dev.cel}. */
    CelResult interpret(CelScope scope, CostMeter meter) {
        long outer = meter.enter();
        try {
            Object value = interpreted.evaluate(scope, meter);
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(value, null);
        } catch (CelEvaluationException e) {
            return meter.overCall() || meter.exhausted() ? overspent() : new CelResult(null, ErrorWords.of(e));
        } finally {
            meter.leave(outer);
        }
    }

    private static CelResult overspent() {
        return new CelResult(null, "operation cancelled: actual cost limit exceeded");
    }
}
