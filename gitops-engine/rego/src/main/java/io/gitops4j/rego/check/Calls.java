package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.List;

/** That calls go to something that exists, with as many arguments as it takes. */
final class Calls implements Arity {
    private final RuleTree rules;
    private final BuiltinSignatures builtins;
    private final Names names;
    private final List<CheckError> errors;

    Calls(RuleTree rules, BuiltinSignatures builtins, Names names, List<CheckError> errors) {
        this.rules = rules;
        this.builtins = builtins;
        this.names = names;
        this.errors = errors;
    }

    /** How many arguments a function or builtin takes; -1 when there is none of this name. */
    @Override
    public int arity(Ref operator) {
        if (operator.startsWithVar(Var.DATA)) {
            List<Rule> defined = rules.rulesAt(operator);
            return defined.isEmpty() ? -1 : defined.get(0).head().parameters().size();
        }
        Builtin builtin = builtins.find(Names.dotted(operator));
        return builtin == null ? -1 : builtin.arity();
    }

    void check(Rule rule) {
        Walk.exprs(rule, this::check);
    }

    void check(Body body) {
        Walk.exprs(body, this::check);
    }

    private void check(Expr expr) {
        if (!(expr.statement() instanceof Call call)) {
            return;
        }
        Ref operator = call.operator();
        int wanted = arity(operator);
        int given = call.args().size();
        if (wanted < 0) {
            Builtin builtin = builtins.find(Names.dotted(operator));
            if (builtin == null || operator.startsWithVar(Var.DATA)) {
                error(expr, "undefined function " + shown(operator));
            }
            return;
        }
        boolean made = expr.generated() && !expr.isUnify();
        boolean fits = made ? given == wanted + 1 : given == wanted || given == wanted + 1;
        if (fits) {
            return;
        }
        int written = made ? given - 1 : given;
        if (operator.startsWithVar(Var.DATA)) {
            error(
                    expr,
                    "function " + operator + " has arity " + wanted + ", got " + written
                            + (written == 1 ? " argument" : " arguments"));
        } else {
            error(expr, Names.dotted(operator) + ": arity mismatch" + haveWant(call, written));
        }
    }

    private String haveWant(Call call, int written) {
        Builtin builtin = builtins.find(Names.dotted(call.operator()));
        List<String> have = new ArrayList<>();
        for (Term arg : call.args().subList(0, written)) {
            have.add(roughType(arg));
        }
        return "\n\thave: (" + String.join(", ", have) + ")\n\twant: "
                + (builtin == null ? "()" : new Type.Function(builtin.args(), null));
    }

    private static String roughType(Term term) {
        return term.isScalar() ? term.kind().typeName() : term.kind() == TermKind.VAR ? "any" : "???";
    }

    private String shown(Ref operator) {
        return operator.withTerms(Walk.mapAll(
                        operator.terms(),
                        term -> term instanceof Var var ? new Var(names.original(var.name()), var.location()) : term))
                .toString();
    }

    private void error(Expr expr, String message) {
        errors.add(new CheckError(CheckError.TYPE, expr.location(), message));
    }
}
