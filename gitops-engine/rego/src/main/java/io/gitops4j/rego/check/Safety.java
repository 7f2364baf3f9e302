package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Orders bodies so that every variable is bound before it is needed, and finds those that cannot be. The order kept is
 * otherwise the written one. Nested bodies may use outer variables once those are bound.
 */
final class Safety {
    private final Outputs outputs;

    Safety(Arity arity) {
        this.outputs = new Outputs(arity);
    }

    /** What could not be bound: names by expression. */
    static final class Unsafe {
        private final List<Expr> order = new ArrayList<>();
        private final Map<Expr, Set<String>> byIdentity = new IdentityHashMap<>();

        private void add(Expr expr, String name) {
            Set<String> known = byIdentity.get(expr);
            if (known == null) {
                known = new LinkedHashSet<>();
                byIdentity.put(expr, known);
                order.add(expr);
            }
            known.add(name);
        }

        /** Takes names away, unless nothing would be left to report. */
        private void forgive(Set<String> blameless) {
            for (Expr expr : List.copyOf(order)) {
                Set<String> left = new LinkedHashSet<>(of(expr));
                left.removeAll(blameless);
                if (left.isEmpty()) {
                    remove(expr);
                } else {
                    of(expr).retainAll(left);
                }
            }
        }

        private Set<String> of(Expr expr) {
            return byIdentity.getOrDefault(expr, Set.of());
        }

        private void remove(Expr expr) {
            if (byIdentity.remove(expr) != null) {
                order.removeIf(other -> other == expr);
            }
        }

        private void addAll(Unsafe other) {
            for (Expr expr : other.order) {
                other.of(expr).forEach(name -> add(expr, name));
            }
        }

        boolean isEmpty() {
            return order.isEmpty();
        }

        List<Expr> exprs() {
            return order;
        }

        /** Each name with the first place where it is unsafe. */
        Map<String, Location> firstPlaces() {
            Map<String, Location> places = new TreeMap<>();
            for (Expr expr : order) {
                for (String name : of(expr)) {
                    Location known = places.get(name);
                    if (known == null || before(expr.location(), known)) {
                        places.put(name, expr.location());
                    }
                }
            }
            return places;
        }

        private static boolean before(Location one, Location two) {
            return one.row() != two.row() ? one.row() < two.row() : one.column() < two.column();
        }
    }

    /** An ordered body and what in it is unsafe. */
    record Ordered(Body body, Unsafe unsafe) {}

    /** Orders a body that may use {@code globals}. */
    Ordered order(Body body, Set<String> globals) {
        Unsafe unsafe = new Unsafe();
        List<Expr> ordered = reorder(body, globals, unsafe);
        Set<String> known = new LinkedHashSet<>(globals);
        List<Expr> done = new ArrayList<>(ordered.size());
        Unsafe nested = new Unsafe();
        for (Expr expr : ordered) {
            done.add(closures(expr, known, nested));
            Vars.addOuter(expr, known);
        }
        if (unsafe.isEmpty()) {
            unsafe.addAll(nested);
        }
        return new Ordered(new Body(done), unsafe);
    }

