package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which constants a body's variables can be: those that it sets to a constant, or takes out of a collection of constants. What is
 * written behind a reference says nothing about it.
 */
final class KnownValues {
    private record Known(List<Term> values, int offset) {}

    private final Map<String, Known> known = new LinkedHashMap<>();

    private record Collection(Term value, int offset) {}

    private final Map<String, Collection> collections = new LinkedHashMap<>();

    /** Where nothing is known. */
    KnownValues() {}

    /** What a body says, its expressions in any order. */
    KnownValues(Body body) {
        for (Expr expr : body.exprs()) {
            if (expr.isUnify() && expr.with().isEmpty() && expr.statement() instanceof Call call) {
                int offset = expr.location().offset();
                collection(call.args().get(0), call.args().get(1), offset);
                collection(call.args().get(1), call.args().get(0), offset);
            }
        }
        for (Expr expr : body.exprs()) {
            if (expr.isUnify() && expr.with().isEmpty() && expr.statement() instanceof Call call) {
                int offset = expr.location().offset();
                values(call.args().get(0), call.args().get(1), offset);
                values(call.args().get(1), call.args().get(0), offset);
            }
        }
    }

    private void collection(Term variable, Term value, int offset) {
        if (variable instanceof Var var && value.isConstant() && !value.isScalar()) {
            collections.putIfAbsent(var.name(), new Collection(value, offset));
        }
    }

    private void values(Term variable, Term value, int offset) {
        if (!(variable instanceof Var var)) {
            return;
        }
        if (value.isScalar()) {
            known.putIfAbsent(var.name(), new Known(List.of(value), offset));
        } else if (value instanceof Ref ref && ref.size() == 2 && !ref.get(1).isConstant()) {
            @Nullable Term head = ref.head();
            if (head instanceof Var name) {
                Collection before = collections.get(name.name());
                head = before == null || before.offset() >= offset ? null : before.value();
            }
            List<Term> members = head == null || !head.isConstant() ? null : members(head);
            if (members != null) {
                known.putIfAbsent(var.name(), new Known(members, offset));
            }
        }
    }

    private static @Nullable List<Term> members(Term collection) {
        if (collection instanceof ArrayTerm array) {
            return array.items();
        }
        if (collection instanceof SetTerm set) {
            return set.items();
        }
        if (collection instanceof ObjectTerm object) {
            List<Term> values = new ArrayList<>();
            object.entries().forEach(entry -> values.add(entry.value()));
            return values;
        }
        return null;
    }

    /** Whether a term of a reference at a place may be this key. */
    boolean mayBe(Term term, Term key, int offset) {
        Known values = term instanceof Var var ? known.get(var.name()) : null;
        return values == null || values.offset() >= offset || values.values().contains(key);
    }
}
