package io.gitops4j.rego.builtin;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Builtins by name: OPA's, and the host's own. Safe for several threads. */
public final class BuiltinRegistry {
    private final Map<String, Builtin> own;
    private final ConcurrentMap<String, Builtin> standard = new ConcurrentHashMap<>();

    private BuiltinRegistry(Map<String, Builtin> own) {
        this.own = own;
    }

    static BuiltinRegistry standard() {
        return new BuiltinRegistry(new LinkedHashMap<>());
    }

    /** These builtins and more; a name that is there already is replaced. */
    public BuiltinRegistry with(Collection<Builtin> more) {
        Map<String, Builtin> all = new LinkedHashMap<>(own);
        for (Builtin builtin : more) {
            all.put(builtin.name(), builtin);
        }
        return new BuiltinRegistry(all);
    }

    /** The builtin of this name, {@code null} when there is none. */
    public @Nullable Builtin find(String name) {
        Builtin builtin = own.get(name);
        if (builtin == null) {
            builtin = standard.get(name);
        }
        if (builtin == null) {
            builtin = Builtins.find(name);
            if (builtin != null) {
                standard.put(name, builtin);
            }
        }
        return builtin;
    }
}
