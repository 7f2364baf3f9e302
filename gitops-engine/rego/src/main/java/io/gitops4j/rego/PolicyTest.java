package io.gitops4j.rego;

import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Runs the rules whose names begin with {@code test_}. */
public final class PolicyTest {
    private static final String PREFIX = "test_";

    private PolicyTest() {}

    /** Runs every test rule of the modules, in the order written; a name that several rules share is run once. */
    public static List<TestResult> run(CompiledRego rego, Value data, EvalSettings settings) {
        return run(rego, data, settings, name -> true);
    }

    /** Runs the test rules whose names, {@code data.package.test_name}, are wanted. Those that begin with {@code todo_} are skipped. */
    public static List<TestResult> run(CompiledRego rego, Value data, EvalSettings settings, Predicate<String> wanted) {
        List<TestResult> results = new ArrayList<>();
        for (CompiledRego.RuleName rule : rego.ruleNames()) {
            if (!wanted.test(rule.packageName() + "." + rule.name())) {
                continue;
            }
            if (rule.name().startsWith(PREFIX)) {
                results.add(run(rego, rule, data, settings));
            } else if (rule.name().startsWith("todo_" + PREFIX)) {
                results.add(new TestResult(rule.packageName(), rule.name(), false, true, ""));
            }
        }
        return results;
    }

    private static TestResult run(CompiledRego rego, CompiledRego.RuleName rule, Value data, EvalSettings settings) {
        Outcome<RegoQuery> query = rego.query(rule.reference());
        RegoQuery prepared = query.orNull();
        if (prepared == null) {
            return new TestResult(
                    rule.packageName(),
                    rule.name(),
                    false,
                    false,
                    query.problems().get(0).text());
        }
        try {
            Value value = prepared.value(null, data, settings);
            return new TestResult(rule.packageName(), rule.name(), value == BoolValue.TRUE, false, "");
        } catch (RegoException e) {
            return new TestResult(
                    rule.packageName(), rule.name(), false, false, e.error().text());
        }
    }
}
