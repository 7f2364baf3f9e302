package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Errors for what could not be bound: by variable, or by expression where only made variables are unsafe. */
final class UnsafeReport {
    private UnsafeReport() {}

    static void add(Safety.Unsafe unsafe, Names names, String where, List<CheckError> errors) {
        if (unsafe.isEmpty()) {
            return;
        }
        List<CheckError> found = new ArrayList<>();
        for (Map.Entry<String, Location> entry : unsafe.firstPlaces().entrySet()) {
            String name = names.original(entry.getKey());
            if (name.startsWith("__local")) {
                continue;
            }
            String shown = name.startsWith("$") ? "_" : name;
            found.add(new CheckError(
                    CheckError.UNSAFE, entry.getValue(), "var " + shown + " is unsafe" + where + hint(shown)));
        }
        if (found.isEmpty()) {
            Set<Integer> rows = new LinkedHashSet<>();
            for (Expr expr : unsafe.exprs()) {
                if (rows.add(expr.location().row())) {
                    found.add(new CheckError(CheckError.UNSAFE, expr.location(), "expression is unsafe" + where));
                }
            }
        }
        errors.addAll(found);
    }

    private static String hint(String name) {
        return switch (name) {
            case "and", "contains", "every", "if", "in", "not", "or" ->
                " (hint: `import future.keywords." + name + "` to import a future keyword)";
            default -> "";
        };
    }
}
