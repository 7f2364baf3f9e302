package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One import.
 *
 * @param path {@code data…}, {@code input…}, {@code future.keywords…} or {@code rego…}
 * @param alias the name after {@code as}, {@code null} when none was written
 * @param location where it stands
 */
public record Import(Ref path, @Nullable String alias, Location location) {
    private static final List<String> WORDS = List.of(
            "package",
            "import",
            "as",
            "default",
            "else",
            "not",
            "some",
            "with",
            "null",
            "true",
            "false",
            "if",
            "in",
            "every",
            "contains");

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
        return "import " + printed() + (alias == null ? "" : " as " + alias);
    }

    /** The path, with what is a word of the language in brackets. */
    private String printed() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            Term part = path.get(i);
            if (i > 0 && part instanceof StringTerm name && WORDS.contains(name.value())) {
                out.append("[\"").append(name.value()).append("\"]");
            } else {
                String printed =
                        i == 0 ? path.prefix(1).toString() : path.prefix(i + 1).toString();
                out.append(
                        printed.substring(i == 0 ? 0 : path.prefix(i).toString().length()));
            }
        }
        return out.toString();
    }
}
