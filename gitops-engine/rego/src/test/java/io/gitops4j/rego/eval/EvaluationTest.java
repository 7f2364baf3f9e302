package io.gitops4j.rego.eval;

import static io.gitops4j.rego.Expressions.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.problem.Limits;
import io.gitops4j.rego.CompiledRego;
import io.gitops4j.rego.HostBuiltin;
import io.gitops4j.rego.PolicyTest;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import io.gitops4j.rego.RegoResult;
import io.gitops4j.rego.TestResult;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static Value json(String text) {
        return Value.of(JsonReader.parse(text).orThrow());
    }

    private static CompiledRego compiled(String module, RegoOptions options) {
        return Rego.compile(List.of(new RegoModule("test.rego", module)), options)
                .orThrow();
    }

    @Test
    void completeRule_twoValues_isAConflict() {
        assertThat(rule("p := 1 if true\np := 2 if true", "p"))
                .endsWith("eval_conflict_error: rule data.test.p produced conflicting values");
        assertThat(rule("p := 1 if true\np := 1 if true", "p")).isEqualTo("1");
        assertThat(rule("default p := 3\np := 1 if false", "p")).isEqualTo("3");
    }

    @Test
    void elseBranches_areTriedInOrder() {
        String module = "p := 1 if input.x == 1 else := 2 if input.x == 2 else := 3";
        assertThat(rule(module, "p", json("{\"x\": 2}"))).isEqualTo("2");
        assertThat(rule(module, "p")).isEqualTo("3");
    }

    @Test
    void partialRules_collectEverySolution() {
        assertThat(rule("p contains x if some x in [3, 1, 3]", "p")).isEqualTo("{1, 3}");
        assertThat(rule("p[k] := v if some k, v in {\"a\": 1}", "p")).isEqualTo("{\"a\": 1}");
        assertThat(rule("p[x].q contains y if { some x in [\"a\"]; some y in [1, 2] }", "p"))
                .isEqualTo("{\"a\": {\"q\": {1, 2}}}");
        assertThat(rule("p[x] := 1 if some x in [\"a\", \"b\"]\np.c := 2", "p"))
                .isEqualTo("{\"a\": 1, \"b\": 1, \"c\": 2}");
    }

    @Test
    void partialRule_askedForOneKey_evaluatesThatKeyOnly() {
        String module = """
                p[k] := v if { k := "bad"; some v in [1, 2] }
                p["good"] := 1
                q := p.good
                r contains x if some x in [1, 2, 3]
                s := [x | some x in [2, 9]; r[x]]
                """;
        assertThat(rule(module, "q")).isEqualTo("1");
        assertThat(rule(module, "p")).contains("eval_conflict_error: object keys must be unique");
        assertThat(rule(module, "s")).isEqualTo("[2]");
    }

    @Test
    void functions_destructureArgumentsAndKeepResults() {
        String module = """
                f([x, {"k": y}]) := x + y
                f("s") := 0
                g(x) := h(x) * 2 if x > 1
                g(x) := 0 if x <= 1
                h(x) := x + 1
                p := [f([1, {"k": 2}]), f("s"), g(3), g(0), g(3)]
                default d(_) := "none"
                d(1) := "one"
                q := [d(1), d(2)]
                """;
        assertThat(rule(module, "p")).isEqualTo("[3, 0, 8, 0, 8]");
        assertThat(rule(module, "q")).isEqualTo("[\"one\", \"none\"]");
    }

    @Test
    void unification_bindsBothWays() {
        assertThat(rule("p := [x, y] if [x, [y, 3]] = [1, [2, 3]]", "p")).isEqualTo("[1, 2]");
        assertThat(rule("p := x if {\"a\": x, \"b\": 2} = {\"a\": 1, \"b\": 2}", "p"))
                .isEqualTo("1");
        assertThat(rule("p if {\"a\": _} = input.x", "p", json("{\"x\": {\"a\": 1, \"b\": 2}}")))
                .isEqualTo("undefined");
        assertThat(rule("p := x if { [x, y] = [y, 1] }", "p")).isEqualTo("1");
    }

    @Test
    void quantifiers_andNegation() {
        assertThat(rule("p if every x in [1, 2] { x > 0 }", "p")).isEqualTo("true");
        assertThat(rule("p if every k, v in {\"a\": 1} { k == \"a\"; v == 2 }", "p"))
                .isEqualTo("undefined");
        assertThat(rule("p if every x in 1 { x }", "p")).isEqualTo("undefined");
        assertThat(rule("p if not input.x", "p")).isEqualTo("true");
        assertThat(rule("p if not 1 == to_number(\"x\")", "p")).isEqualTo("undefined");
    }

    @Test
    void with_replacesInputDataAndFunctions() {
        String module = """
                in_x := input.x
                p := [a, b, c, d] if {
                    a := in_x with input.x as 1
                    b := data.base.k with data.base as {"k": 2}
                    c := count([1]) with count as 7
                    d := f(1) with f as g
                }
                f(x) := x
                g(x) := x + 40
                q := z if z := in_x with input as "scalar" with input.x as 3
                r := z if z := data.test.in_x with data.test.in_x as 5
                """;
        assertThat(rule(module, "p")).isEqualTo("[1, 2, 7, 41]");
        assertThat(rule(module, "q")).isEqualTo("3");
        assertThat(rule(module, "r")).isEqualTo("5");
    }

    @Test
    void with_insideALoop_restoresWhatFollows() {
        assertThat(rule("v := input\np := [[x, y, input] | some x in [1, 2]; y := v with input as x]", "p", json("0")))
                .isEqualTo("[[1, 1, 0], [2, 2, 0]]");
    }

    @Test
    void packages_areDocuments() {
        String module = "a := 1\nf(x) := x\nb := 2 if false\nq := {k | data.test.s[k]}\ns.x := 1\ns.y := 2";
        assertThat(rule(module, "q")).isEqualTo("{\"x\", \"y\"}");
        assertThat(rule("s.x := 1\ns.y := 2", "s")).isEqualTo("{\"x\": 1, \"y\": 2}");
    }

    @Test
    void index_findsTheRulesThatCanHold() {
        StringBuilder module = new StringBuilder("f(0) := 0\n");
        for (int i = 1; i < 50; i++) {
            module.append("p contains ")
                    .append(i)
                    .append(" if input.kind == \"k")
                    .append(i)
                    .append("\"\n");
            module.append("q contains ")
                    .append(i)
                    .append(" if startswith(input.kind, \"k")
                    .append(i)
                    .append("\")\n");
            module.append("f(").append(i).append(") := ").append(i * 2).append('\n');
        }
        module.append("p contains \"any\"\nr := f(7)\nq contains \"in\" if input.kind in {\"k12\", \"x\"}\n");
        Value input = json("{\"kind\": \"k12\"}");
        assertThat(rule(module.toString(), "p", input)).isEqualTo("{12, \"any\"}");
        assertThat(rule(module.toString(), "q", input)).isEqualTo("{1, 12, \"in\"}");
        assertThat(rule(module.toString(), "r", input)).isEqualTo("14");
    }

    @Test
    void builtinErrors_areReportedWhereStrict() {
        CompiledRego rego =
                compiled("package test\np contains x if some x in [1, 1 / 0]\np contains 2", RegoOptions.v1());
        RegoResult lenient =
                rego.query("x = data.test.p").orThrow().evaluate(json("{}").toJson());
        assertThat(lenient.error()).isNull();
        assertThat(lenient.rows().get(0).get("x")).hasToString("{2}");
        RegoResult strict = rego.query("x = data.test.p")
                .orThrow()
                .evaluate(null, ObjectValue.empty(), EvalSettings.defaults().strict(true));
        assertThat(strict.error()).isNotNull();
        assertThat(strict.error().text()).isEqualTo("test.rego:2: eval_builtin_error: div: divide by zero");
        assertThat(strict.rows()).hasSize(1);
    }

    @Test
    void limits_endAnEvaluation() {
        CompiledRego rego = compiled(
                "package test\np := count([1 | some x in numbers.range(1, 2000); some y in numbers.range(1, 2000)])",
                RegoOptions.v1());
        EvalSettings few = EvalSettings.defaults()
                .limits(Limits.builder().evaluationSteps(10_000).build());
        assertThat(rego.query("data.test.p")
                        .orThrow()
                        .evaluate(null, ObjectValue.empty(), few)
                        .error()
                        .code())
                .isEqualTo("eval_limit_error");
        EvalSettings cancelled = EvalSettings.defaults().cancelled(() -> true);
        assertThat(rego.query("data.test.p")
                        .orThrow()
                        .evaluate(null, ObjectValue.empty(), cancelled)
                        .error()
                        .code())
                .isEqualTo("eval_cancel_error");
    }

    @Test
    void print_goesToTheReceiver() {
        List<String> lines = new ArrayList<>();
        CompiledRego rego = compiled(
                "package test\np if { print(\"x\", input.no, {1}) }",
                RegoOptions.v1().print(true));
        RegoResult result = rego.query("data.test.p")
                .orThrow()
                .evaluate(null, ObjectValue.empty(), EvalSettings.defaults().print(lines::add));
        assertThat(result.holds()).isTrue();
        assertThat(lines).containsExactly("test.rego:2: x <undefined> {1}");
    }

    @Test
    void hostBuiltins_areCalledAndMayFail() {
        HostBuiltin twice = new HostBuiltin("host.twice", "(number) number", 1, (context, args) -> {
            if (args[0] instanceof NumberValue number && number.longValue() > 100) {
                throw BuiltinException.of("too large");
            }
            return NumberValue.of(((NumberValue) args[0]).longValue() * 2);
        });
        CompiledRego rego = compiled(
                "package test\np := host.twice(input.n)", RegoOptions.v1().builtins(List.of(twice)));
        assertThat(rego.query("data.test.p")
                        .orThrow()
                        .value(json("{\"n\": 4}"), ObjectValue.empty(), EvalSettings.defaults()))
                .isEqualTo(NumberValue.of(8));
        assertThat(rego.query("data.test.p")
                        .orThrow()
                        .value(json("{\"n\": 400}"), ObjectValue.empty(), EvalSettings.defaults()))
                .isNull();
    }

    @Test
    void hostBuiltins_ofJavaTypes_areCheckedBothTimes() {
        RegoOptions options = RegoOptions.v1()
                .builtins(List.of(
                        HostBuiltin.of("host.len", String.class, Integer.class, String::length),
                        HostBuiltin.of(
                                "host.join", List.class, String.class, String.class, (list, by) -> list.size() + by)));
        assertThat(compiled("package test\np := [host.len(\"abc\"), host.join([1, 2], \"-\")]", options)
                        .query("data.test.p")
                        .orThrow()
                        .value(null, ObjectValue.empty(), EvalSettings.defaults()))
                .hasToString("[3, \"2-\"]");
        assertThat(Rego.compile(List.of(new RegoModule("test.rego", "package test\np := host.len(1)")), options)
                        .problems()
                        .get(0)
                        .code())
                .isEqualTo("rego_type_error");
        RegoResult wrong = compiled("package test\np := host.len(input)", options)
                .query("data.test.p")
                .orThrow()
                .evaluate(
                        NumberValue.ONE,
                        ObjectValue.empty(),
                        EvalSettings.defaults().strict(true));
        assertThat(wrong.error()).isNotNull();
        assertThat(wrong.error().text())
                .isEqualTo("test.rego:2: eval_type_error: host.len: operand 1 must be string but got number");
    }

    @Test
    void testRules_areRun() {
        CompiledRego rego =
                compiled("package t_test\ntest_a if 1 == 1\ntest_b if 1 == 2\nhelper := 1", RegoOptions.v1());
        assertThat(PolicyTest.run(rego, ObjectValue.empty(), EvalSettings.defaults()))
                .containsExactly(
                        new TestResult("data.t_test", "test_a", true, false, ""),
                        new TestResult("data.t_test", "test_b", false, false, ""));
    }

    @Test
    void query_givesARowForEachSolution() {
        CompiledRego rego = compiled("package test\nxs := [1, 2]", RegoOptions.v1());
        RegoResult result = rego.query("data.test.xs[i] = x; x > 1")
                .orThrow()
                .evaluate(null, ObjectValue.empty(), EvalSettings.defaults());
        assertThat(result.rows()).hasSize(1);
        assertThat(result.rows().get(0)).containsEntry("i", NumberValue.ONE).containsEntry("x", NumberValue.of(2));
        assertThat(rego.query("data.test.xs[").ok()).isFalse();
    }

    @Test
    void listener_seesRulesAndExpressions() {
        List<String> events = new ArrayList<>();
        CompiledRego rego =
                compiled("package test\np if { input.x == 1 }", RegoOptions.v1().watched(true));
        rego.query("data.test.p")
                .orThrow()
                .evaluate(
                        json("{\"x\": 2}"),
                        ObjectValue.empty(),
                        EvalSettings.defaults()
                                .listener((event, text, location, depth) -> events.add(event + " " + location.row())));
        assertThat(events).contains("ENTER 2", "EVAL 2", "FAIL 2");
    }
}
