package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Statement;
import io.gitops4j.rego.ast.TemplateString;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.With;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts how often each variable stands in a rule, so that what nobody reads is not computed. */
final class VarUses {
    private final Map<String, Integer> counts = new HashMap<>();

    static VarUses of(Rule rule) {
        VarUses uses = new VarUses();
        for (Rule at = rule; at != null; at = at.otherwise()) {
            at.head().parameters().forEach(uses::term);
            uses.term(at.head().key());
            uses.term(at.head().value());
            uses.term(at.head().ref());
            uses.body(at.body());
        }
        return uses;
    }

    static VarUses of(Body body, Iterable<String> shown) {
        VarUses uses = new VarUses();
        uses.body(body);
        shown.forEach(name -> uses.counts.merge(name, 1, Integer::sum));
        return uses;
    }

    /** Whether it stands in one place only. */
    boolean once(String name) {
        return counts.getOrDefault(name, 0) <= 1;
    }

    private void body(Body body) {
        for (Expr expr : body.exprs()) {
            expr(expr);
        }
    }

    private void expr(Expr expr) {
        statement(expr.statement());
        for (With with : expr.with()) {
            term(with.value());
        }
    }

    private void statement(Statement statement) {
        if (statement instanceof Term term) {
            term(term);
        } else if (statement instanceof Every every) {
            term(every.key());
            term(every.value());
            term(every.domain());
            body(every.body());
        } else if (statement instanceof NotBody not) {
            body(not.body());
        } else if (statement instanceof Logical logical) {
            body(logical.left());
            body(logical.right());
        } else if (statement instanceof Some some) {
            some.symbols().forEach(this::term);
        }
    }

    private void term(@Nullable Term term) {
        if (term == null) {
            return;
        }
        switch (term.kind()) {
            case VAR -> counts.merge(((Var) term).name(), 1, Integer::sum);
            case REF -> ((Ref) term).terms().forEach(this::term);
            case CALL -> ((Call) term).args().forEach(this::term);
            case ARRAY -> ((ArrayTerm) term).items().forEach(this::term);
            case SET -> ((SetTerm) term).items().forEach(this::term);
            case OBJECT -> {
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    term(entry.key());
                    term(entry.value());
                }
            }
            case ARRAY_COMPREHENSION -> {
                term(((ArrayComprehension) term).term());
                body(((ArrayComprehension) term).body());
            }
            case SET_COMPREHENSION -> {
                term(((SetComprehension) term).term());
                body(((SetComprehension) term).body());
            }
            case OBJECT_COMPREHENSION -> {
                term(((ObjectComprehension) term).key());
                term(((ObjectComprehension) term).value());
                body(((ObjectComprehension) term).body());
            }
            case TEMPLATE_STRING -> {
                for (TemplateString.Part part : ((TemplateString) term).parts()) {
                    if (part.expr() != null) {
                        expr(part.expr());
                    }
                }
            }
            default -> {}
        }
    }
}
