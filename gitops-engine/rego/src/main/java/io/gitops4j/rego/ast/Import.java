package io.gitops4j.rego.ast;

import org.jspecify.annotations.Nullable;

/**
 * One import.
 *
 * @param path {@code data…}, {@code input…}, {@code future.keywords…} or {@code rego…}
 * @param alias the name after {@code as}, {@code null} when none was written
 * @param location where it stands
 */
public record Import(Ref path, @Nullable String alias, Location location) {

    /** The name under which a module sees it. */
    public String name() {
        if (alias != null) {
            return alias;
        }
        Term last = path.last();
        return last instanceof StringTerm string ? string.value() : last instanceof Var var ? var.name() : "";
    }

    @Override
    public String toString() {
        return "import " + path + (alias == null ? "" : " as " + alias);
    }
}
