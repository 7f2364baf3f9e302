package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes references and comprehensions out of arguments and collections, each to an expression of its own before: {@code f(a.b)}
 * becomes {@code x = a.b; f(x)}. So an undefined argument makes the body fail, under {@code not} too. On the way {@code ==} with two
 * operands becomes {@code =}.
 */
final class DynamicTerms implements BodyRewriter {
    private final Names names;

    DynamicTerms(Names names) {
        this.names = names;
    }

    @Override
    public Body body(Body body) {
        List<Expr> out = new ArrayList<>(body.size() + 4);
        for (Expr expr : body.exprs()) {
            if (expr.statement() instanceof Call call) {
                boolean unify = expr.isUnify() || expr.calls("equal", 2);
                List<Term> args = Walk.mapAll(
                        call.args(), arg -> unify ? side(arg, expr.with(), out) : hoist(arg, expr.with(), out));
                Call flat = call.withArgs(args);
                out.add(expr.withStatement(
                        unify ? new Call(Ref.of("eq").at(call.operator().location()), args, call.location()) : flat));
            } else if (expr.statement() instanceof Term term) {
                out.add(expr.withStatement(side(term, expr.with(), out)));
            } else if (expr.statement() instanceof Every every) {
                Term domain = hoist(every.domain(), expr.with(), out);
                out.add(expr.withStatement(
                        new Every(every.key(), every.value(), domain, body(every.body()), every.location())));
            } else if (expr.statement() instanceof NotBody not) {
                out.add(expr.withStatement(new NotBody(body(not.body()), not.explicit(), not.location())));
            } else if (expr.statement() instanceof Logical logical) {
                out.add(expr.withStatement(new Logical(
                        logical.isOr(),
                        body(logical.left()),
                        logical.leftExplicit(),
                        body(logical.right()),
                        logical.rightExplicit(),
                        logical.location())));
            } else {
                out.add(expr);
            }
        }
        return new Body(out);
    }

    /** A reference or comprehension may stand by itself on a side of a unification. */
    private Term side(Term term, List<With> with, List<Expr> out) {
        if (term.kind() == TermKind.REF) {
            return inRef((Ref) term, with, out);
        }
        if (Vars.isComprehension(term)) {
            return Walk.map(term, child -> child, this::body);
        }
        return hoist(term, with, out);
    }

    private Ref inRef(Ref ref, List<With> with, List<Expr> out) {
        List<Term> terms = null;
        for (int i = 0; i < ref.size(); i++) {
            Term before = ref.get(i);
            Term after = i == 0 && !(before instanceof Ref) && !Vars.isComprehension(before)
                    ? collection(before, with, out)
                    : hoist(before, with, out);
            if (after != before && terms == null) {
                terms = new ArrayList<>(ref.terms());
            }
            if (terms != null) {
                terms.set(i, after);
            }
        }
        return terms == null ? ref : ref.withTerms(terms);
    }

    private Term collection(Term term, List<With> with, List<Expr> out) {
        return term instanceof Var || term.isConstant()
                ? term
                : Walk.map(term, child -> hoist(child, with, out), this::body);
    }

    private Term hoist(Term term, List<With> with, List<Expr> out) {
        if (term instanceof Var || term.isConstant()) {
            return term;
        }
        if (term.kind() == TermKind.REF || Vars.isComprehension(term)) {
            Term flat = side(term, with, out);
            Var local = new Var(names.fresh(), term.location());
            out.add(CallFlattener.generated(CallFlattener.eq(local, flat), with));
            return local;
        }
        return Walk.map(term, child -> hoist(child, with, out), this::body);
    }
}
