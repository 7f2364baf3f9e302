package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes calls out of terms: {@code x = f(g(y))} becomes {@code g(y, a); f(a, b); x = b}. */
final class CallFlattener implements RuleRewriter {
    private final Names names;

    CallFlattener(Names names) {
        this.names = names;
    }

    Body body(Body body) {
        List<Expr> out = new ArrayList<>(body.size() + 2);
        for (Expr expr : body.exprs()) {
            expand(expr, out);
        }
        return new Body(out);
    }

    private void expand(Expr expr, List<Expr> out) {
        List<With> with = expr.with();
        if (!with.isEmpty()) {
            List<With> expanded = new ArrayList<>(with.size());
            for (With modifier : with) {
                expanded.add(new With(modifier.target(), term(modifier.value(), List.of(), out), modifier.location()));
            }
            with = expanded;
        }
        List<With> modifiers = with;
        if (expr.statement() instanceof Call call) {
            List<Term> args = Walk.mapAll(call.args(), arg -> term(arg, modifiers, out));
            out.add(expr.withStatement(args == call.args() ? call : call.withArgs(args))
                    .withModifiers(modifiers));
        } else if (expr.statement() instanceof Term term) {
            out.add(expr.withStatement(term(term, modifiers, out)).withModifiers(modifiers));
        } else if (expr.statement() instanceof Every every) {
            Location place = every.domain().location();
            Var domain = new Var(names.fresh(), place);
            Expr unify = generated(eq(domain, every.domain()), modifiers);
            expand(unify, out);
            Every flat = new Every(every.key(), every.value(), domain, body(every.body()), every.location());
            out.add(expr.withStatement(flat).withModifiers(modifiers));
        } else if (expr.statement() instanceof NotBody not) {
            NotBody flat = new NotBody(body(not.body()), not.explicit(), not.location());
            out.add(expr.withStatement(flat).withModifiers(modifiers));
        } else if (expr.statement() instanceof Logical logical) {
            Logical flat = new Logical(
                    logical.isOr(),
                    body(logical.left()),
                    logical.leftExplicit(),
                    body(logical.right()),
                    logical.rightExplicit(),
                    logical.location());
            out.add(expr.withStatement(flat).withModifiers(modifiers));
        } else {
            out.add(expr.withModifiers(modifiers));
        }
    }

    static Call eq(Term left, Term right) {
        return new Call(Ref.of("eq").at(right.location()), List.of(left, right), right.location());
    }

    static Expr generated(Call call, List<With> with) {
        return new Expr(call, false, with, true, call.location());
    }

    private Term term(Term term, List<With> with, List<Expr> out) {
        if (term.isConstant() || term instanceof Var) {
            return term;
        }
        switch (term.kind()) {
            case CALL -> {
                Call call = (Call) term;
                List<Term> args = Walk.mapAll(call.args(), arg -> term(arg, with, out));
                Var result = new Var(names.fresh(), call.location());
                out.add(generated(call.withArgs(args).append(result), with));
                return result;
            }
            case ARRAY_COMPREHENSION -> {
                ArrayComprehension array = (ArrayComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(array.body()).exprs());
                Term head = term(array.term(), List.of(), exprs);
                return new ArrayComprehension(head, new Body(exprs), array.location());
            }
            case SET_COMPREHENSION -> {
                SetComprehension set = (SetComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(set.body()).exprs());
                Term head = term(set.term(), List.of(), exprs);
                return new SetComprehension(head, new Body(exprs), set.location());
            }
            case OBJECT_COMPREHENSION -> {
                ObjectComprehension object = (ObjectComprehension) term;
                List<Expr> exprs = new ArrayList<>(body(object.body()).exprs());
                Term key = term(object.key(), List.of(), exprs);
                Term value = term(object.value(), List.of(), exprs);
                return new ObjectComprehension(key, value, new Body(exprs), object.location());
            }
            default -> {
                return Walk.map(term, child -> term(child, with, out), this::body);
            }
        }
    }

    /** What a head's terms need is appended to the body. */
    @Override
    public Rule rule(Rule rule) {
        List<Expr> body = new ArrayList<>(body(rule.body()).exprs());
        Head head = rule.head();
        Term key = head.key();
        Term value = head.value();
        Head flat = head.withKey(key == null ? null : term(key, List.of(), body))
                .withValue(value == null ? null : term(value, List.of(), body))
                .withArgs(args(head, body));
        Rule branch = rule.otherwise();
        return rule.withHead(flat).withBody(new Body(body)).withOtherwise(branch == null ? null : rule(branch));
    }

    private @Nullable List<Term> args(Head head, List<Expr> body) {
        if (head.args() == null) {
            return null;
        }
        List<Term> flat = new ArrayList<>(head.parameters().size());
        for (Term arg : head.parameters()) {
            flat.add(term(arg, List.of(), body));
        }
        return flat;
    }
}