    private List<Expr> reorder(Body body, Set<String> globals, Unsafe unsafe) {
        Set<String> bodyVars = Vars.outer(body);
        Set<String> safe = new LinkedHashSet<>();
        int count = body.size();
        for (Expr expr : body.exprs()) {
            for (String name : Vars.outer(expr)) {
                if (globals.contains(name) || isRoot(name)) {
                    safe.add(name);
                } else {
                    unsafe.add(expr, name);
                }
            }
        }
        safe.addAll(globals);
        List<Expr> ordered = new ArrayList<>(count);
        boolean[] taken = new boolean[count];
        Set<String> bound = new LinkedHashSet<>();
        boolean progress = true;
        while (progress && ordered.size() < count) {
            progress = false;
            for (int i = 0; i < count; i++) {
                if (taken[i]) {
                    continue;
                }
                Expr expr = body.exprs().get(i);
                Set<String> outs = outputs.of(expr, safe);
                if (waitsForClosure(expr, bodyVars, globals, bound, outs, unsafe)) {
                    continue;
                }
                if (allIn(unsafe.of(expr), outs, safe)) {
                    unsafe.remove(expr);
                    ordered.add(expr);
                    taken[i] = true;
                    safe.addAll(outs);
                    bound.addAll(outs);
                    progress = true;
                }
            }
        }
        Set<String> blameless = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            if (!taken[i]) {
                dropKnown(body.exprs().get(i), safe, unsafe, blameless);
            }
        }
        unsafe.forgive(blameless);
        return ordered.size() == count ? ordered : body.exprs();
    }

    /** Leaves of an expression's unsafe names those that are still unknown. */
    private void dropKnown(Expr expr, Set<String> safe, Unsafe unsafe, Set<String> blameless) {
        Set<String> left = new LinkedHashSet<>(unsafe.of(expr));
        left.removeAll(safe);
        left.removeAll(outputs.of(expr, safe));
        if (left.isEmpty()) {
            return;
        }
        if (expr.statement() instanceof Call call && isAssignment(expr, call)) {
            Set<String> targets = new LinkedHashSet<>();
            Vars.addOuter(call.args().get(0), targets);
            if (!targets.containsAll(left)) {
                blameless.addAll(targets);
            }
        }
        unsafe.of(expr).retainAll(left);
    }

    /** Whether it was written with {@code :=}: then only the value is to blame. */
    private static boolean isAssignment(Expr expr, Call call) {
        return expr.isUnify() && call.operator().location().text().equals(":=");
    }

    private static boolean allIn(Set<String> names, Set<String> one, Set<String> two) {
        for (String name : names) {
            if (!one.contains(name) && !two.contains(name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRoot(String name) {
        return name.equals("data") || name.equals("input");
    }

    /** Whether a nested body needs what an expression further down has still to bind. */
    private static boolean waitsForClosure(
            Expr expr, Set<String> bodyVars, Set<String> globals, Set<String> bound, Set<String> outs, Unsafe unsafe) {
        Set<String> needed = Vars.inClosures(expr);
        needed.retainAll(bodyVars);
        needed.removeAll(globals);
        needed.removeIf(Safety::isRoot);
        needed.removeAll(bound);
        if (needed.isEmpty()) {
            return false;
        }
        if (needed.equals(outs)) {
            return true;
        }
        needed.forEach(name -> unsafe.add(expr, name));
        return false;
    }

    private Expr closures(Expr expr, Set<String> known, Unsafe unsafe) {
        if (expr.statement() instanceof Every every) {
            Set<String> inner = new LinkedHashSet<>(known);
            Vars.addOuter(expr, inner);
            Term key = every.key();
            if (key instanceof Var var) {
                inner.add(var.name());
            }
            if (every.value() instanceof Var var) {
                inner.add(var.name());
            }
            Term domain = term(every.domain(), expr, known, unsafe);
            Body body = nested(every.body(), inner, unsafe);
            return expr.withStatement(new Every(key, every.value(), domain, body, every.location()));
        }
        if (expr.statement() instanceof NotBody not) {
            return expr.withStatement(new NotBody(nested(not.body(), known, unsafe), not.explicit(), not.location()));
        }
        if (expr.statement() instanceof Logical logical) {
            Body left = nested(logical.left(), known, unsafe);
            return expr.withStatement(new Logical(
                    logical.isOr(),
                    left,
                    logical.leftExplicit(),
                    unsafe.isEmpty() ? nested(logical.right(), known, unsafe) : logical.right(),
                    logical.rightExplicit(),
                    logical.location()));
        }
        return Walk.map(expr, term -> term(term, expr, known, unsafe), body -> body);
    }

    private Body nested(Body body, Set<String> known, Unsafe unsafe) {
        Ordered ordered = order(body, known);
        unsafe.addAll(ordered.unsafe);
        return ordered.body;
    }

    private Term term(Term term, Expr holder, Set<String> known, Unsafe unsafe) {
        if (term.isConstant() || term instanceof Var) {
            return term;
        }
        if (!Vars.isComprehension(term)) {
            return Walk.map(term, child -> term(child, holder, known, unsafe), body -> body);
        }
        Body body = bodyOf(term);
        Set<String> inBody = Vars.outer(body);
        Set<String> head = new LinkedHashSet<>();
        Walk.children(term, child -> Vars.addOuter(child, head), inner -> {});
        for (String name : head) {
            if (!inBody.contains(name) && !known.contains(name) && !isRoot(name)) {
                unsafe.add(holder, name);
            }
        }
        Body ordered = nested(body, known, unsafe);
        if (term instanceof ArrayComprehension array) {
            return new ArrayComprehension(array.term(), ordered, array.location());
        }
        if (term instanceof SetComprehension set) {
            return new SetComprehension(set.term(), ordered, set.location());
        }
        ObjectComprehension object = (ObjectComprehension) term;
        return new ObjectComprehension(object.key(), object.value(), ordered, object.location());
    }

    private static Body bodyOf(Term term) {
        @Nullable Body[] found = new Body[1];
        Walk.children(term, child -> {}, body -> found[0] = body);
        Body body = found[0];
        if (body == null) {
            throw new IllegalArgumentException("not a comprehension: " + term);
        }
        return body;
    }

    /** What the expressions before bind; for {@code print}, which may only show what is known. */
    Set<String> boundBy(List<Expr> exprs, Set<String> globals) {
        return outputs.of(exprs, globals);
    }
}
