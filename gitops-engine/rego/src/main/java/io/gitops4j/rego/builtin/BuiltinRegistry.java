package io.gitops4j.rego.builtin;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builtins by name. Immutable. */
public final class BuiltinRegistry {
    private final Map<String, Builtin> builtins;

    private BuiltinRegistry(Map<String, Builtin> builtins) {
        this.builtins = builtins;
    }

    static BuiltinRegistry of(Collection<Builtin> builtins) {
        return new BuiltinRegistry(new HashMap<>()).with(builtins);
    }

    /** These builtins and more; a name that is there already is replaced. */
    public BuiltinRegistry with(Collection<Builtin> more) {
        Map<String, Builtin> all = new HashMap<>(builtins);
        for (Builtin builtin : more) {
            all.put(builtin.name(), builtin);
        }
        return new BuiltinRegistry(all);
    }

    /** The builtin of this name, {@code null} when there is none. */
    public @Nullable Builtin find(String name) {
        return builtins.get(name);
    }

    /** All names, sorted. */
    public Collection<String> names() {
        return new TreeSet<>(builtins.keySet());
    }
}
