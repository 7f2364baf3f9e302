package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rules written without a body ({@code p := 1}, {@code p[x]}, {@code f(x) = 2}): they were read as expressions. */
final class BareRules {
    private final Predicate<String> isBuiltin;
    private final String name;

    /** What a reading gives: a rule, or why there is none. */
    record Reading(RuleParser.@Nullable Parsed rule, String refusal) {}

    BareRules(Predicate<String> isBuiltin) {
        this.isBuiltin = isBuiltin;
        this.name = " cannot be used for rule name";
    }

    Reading read(Body body) {
        if (body.size() != 1) {
            return refuse("multiple expressions cannot be used for rule head");
        }
        Expr expr = body.exprs().get(0);
        if (!expr.with().isEmpty()) {
            return refuse("expressions using with keyword cannot be used for rule head");
        }
        if (expr.negated()) {
            return refuse("negated expressions cannot be used for rule head");
        }
        if (expr.statement() instanceof Some) {
            return refuse("'some' declarations cannot be used for rule head");
        }
        if (!(expr.statement() instanceof Term term)) {
            return refuse("expression cannot be used for rule head");
        }
        if (!(term instanceof Call call)) {
            return fromTerm(expr, term);
        }
        String operator = call.name();
        if (operator.equals("eq") || operator.equals("assign")) {
            return call.args().size() == 2
                    ? fromEquation(expr, call, operator.equals("assign"))
                    : refuse("assignment requires two operands");
        }
        if (isBuiltin.test(operator)) {
            return refuse("rule name conflicts with built-in function");
        }
        if (call.args().isEmpty()) {
            return refuse("rule argument list must take at least one argument");
        }
        if (!(call.operator().head() instanceof Var)) {
            return refuse("invalid rule head: " + call.operator());
        }
        Term value = new BoolTerm(true, expr.location());
        return rule(expr, new Head(call.operator(), call.args(), null, value, false, expr.location()), false);
    }

    private static Reading refuse(String why) {
        return new Reading(null, why);
    }

    private static Reading rule(Expr expr, Head head, boolean valueGiven) {
        Location place = expr.location();
        Body body = Body.of(Expr.of(new BoolTerm(true, place)));
        Rule rule = new Rule(false, head, body, false, null, List.of(), place);
        return new Reading(new RuleParser.Parsed(rule, false, false, valueGiven, List.of()), "");
    }

    private Reading fromTerm(Expr expr, Term term) {
        if (!(term instanceof Ref ref)) {
            return refuse(term.kind().typeName() + name);
        }
        if (ref.size() == 1) {
            return refuse("refs cannot be used for rule head");
        }
        if (!(ref.head() instanceof Var)) {
            return refuse("invalid rule head: " + ref);
        }
        Location place = expr.location();
        if (ref.size() == 2) {
            return rule(expr, new Head(ref.prefix(1), null, ref.last(), null, false, place), false);
        }
        return rule(expr, new Head(ref, null, null, new BoolTerm(true, place), false, place), false);
    }

    private Reading fromEquation(Expr expr, Call call, boolean assign) {
        Term left = call.args().get(0);
        Term value = call.args().get(1);
        Location place = expr.location();
        if (left instanceof Call function) {
            if (!(function.operator().head() instanceof Var)) {
                return refuse("invalid rule head: " + function.operator());
            }
            List<Term> args = function.args().isEmpty() ? null : function.args();
            return rule(expr, new Head(function.operator(), args, null, value, assign, place), true);
        }
        if (left instanceof Var var) {
            return rule(expr, new Head(new Ref(List.of(var), place), null, null, value, assign, place), true);
        }
        if (left.kind() != TermKind.REF) {
            return refuse(left.kind().typeName() + name);
        }
        Ref ref = (Ref) left;
        if (!(ref.head() instanceof Var)) {
            return refuse("invalid rule head: " + ref);
        }
        return rule(expr, new Head(ref, null, null, value, assign, place), true);
    }
}
