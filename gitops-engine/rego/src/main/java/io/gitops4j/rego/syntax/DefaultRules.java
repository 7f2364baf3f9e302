package io.gitops4j.rego.syntax;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a default rule may hold: a value that needs nothing else, and plain distinct parameters. */
final class DefaultRules {
    private DefaultRules() {}

    static boolean check(Head head, Cursor cursor, Location place) {
        Term value = head.value();
        if (value == null) {
            cursor.error(place, "illegal default rule (must have a value)");
            return false;
        }
        TermKind refused = refused(value);
        if (refused != null) {
            cursor.error(place, "illegal default rule (value cannot contain " + refused.typeName() + ")");
            return false;
        }
        Set<String> names = new LinkedHashSet<>();
        for (Term arg : head.parameters()) {
            if (!(arg instanceof Var var)) {
                cursor.error(
                        place,
                        "illegal default rule (arguments cannot contain "
                                + arg.kind().typeName() + ")");
                return false;
            }
            if (!names.add(var.name())) {
                cursor.error(place, "illegal default rule (arguments cannot be repeated " + var + ")");
                return false;
            }
        }
        return true;
    }

    /** The kind of the first term that a default value cannot hold; comprehensions hold what they like. */
    private static @Nullable TermKind refused(Term term) {
        switch (term.kind()) {
            case VAR, REF, CALL, TEMPLATE_STRING -> {
                return term.kind();
            }
            case ARRAY -> {
                return refused(((ArrayTerm) term).items());
            }
            case SET -> {
                return refused(((SetTerm) term).items());
            }
            case OBJECT -> {
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    TermKind refused = refused(List.of(entry.key(), entry.value()));
                    if (refused != null) {
                        return refused;
                    }
                }
                return null;
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable TermKind refused(List<Term> terms) {
        for (Term term : terms) {
            TermKind refused = refused(term);
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }
}
