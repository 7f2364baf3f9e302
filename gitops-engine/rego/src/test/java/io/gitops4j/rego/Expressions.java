package io.gitops4j.rego;

import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.List;
import java.util.Map;

/** Evaluates single expressions and small modules for tests. */
public final class Expressions {
    private static final CompiledRego EMPTY =
            Rego.compile(List.of(), RegoOptions.v1()).orThrow();

    private Expressions() {}

    /** The text of an expression's value, {@code undefined}, or {@code error: …}. */
    public static String evaluate(String expression) {
        RegoResult result = EMPTY.query("x = " + expression)
                .orThrow()
                .evaluate(
                        null,
                        ObjectValue.empty(),
                        EvalSettings.defaults().strict(true).now(1_700_000_000_000_000_000L));
        if (result.error() != null) {
            return "error: " + result.error().text().replaceFirst("(?s).*?(eval_[a-z]+_error)", "$1");
        }
        return result.rows().isEmpty()
                ? "undefined"
                : String.valueOf(result.rows().get(0).get("x"));
    }

    /** The text of {@code data.test.<rule>} of a module, {@code undefined}, or {@code error: …}. */
    public static String rule(String module, String rule) {
        return rule(module, rule, null);
    }

    /** As {@link #rule(String, String)}, with an input. */
    public static String rule(String module, String rule, @org.jspecify.annotations.Nullable Value input) {
        CompiledRego rego = Rego.compile(
                        List.of(new RegoModule("test.rego", "package test\n" + module)), RegoOptions.v1())
                .orThrow();
        RegoResult result = rego.query("x = data.test." + rule)
                .orThrow()
                .evaluate(input, ObjectValue.empty(), EvalSettings.defaults());
        if (result.error() != null) {
            return "error: " + result.error().text();
        }
        List<Map<String, Value>> rows = result.rows();
        return rows.isEmpty() ? "undefined" : String.valueOf(rows.get(0).get("x"));
    }
}
