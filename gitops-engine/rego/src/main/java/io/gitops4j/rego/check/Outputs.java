package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What expressions bind: brackets of references, sides of {@code =}, results of calls. Never under {@code not}. */
final class Outputs {
    private final Arity arity;

    Outputs(Arity arity) {
        this.arity = arity;
    }

    Set<String> of(List<Expr> exprs, Set<String> safe) {
        Set<String> known = new LinkedHashSet<>(safe);
        for (Expr expr : exprs) {
            known.addAll(of(expr, known));
        }
        known.removeAll(safe);
        return known;
    }

    Set<String> of(Expr expr, Set<String> safe) {
        if (expr.negated()) {
            return Set.of();
        }
        for (With with : expr.with()) {
            Set<String> needed = new LinkedHashSet<>();
            Vars.addModifier(with, needed);
            needed.removeAll(safe);
            needed.remove("input");
            needed.remove("data");
            if (!needed.isEmpty()) {
                return Set.of();
            }
        }
        Set<String> outputs = new LinkedHashSet<>();
        if (expr.statement() instanceof Call call) {
            if (expr.isUnify()) {
                return unified(call, safe);
            }
            addInTerms(call, safe, outputs);
            addResult(call, safe, outputs);
        } else if (expr.statement() instanceof Term term) {
            addInTerms(term, safe, outputs);
        } else if (expr.statement() instanceof Every every) {
            addInTerms(every.domain(), safe, outputs);
        }
        return outputs;
    }

    private void addResult(Call call, Set<String> safe, Set<String> outputs) {
        int inputs = arity.arity(call.operator());
        if (inputs < 0 || inputs >= call.args().size()) {
            return;
        }
        Set<String> needed = new LinkedHashSet<>();
        call.args().subList(0, inputs).forEach(arg -> Vars.addBindable(arg, needed));
        needed.removeAll(outputs);
        needed.removeAll(safe);
        if (needed.isEmpty()) {
            call.args().subList(inputs, call.args().size()).forEach(arg -> Vars.addBindable(arg, outputs));
        }
    }

    private static void addInTerms(Term term, Set<String> safe, Set<String> outputs) {
        if (Vars.isComprehension(term)) {
            return;
        }
        if (term instanceof Ref ref) {
            if (!isSafe(ref, safe)) {
                return;
            }
            for (Term part : ref.terms().subList(1, ref.size())) {
                Vars.addBindable(part, outputs);
            }
        }
        if (term instanceof Call call) {
            call.args().forEach(arg -> addInTerms(arg, safe, outputs));
        } else {
            Walk.children(term, child -> addInTerms(child, safe, outputs), body -> {});
        }
    }

    /** Whether the head of a reference is known, so that its brackets can be searched. */
    static boolean isSafe(Ref ref, Set<String> safe) {
        if (ref.head() instanceof Var head) {
            return head.isRootDocument() || safe.contains(head.name());
        }
        Set<String> needed = new LinkedHashSet<>();
        Vars.addOuter(ref.head(), needed);
        needed.removeIf(name -> name.equals("data") || name.equals("input"));
        return safe.containsAll(needed);
    }

    private Set<String> unified(Call call, Set<String> safe) {
        Set<String> outputs = new LinkedHashSet<>();
        addInTerms(call, safe, outputs);
        Set<String> known = new LinkedHashSet<>(safe);
        known.addAll(outputs);
        new Unification(known).run(call.args().get(0), call.args().get(1));
        known.removeAll(safe);
        return known;
    }

    /** Which variables become known by unifying two terms, given those known before. */
    private static final class Unification {
        private final Set<String> known;
        private final List<Term[]> links = new ArrayList<>();

        Unification(Set<String> known) {
            this.known = known;
        }

        void run(Term left, Term right) {
            unify(left, right);
            boolean changed = true;
            while (changed) {
                changed = false;
                for (Term[] link : links) {
                    changed |= settle((Var) link[0], link[1]);
                }
            }
        }

        /** A variable and a term: what is known on one side makes the other known. */
        private boolean settle(Var var, Term term) {
            boolean changed = false;
            if (known(var)) {
                Set<String> parts = new LinkedHashSet<>();
                Vars.addBindable(term, parts);
                changed = known.addAll(parts);
            } else if (allKnown(term)) {
                changed = known.add(var.name());
            }
            return changed;
        }

        private boolean known(Var var) {
            return var.isRootDocument() || known.contains(var.name());
        }

        private boolean allKnown(Term term) {
            Set<String> parts = new LinkedHashSet<>();
            Vars.addNeeded(term, parts);
            return known.containsAll(parts);
        }

        private void unify(Term a, Term b) {
            if (a instanceof Var left) {
                withVar(left, b);
            } else if (b instanceof Var right) {
                withVar(right, a);
            } else if (isGiven(a)) {
                learn(b);
            } else if (isGiven(b)) {
                learn(a);
            } else if (a instanceof ArrayTerm left && b instanceof ArrayTerm right) {
                if (left.items().size() == right.items().size()) {
                    for (int i = 0; i < left.items().size(); i++) {
                        unify(left.items().get(i), right.items().get(i));
                    }
                }
            } else if (a instanceof ObjectTerm left && b instanceof ObjectTerm right) {
                objects(left, right);
            }
        }

        private void objects(ObjectTerm left, ObjectTerm right) {
            if (left.entries().size() != right.entries().size()) {
                return;
            }
            for (ObjectTerm.Entry entry : left.entries()) {
                Term other = right.get(entry.key());
                if (other != null) {
                    unify(entry.value(), other);
                }
            }
        }

        /** Whether the term is a value once it is evaluated, whatever the other side is. */
        private boolean isGiven(Term term) {
            if (term instanceof Call call) {
                return allKnown(call);
            }
            return term instanceof Ref ref ? isSafe(ref, known) : Vars.isComprehension(term);
        }

        private void learn(Term pattern) {
            if (pattern instanceof ArrayTerm || pattern instanceof ObjectTerm) {
                Vars.addBindable(pattern, known);
            }
        }

        private void withVar(Var var, Term term) {
            if (term.kind() == TermKind.VAR || term instanceof ArrayTerm || term instanceof ObjectTerm) {
                links.add(new Term[] {var, term});
            } else if (term instanceof Ref ref) {
                if (isSafe(ref, known)) {
                    known.add(var.name());
                }
            } else if (term instanceof Call call) {
                if (allKnown(call)) {
                    known.add(var.name());
                }
            } else {
                known.add(var.name());
            }
        }
    }
}
