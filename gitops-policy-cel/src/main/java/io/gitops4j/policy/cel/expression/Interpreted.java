package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import org.jspecify.annotations.Nullable;

/** An expression for the runtime of {@code dev.cel}. Its program is made when first needed. */
final class Interpreted {
    private final CelRuntime runtime;
    private final CelAbstractSyntaxTree ast;
    private volatile @Nullable Ready ready;

    private record Ready(CelRuntime.Program program, NodeCosts costs) {}

    Interpreted(CelRuntime runtime, CelAbstractSyntaxTree ast) {
        this.runtime = runtime;
        this.ast = ast;
    }

    /** Makes the program, so that it is known now whether there can be one. */
    Interpreted prepared() throws CelEvaluationException {
        ready();
        return this;
    }

    private Ready ready() throws CelEvaluationException {
        Ready known = ready;
        if (known == null) {
            known = new Ready(runtime.createProgram(ast), new NodeCosts(ast));
            ready = known;
        }
        return known;
    }

    Object evaluate(CelScope scope, CostMeter meter) throws CelEvaluationException {
        Ready known = ready();
        return known.program().trace(scope.resolver(meter), meter.listener(known.costs()));
    }
}
