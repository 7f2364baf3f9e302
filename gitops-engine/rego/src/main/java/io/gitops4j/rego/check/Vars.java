package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of variables in a tree. Operators of calls never count. */
final class Vars {
    private Vars() {}

    /** Collects {@link #addAll}. */
    private record All(Set<String> names) implements Walk.Visitor {
        @Override
        public void term(Term term) {
            addAll(term, names);
        }

        @Override
        public void body(Body body) {
            for (Expr expr : body.exprs()) {
                addAll(expr, names);
            }
        }
    }

    /** Collects {@link #addOuter}. */
    private record Outer(Set<String> names) implements Walk.Visitor {
        @Override
        public void term(Term term) {
            addOuter(term, names);
        }

        @Override
        public void body(Body body) {
            // Nested bodies are not outside.
        }
    }

    /** All, those in comprehensions and nested bodies too. */
    static Set<String> all(Body body) {
        Set<String> names = new LinkedHashSet<>();
        for (var expr : body.exprs()) {
            addAll(expr, names);
        }
        return names;
    }

    static void addAll(Expr expr, Set<String> names) {
        Walk.children(expr.withModifiers(List.of()), new All(names));
        for (With with : expr.with()) {
            addModifier(with, names);
            addInClosures(with.value(), names);
        }
    }

    static void addAll(Term term, Set<String> names) {
        if (term instanceof Var var) {
            names.add(var.name());
        } else if (term instanceof Call call) {
            addOperator(call, names);
            for (var arg : call.args()) {
                addAll(arg, names);
            }
        } else {
            Walk.children(term, new All(names));
        }
    }

    private static void addOperator(Call call, Set<String> names) {
        for (Term part : call.operator().terms().subList(1, call.operator().size())) {
            addAll(part, names);
        }
    }

    /** Those outside of comprehensions and nested bodies: what an expression needs or gives itself. */
    static Set<String> outer(Expr expr) {
        Set<String> names = new LinkedHashSet<>();
        addOuter(expr, names);
        return names;
    }

    static Set<String> outer(Body body) {
        Set<String> names = new LinkedHashSet<>();
        for (var expr : body.exprs()) {
            addOuter(expr, names);
        }
        return names;
    }

    static void addOuter(Expr expr, Set<String> names) {
        if (expr.statement() instanceof Every every) {
            addOuter(every.domain(), names);
        } else if (expr.statement() instanceof Term term) {
            addOuter(term, names);
        } else if (expr.statement() instanceof Some some) {
            for (var symbol : some.symbols()) {
                addOuter(symbol, names);
            }
        } else if (expr.statement() instanceof NotBody not && !not.explicit()) {
            addNegated(not.body(), names);
        }
        for (With with : expr.with()) {
            addModifier(with, names);
        }
    }

    /** Under {@code not} without braces nothing is bound but what stages made there. */
    private static void addNegated(Body body, Set<String> names) {
        Set<String> needed = outer(body);
        for (Expr expr : body.exprs()) {
            Call call = expr.call();
            if (expr.generated() && call != null && !call.args().isEmpty()) {
                Term made = expr.isUnify()
                        ? call.args().get(0)
                        : call.args().get(call.args().size() - 1);
                if (made instanceof Var var) {
                    needed.remove(var.name());
                }
            }
        }
        names.addAll(needed);
    }

    /** What a modifier needs. The heads of its target and of a function put there are no variables. */
    static void addModifier(With with, Set<String> names) {
        if (with.target() instanceof Ref target) {
            for (var part : target.terms().subList(1, target.size())) {
                addOuter(part, names);
            }
        }
        if (with.value() instanceof Ref value) {
            for (var part : value.terms().subList(1, value.size())) {
                addOuter(part, names);
            }
        } else {
            addOuter(with.value(), names);
        }
    }

    static void addOuter(Term term, Set<String> names) {
        if (term instanceof Var var) {
            names.add(var.name());
        } else if (term instanceof Call call) {
            addOperator(call, names);
            for (var arg : call.args()) {
                addOuter(arg, names);
            }
        } else if (!isComprehension(term)) {
            Walk.children(term, new Outer(names));
        }
    }

    static boolean isComprehension(Term term) {
        return switch (term.kind()) {
            case ARRAY_COMPREHENSION, SET_COMPREHENSION, OBJECT_COMPREHENSION -> true;
            default -> false;
        };
    }

    /** Those that unification can bind: not in sets, keys of objects, heads of references, comprehensions. */
    static void addBindable(Term term, Set<String> names) {
        if (term instanceof Var var) {
            names.add(var.name());
        } else if (term instanceof Ref ref) {
            for (var part : ref.terms().subList(1, ref.size())) {
                addBindable(part, names);
            }
        } else if (term instanceof ArrayTerm array) {
            for (var item : array.items()) {
                addBindable(item, names);
            }
        } else if (term instanceof ObjectTerm object) {
            for (ObjectTerm.Entry entry : object.entries()) {
                addBindable(entry.value(), names);
            }
        } else if (term instanceof Call call) {
            for (var arg : call.args()) {
                addBindable(arg, names);
            }
        }
    }

    /** Like {@link #addBindable}, sets counted: what must be known before a call. */
    static void addNeeded(Term term, Set<String> names) {
        if (term instanceof SetTerm set) {
            for (var item : set.items()) {
                addNeeded(item, names);
            }
        } else {
            addBindable(term, names);
        }
    }

    /** Those in comprehensions and nested bodies of an expression. */
    static Set<String> inClosures(Expr expr) {
        Set<String> names = new LinkedHashSet<>();
        if (expr.statement() instanceof Every every) {
            names.addAll(all(every.body()));
            addInClosures(every.domain(), names);
        } else if (expr.statement() instanceof NotBody not) {
            names.addAll(all(not.body()));
        } else if (expr.statement() instanceof Logical logical) {
            names.addAll(all(logical.left()));
            names.addAll(all(logical.right()));
        } else if (expr.statement() instanceof Term term) {
            addInClosures(term, names);
        }
        for (With with : expr.with()) {
            addInClosures(with.value(), names);
        }
        return names;
    }

    private static void addInClosures(Term term, Set<String> names) {
        if (isComprehension(term)) {
            addAll(term, names);
        } else {
            Walk.children(term, child -> addInClosures(child, names), body -> {});
        }
    }
}
