package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Walk;
import java.util.List;

/** Calls of builtins that v1 and strict checks refuse. */
final class DeprecatedCalls {
    private DeprecatedCalls() {}

    static void check(Module module, BuiltinSignatures builtins, List<CheckError> errors) {
        for (Rule rule : module.rules()) {
            Walk.exprs(rule, expr -> check(expr, builtins, errors));
        }
    }

    private static void check(Expr expr, BuiltinSignatures builtins, List<CheckError> errors) {
        if (!(expr.statement() instanceof Call call)) {
            return;
        }
        Builtin builtin = builtins.find(Names.dotted(call.operator()));
        if (builtin != null && builtin.deprecated()) {
            errors.add(new CheckError(
                    CheckError.TYPE,
                    expr.location(),
                    "deprecated built-in function calls in expression: " + builtin.name()));
        }
    }
}
