package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.List;

/** Makes heads of rules and comprehensions plain: what must be evaluated moves to the end of the body. */
final class HeadRewriter implements Walk.Mapper, RuleRewriter {
    private final Names names;

    HeadRewriter(Names names) {
        this.names = names;
    }

    /** Key, value and parameters of a rule, and heads of comprehensions in it. */
    @Override
    public Rule rule(Rule rule) {
        List<Expr> body = new ArrayList<>(body(rule.body()).exprs());
        Head head = rule.head();
        Term key = head.key();
        Term value = head.value();
        List<Term> args = head.args() == null ? null : Walk.mapAll(head.parameters(), arg -> plain(arg, body));
        Head plain = head.withKey(key == null ? null : plain(key, body))
                .withValue(value == null ? null : plain(value, body))
                .withArgs(args);
        Rule branch = rule.otherwise();
        return rule.withHead(plain).withBody(new Body(body)).withOtherwise(branch == null ? null : rule(branch));
    }

    private Term plain(Term term, List<Expr> body) {
        if (!needsEvaluation(term)) {
            return term;
        }
        Term inner = term(term);
        Var local = new Var(names.fresh(), term.location());
        body.add(CallFlattener.generated(CallFlattener.eq(local, inner), List.of()));
        return local;
    }

    private static boolean needsEvaluation(Term term) {
        boolean[] found = new boolean[1];
        Walk.terms(term, inner -> {
            found[0] |= inner.kind() == TermKind.REF || inner.kind() == TermKind.CALL || Vars.isComprehension(inner);
            return !found[0];
        });
        return found[0];
    }

    @Override
    public Body body(Body body) {
        List<Expr> exprs = new ArrayList<>(body.size());
        for (Expr expr : body.exprs()) {
            exprs.add(Walk.map(expr, this));
        }
        return new Body(exprs);
    }

    @Override
    public Term term(Term term) {
        if (term.isConstant() || term instanceof Var) {
            return term;
        }
        switch (term.kind()) {
            case ARRAY_COMPREHENSION -> {
                ArrayComprehension array = (ArrayComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(array.body()).exprs());
                Term head = plain(array.term(), exprs);
                return new ArrayComprehension(head, new Body(exprs), array.location());
            }
            case SET_COMPREHENSION -> {
                SetComprehension set = (SetComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(set.body()).exprs());
                Term head = plain(set.term(), exprs);
                return new SetComprehension(head, new Body(exprs), set.location());
            }
            case OBJECT_COMPREHENSION -> {
                ObjectComprehension object = (ObjectComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(object.body()).exprs());
                Term key = plain(object.key(), exprs);
                Term value = plain(object.value(), exprs);
                return new ObjectComprehension(key, value, new Body(exprs), object.location());
            }
            default -> {
                return Walk.map(term, this);
            }
        }
    }
}
