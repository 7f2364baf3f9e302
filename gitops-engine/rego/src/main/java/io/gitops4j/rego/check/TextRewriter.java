package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.TemplateString;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns template strings into calls of {@code internal.template_string} and {@code print} into {@code internal.print}, each
 * over an array of set comprehensions, so that an undefined part is an empty set. Without {@code print} its calls are dropped.
 */
final class TextRewriter implements Walk.Mapper, RuleRewriter {
    private static final Ref TEMPLATE = Ref.of("internal", "template_string");
    private static final Ref PRINT = Ref.of("internal", "print");

    private final Names names;
    private final boolean print;

    TextRewriter(Names names, boolean print) {
        this.names = names;
        this.print = print;
    }

    @Override
    public Rule rule(Rule rule) {
        Rule branch = rule.otherwise();
        Term key = rule.head().key();
        Term value = rule.head().value();
        return rule.withHead(rule.head()
                        .withKey(key == null ? null : term(key))
                        .withValue(value == null ? null : term(value))
                        .withArgs(
                                rule.head().args() == null
                                        ? null
                                        : Walk.mapAll(rule.head().parameters(), this)))
                .withBody(body(rule.body()))
                .withOtherwise(branch == null ? null : rule(branch));
    }

    @Override
    public Body body(Body body) {
        List<Expr> exprs = new ArrayList<>(body.size());
        for (Expr expr : body.exprs()) {
            Call call = expr.call();
            if (call != null && isPrint(call)) {
                if (print) {
                    exprs.add(expr.withStatement(printed(call)).withModifiers(values(expr.with())));
                }
            } else {
                exprs.add(Walk.map(expr, this));
            }
        }
        if (exprs.isEmpty()) {
            exprs.add(Expr.of(new BoolTerm(true, body.location())));
        }
        return new Body(exprs);
    }

    private List<With> values(List<With> with) {
        List<With> mapped = new ArrayList<>(with.size());
        for (With modifier : with) {
            mapped.add(new With(modifier.target(), term(modifier.value()), modifier.location()));
        }
        return mapped;
    }

    static boolean isPrint(Call call) {
        return call.operator().size() == 1 && call.operator().startsWithVar("print");
    }

    private Call printed(Call call) {
        List<Term> parts = new ArrayList<>();
        for (Term arg : call.args()) {
            parts.add(part(Expr.of(term(arg)), arg.location()));
        }
        return new Call(PRINT.at(call.location()), List.of(new ArrayTerm(parts, call.location())), call.location());
    }

    private Term part(Expr expr, Location place) {
        Var local = new Var(names.fresh(), place);
        Term value = (Term) expr.statement();
        Expr unify = CallFlattener.generated(CallFlattener.eq(local, value), expr.with());
        return new SetComprehension(local, Body.of(unify), place);
    }

    @Override
    public Term term(Term term) {
        if (term.isConstant() || term instanceof Var) {
            return term;
        }
        if (term.kind() != TermKind.TEMPLATE_STRING) {
            return Walk.map(term, this);
        }
        List<Term> parts = new ArrayList<>();
        for (TemplateString.Part part : ((TemplateString) term).parts()) {
            Expr expr = part.expr();
            if (expr == null) {
                parts.add(new StringTerm(String.valueOf(part.text()), term.location()));
                continue;
            }
            Expr inner = Walk.map(expr, this);
            boolean constant = inner.with().isEmpty() && inner.statement() instanceof Term value && value.isScalar();
            parts.add(constant ? (Term) inner.statement() : part(inner, inner.location()));
        }
        return new Call(TEMPLATE.at(term.location()), List.of(new ArrayTerm(parts, term.location())), term.location());
    }
}
