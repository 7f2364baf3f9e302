package io.gitops4j.rego.eval;

import io.gitops4j.rego.builtin.BuiltinRegistry;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** Compiled modules: the tree of packages and rules. Immutable once made, but for caches that are safe for several threads. */
public final class Program {
    final DocNode root = new DocNode(new String[0]);
    final BuiltinRegistry builtins;
    final boolean newest;
    final Prepared prepared = new Prepared();
    final Prepared.Regexes regexes = new Prepared.Regexes();
    int documentCount;
    int functionCount;

    Program(BuiltinRegistry builtins, boolean newest) {
        this.builtins = builtins;
        this.newest = newest;
    }

    /** A fresh scope for a run. */
    Scope scope(Run run, @Nullable Value input, Value data) {
        return new Scope(run, input, data, null, null);
    }
}
