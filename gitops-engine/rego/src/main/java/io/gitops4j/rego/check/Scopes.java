package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Location;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which names are declared where, innermost scope first. */
final class Scopes {
    /** How a name came into a scope. */
    enum How {
        SEEN,
        ARGUMENT,
        DECLARED,
        ASSIGNED
    }

    /** A declaration in one scope. */
    static final class Declaration {
        private final String name;
        private final How how;
        private final @Nullable String local;
        private final Location place;
        private boolean used;

        Declaration(String name, How how, @Nullable String local, Location place) {
            this.name = name;
            this.how = how;
            this.local = local;
            this.place = place;
        }

        String name() {
            return name;
        }

        How how() {
            return how;
        }

        Location place() {
            return place;
        }

        boolean used() {
            return used;
        }
    }

    private final Deque<Map<String, Declaration>> scopes = new ArrayDeque<>();

    void push() {
        scopes.push(new LinkedHashMap<>());
    }

    /** Leaves the innermost scope and says what was declared in it. */
    List<Declaration> pop() {
        return new ArrayList<>(scopes.pop().values());
    }

    /** How the innermost scope knows the name, {@code null} when it does not. */
    @Nullable
    How how(String name) {
        Map<String, Declaration> top = scopes.peek();
        Declaration declaration = top == null ? null : top.get(name);
        return declaration == null ? null : declaration.how;
    }

    void declare(String name, How how, String local, Location place) {
        Map<String, Declaration> top = scopes.peek();
        if (top != null) {
            top.put(name, new Declaration(name, how, local, place));
        }
    }

    /** The local that the name stands for here, {@code null} when it is not declared; notes that it was used. */
    @Nullable
    String local(String name) {
        for (Map<String, Declaration> scope : scopes) {
            Declaration declaration = scope.get(name);
            if (declaration != null && declaration.local != null) {
                declaration.used |= !name.equals("data") && !name.equals("input");
                return declaration.local;
            }
        }
        return null;
    }

    /** Notes that an undeclared name occurs in the innermost scope: it cannot be declared further down there. */
    void see(String name, Location place) {
        Map<String, Declaration> top = scopes.peek();
        if (top != null) {
            top.putIfAbsent(name, new Declaration(name, How.SEEN, null, place));
        }
    }
}
