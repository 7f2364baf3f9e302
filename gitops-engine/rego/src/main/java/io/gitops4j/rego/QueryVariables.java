package io.gitops4j.rego;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.LinkedHashSet;
import java.util.Set;

/** The variables of a query that its own expressions may bind; those of closures are not among them. */
final class QueryVariables {
    private final Set<String> names = new LinkedHashSet<>();

    private QueryVariables() {}

    static Set<String> of(Body body) {
        QueryVariables found = new QueryVariables();
        for (Expr expr : body.exprs()) {
            if (!expr.negated() && expr.statement() instanceof Term term) {
                found.term(term);
            }
        }
        return found.names;
    }

    private void term(Term term) {
        if (term instanceof Var var) {
            if (!var.isRootDocument()) {
                names.add(var.name());
            }
        } else if (term instanceof Ref ref) {
            ref.terms().forEach(this::term);
        } else if (term instanceof Call call) {
            call.args().forEach(this::term);
        } else if (term instanceof ArrayTerm array) {
            array.items().forEach(this::term);
        } else if (term instanceof SetTerm set) {
            set.items().forEach(this::term);
        } else if (term instanceof ObjectTerm object) {
            object.entries().forEach(entry -> {
                term(entry.key());
                term(entry.value());
            });
        }
    }
}
