package io.gitops4j.policy.cel.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call or selection, done by the runtime of {@code dev.cel} on values that are known: for all functions, and all kinds of
 * values of the common ones, that the planned nodes do not know themselves. Its program is made when first needed.
 */
final class Delegate {
    private final CelRuntime runtime;
    private final CelAbstractSyntaxTree ast;
    private final CelExpr expr;
    private volatile CelRuntime.@Nullable Program program;

    Delegate(CelRuntime runtime, CelAbstractSyntaxTree ast, CelExpr expr) {
        this.runtime = runtime;
        this.ast = ast;
        this.expr = expr;
    }

    Object call(Object... arguments) {
        try {
            CelRuntime.Program known = program;
            if (known == null) {
                known = runtime.createProgram(isolated());
                program = known;
            }
            return known.eval(name -> Optional.of(arguments[Integer.parseInt(name, 1, name.length(), 10)]));
        } catch (CelEvaluationException e) {
            throw new EvalFailure(ErrorWords.of(e));
        }
    }

    /** The call with names for its arguments. */
    private CelAbstractSyntaxTree isolated() {
        Map<Long, CelReference> references = new LinkedHashMap<>(ast.getReferenceMap());
        Map<Long, CelType> types = new LinkedHashMap<>(ast.getTypeMap());
        CelExpr alone;
        if (expr.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            alone = CelExpr.ofSelect(
                    expr.id(),
                    named(expr.select().operand(), 0, references),
                    expr.select().field(),
                    false);
        } else {
            Optional<CelExpr> target = expr.call().target();
            int first = target.isPresent() ? 1 : 0;
            List<CelExpr> arguments = new ArrayList<>();
            for (CelExpr argument : expr.call().args()) {
                arguments.add(named(argument, first + arguments.size(), references));
            }
            alone = CelExpr.ofCall(
                    expr.id(),
                    target.map(receiver -> named(receiver, 0, references)),
                    expr.call().function(),
                    com.google.common.collect.ImmutableList.copyOf(arguments));
        }
        return CelAbstractSyntaxTree.newCheckedAst(alone, ast.getSource(), references, types);
    }

    private static CelExpr named(CelExpr argument, int position, Map<Long, CelReference> references) {
        String name = "a" + position;
        references.put(argument.id(), CelReference.newBuilder().setName(name).build());
        return CelExpr.ofIdent(argument.id(), name);
    }
}
