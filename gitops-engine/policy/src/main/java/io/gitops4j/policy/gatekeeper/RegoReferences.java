package io.gitops4j.policy.gatekeeper;

import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the code of a template may not say: only the inventory and its libraries are data, and a violation has a message. Source: rego §2.1. */
final class RegoReferences {
    private static final List<String> ALLOWED = List.of("inventory", "lib");

    private RegoReferences() {}

    /** References under {@code data} that no template may make, in the order of the code. */
    static List<Term> disallowed(Module module) {
        List<Term> found = new ArrayList<>();
        for (Rule rule : module.rules()) {
            Walk.terms(rule, term -> visit(term, found));
        }
        return found;
    }

    /** A member of the rule {@code violation} that can be no message, as it is written: it would be dropped in silence. */
    static @Nullable Term withoutMessage(Module module) {
        for (Rule rule : module.rules()) {
            Term key = rule.ref().head().toString().equals("violation")
                    ? rule.head().key()
                    : null;
            boolean literal = key instanceof ObjectTerm object
                    && object.entries().stream().allMatch(entry -> entry.key() instanceof StringTerm)
                    && object.entries().stream()
                            .noneMatch(entry -> entry.key() instanceof StringTerm name
                                    && name.value().equals("msg"));
            if (literal || key instanceof StringTerm) {
                return key;
            }
        }
        return null;
    }

    private static boolean visit(Term term, List<Term> found) {
        boolean data = term instanceof Ref ref && ref.startsWithVar("data");
        if (data) {
            Ref ref = (Ref) term;
            boolean allowed = ref.size() > 1 && ref.get(1) instanceof StringTerm name && ALLOWED.contains(name.value());
            if (!allowed) {
                found.add(ref);
            }
            // its keys are terms of their own
            ref.terms().subList(1, ref.size()).forEach(key -> Walk.terms(key, inner -> visit(inner, found)));
        } else if (term instanceof Var variable && variable.name().equals("data")) {
            found.add(term);
        }
        return !data;
    }
}
