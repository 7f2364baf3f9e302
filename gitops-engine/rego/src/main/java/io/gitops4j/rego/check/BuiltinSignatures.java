package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.OpaVersion;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The builtins of a release of OPA, with those that a host adds. Immutable. */
public final class BuiltinSignatures {
    private static final Map<String, String> INFIX = infixes();
    private static final Map<String, Builtin> ALL = read();

    private final int minor;
    private final Map<String, Builtin> added;
    private final @Nullable Set<String> only;

    private BuiltinSignatures(int minor, Map<String, Builtin> added, @Nullable Set<String> only) {
        this.minor = minor;
        this.added = added;
        this.only = only;
    }

    /** All builtins of a release. */
    public static BuiltinSignatures of(OpaVersion version) {
        return new BuiltinSignatures(version.minor(), Collections.emptyMap(), null);
    }

    /** Of these the ones with such names; operators stay. */
    public BuiltinSignatures only(Collection<String> names) {
        return new BuiltinSignatures(minor, added, new LinkedHashSet<>(names));
    }

    /** These and the host's own; a name that is taken is replaced. */
    public BuiltinSignatures with(List<Builtin> hostBuiltins) {
        Map<String, Builtin> more = new LinkedHashMap<>(added);
        for (Builtin builtin : hostBuiltins) {
            more.put(builtin.name(), builtin);
        }
        return new BuiltinSignatures(minor, Collections.unmodifiableMap(more), only);
    }

    /** Whether there is a builtin of this name. */
    public boolean has(String name) {
        return find(name) != null;
    }

    /** The builtin of this name, or {@code null}. */
    public @Nullable Builtin find(String name) {
        Builtin own = added.get(name);
        if (own != null) {
            return own;
        }
        Builtin builtin = ALL.get(name);
        return builtin == null || !isIn(builtin) ? null : builtin;
    }

    private boolean isIn(Builtin builtin) {
        return builtin.since() <= minor
                && (only == null
                        || only.contains(builtin.name())
                        || !builtin.infix().isEmpty()
                        || builtin.name().startsWith("internal."));
    }

    /** All of them, the host's last. */
    public Collection<Builtin> all() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        ALL.forEach((name, builtin) -> {
            if (isIn(builtin)) {
                all.put(name, builtin);
            }
        });
        all.putAll(added);
        return Collections.unmodifiableCollection(all.values());
    }

    private static Map<String, Builtin> read() {
        Map<String, Builtin> all = new LinkedHashMap<>(512);
        for (String row : BuiltinTable.ROWS) {
            Builtin builtin = read(row);
            all.put(builtin.name(), builtin);
        }
        return Collections.unmodifiableMap(all);
    }

    private static Builtin read(String row) {
        int space = row.indexOf(' ');
        String name = row.substring(0, space);
        int end = row.length();
        boolean relation = false;
        boolean isVoid = false;
        boolean nondeterministic = false;
        boolean deprecated = false;
        int since = 0;
        for (int at = row.lastIndexOf(' '); at > 0; at = row.lastIndexOf(' ', at - 1)) {
            char flag = row.charAt(at + 1);
            if (flag == '~') {
                nondeterministic = true;
            } else if (flag == '!') {
                deprecated = true;
            } else if (flag == '*') {
                relation = true;
            } else if (flag == '0') {
                isVoid = true;
            } else if (flag == '@') {
                since = Integer.parseInt(row.substring(at + 2, end));
            } else {
                break;
            }
            end = at;
        }
        String signature = row.substring(space + 1, end);
        return new Builtin(name, infix(name), signature, relation, isVoid, nondeterministic, deprecated, since);
    }

    private static String infix(String name) {
        return INFIX.getOrDefault(name, "");
    }

    private static Map<String, String> infixes() {
        String[] pairs = {
            "eq",
            "=",
            "assign",
            ":=",
            "equal",
            "==",
            "neq",
            "!=",
            "lt",
            "<",
            "lte",
            "<=",
            "gt",
            ">",
            "gte",
            ">=",
            "plus",
            "+",
            "minus",
            "-",
            "mul",
            "*",
            "div",
            "/",
            "rem",
            "%",
            "and",
            "&",
            "or",
            "|",
            "internal.member_2",
            "in",
            "internal.member_3",
            "in"
        };
        Map<String, String> signs = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            signs.put(pairs[i], pairs[i + 1]);
        }
        return signs;
    }
}
