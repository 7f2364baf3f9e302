package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** The rules of one name. */
abstract class RuleSet {
    private static final Object UNDEFINED = new Object();
    private static final Object BUSY = new Object();

    final int id;
    final String[] path;
    final String name;

    RuleSet(int id, String[] path) {
        this.id = id;
        this.path = path;
        this.name = "data." + String.join(".", path);
    }

    boolean isFunction() {
        return false;
    }

    /** Whether one key can be asked for without the others. */
    boolean isPartial() {
        return false;
    }

    /** The whole document, {@code null} for undefined. */
    final @Nullable Value value(Scope scope) {
        Object known = scope.document(id);
        if (known == null) {
            return first(scope);
        }
        if (known instanceof Value value) {
            return value;
        }
        if (known == BUSY) {
            throw new EvalException(EvalException.INTERNAL, "rule " + name + " is recursive", Location.none());
        }
        return null;
    }

    private @Nullable Value first(Scope scope) {
        if (scope.overrides != null && scope.replaced(path, path.length)) {
            return scope.base(path, path.length);
        }
        Run run = scope.run;
        scope.document(id, BUSY);
        Object result = null;
        run.step();
        run.depth++;
        try {
            Value value = compute(scope);
            result = value == null ? UNDEFINED : value;
            return value;
        } finally {
            run.depth--;
            scope.document(id, result);
        }
    }

    final boolean known(Scope scope) {
        return scope.document(id) instanceof Value;
    }

    /** The part of the document under {@code key}. */
    @Nullable
    Value at(Scope scope, Value key) {
        Value all = value(scope);
        return all == null ? null : all.get(key);
    }

    /** Evaluates the rules. */
    abstract @Nullable Value compute(Scope scope);
}
