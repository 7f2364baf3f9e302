package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.TemplateString;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code print} and template strings may show: variables that the expressions before bind, and calls that give one value.
 */
final class PrintCheck {
    private final Safety safety;
    private final BuiltinSignatures builtins;
    private final Names names;
    private final boolean print;
    private final List<CheckError> errors;

    PrintCheck(Safety safety, BuiltinSignatures builtins, Names names, boolean print, List<CheckError> errors) {
        this.safety = safety;
        this.builtins = builtins;
        this.names = names;
        this.print = print;
        this.errors = errors;
    }

    void check(Rule rule) {
        for (Rule at = rule; at != null; at = at.otherwise()) {
            Head head = at.head();
            Set<String> known = new LinkedHashSet<>();
            known.add(Var.DATA);
            known.add(Var.INPUT);
            head.parameters().forEach(arg -> Vars.addAll(arg, known));
            body(at.body(), known);
            Set<String> bound = new LinkedHashSet<>(known);
            bound.addAll(safety.boundBy(at.body().exprs(), known));
            Term key = head.key();
            Term value = head.value();
            if (key != null) {
                term(key, bound);
            }
            if (value != null) {
                term(value, bound);
            }
        }
    }

    void body(Body body, Set<String> known) {
        Set<String> whole = new LinkedHashSet<>(known);
        whole.addAll(safety.boundBy(body.exprs(), known));
        for (int i = 0; i < body.size(); i++) {
            Expr expr = body.exprs().get(i);
            if (expr.statement() instanceof Call call && TextRewriter.isPrint(call)) {
                if (print) {
                    shown(call, body.exprs().subList(0, i), known);
                }
                call.args().forEach(arg -> term(arg, whole));
            } else if (expr.statement() instanceof Every every) {
                Set<String> inner = new LinkedHashSet<>(whole);
                Term key = every.key();
                if (key != null) {
                    Vars.addAll(key, inner);
                }
                Vars.addAll(every.value(), inner);
                term(every.domain(), whole);
                body(every.body(), inner);
            } else if (expr.statement() instanceof Call call) {
                call.args().forEach(arg -> term(arg, whole));
            } else {
                Walk.children(expr, term -> term(term, whole), inner -> body(inner, whole));
            }
        }
    }

    private void shown(Call call, List<Expr> before, Set<String> known) {
        Set<String> bound = new LinkedHashSet<>(known);
        bound.addAll(safety.boundBy(before, known));
        for (Term arg : call.args()) {
            Set<String> needed = new LinkedHashSet<>();
            Vars.addOuter(arg, needed);
            needed.removeAll(bound);
            for (String name : needed) {
                error(CheckError.COMPILE, arg.location(), "var " + names.shown(Var.of(name)) + " is undeclared");
            }
        }
    }

    private void term(Term term, Set<String> known) {
        if (term instanceof Call call) {
            Builtin builtin = builtins.find(call.name());
            if (builtin != null && builtin.isVoid()) {
                error(CheckError.TYPE, call.location(), call + " used as value");
            }
        }
        if (term instanceof TemplateString template) {
            template(template, known);
        } else {
            Walk.children(term, child -> term(child, known), inner -> body(inner, known));
        }
    }

    private void template(TemplateString template, Set<String> known) {
        for (TemplateString.Part part : template.parts()) {
            Expr expr = part.expr();
            if (expr == null) {
                continue;
            }
            if (expr.statement() instanceof Call call) {
                Builtin builtin = builtins.find(call.name());
                if (builtin != null && builtin.relation()) {
                    error(
                            CheckError.COMPILE,
                            Location.none(),
                            "illegal call to relation built-in '" + builtin.name()
                                    + "' that may cause multiple outputs");
                } else if (builtin != null && builtin.isVoid()) {
                    error(CheckError.TYPE, Location.none(), call + " used as value");
                }
            }
            Walk.terms(expr, inner -> {
                if (inner instanceof Var var && var.isWildcard()) {
                    error(CheckError.COMPILE, expr.location(), "var _ is undeclared");
                }
                return !Vars.isComprehension(inner);
            });
            Walk.children(
                    expr,
                    inner -> Walk.children(inner, child -> term(child, known), nested -> body(nested, known)),
                    nested -> {});
        }
    }

    private void error(String code, Location place, String message) {
        errors.add(new CheckError(code, place, message));
    }
}
