package io.gitops4j.rego;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.eval.EvalException;
import io.gitops4j.rego.eval.EvalSettings;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private static final EvalSettings BOUNDED = EvalSettings.defaults()
            .strict(true)
            .limits(Limits.builder().evaluationSteps(1_000_000).build());

    private static RegoResult evaluated(String module, @Nullable Value input) {
        CompiledRego rego = Rego.compile(
                        List.of(new RegoModule("test.rego", "package test\n\n" + module)), RegoOptions.v1())
                .orThrow();
        RegoQuery query = rego.query("x = data.test.p").orThrow();
        return Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(5), () -> query.evaluate(input, ObjectValue.empty(), BOUNDED));
    }

    private static String error(String module) {
        return error(module, null);
    }

    private static String error(String module, @Nullable Value input) {
        RegoError error = evaluated(module, input).error();
        return error == null ? "none" : error.text();
    }

    @Test
    void regexBombs_runInLinearTime() {
        Value input = new StringValue("a".repeat(50_000) + "!");
        assertThat(evaluated("p if regex.match(`^(a+)+$`, input)", input).rows())
                .isEmpty();
        assertThat(evaluated("p if regex.match(`^((a*)*)*b$`, input)", input).rows())
                .isEmpty();
        assertThat(evaluated("p := regex.split(`(a|aa)+`, input)", input).error())
                .isNull();
        assertThat(error("p if regex.match(`((((a{1,100}){1,100}){1,100}){1,100}){1,100}`, \"a\")"))
                .startsWith("test.rego:3: eval_builtin_error: regex.match: ");
        assertThat(error("p if regex.match(\"" + "(".repeat(50_000) + "\", \"a\")"))
                .startsWith("test.rego:3: eval_builtin_error: regex.match: ");
        assertThat(error("p if regex.match(`(?=a)b`, \"a\")")).contains("invalid or unsupported Perl syntax");
        assertThat(evaluated("p if glob.match(\"" + "{a,".repeat(2_000) + "\", [], \"a\")", null)
                        .rows())
                .isEmpty();
        assertThat(evaluated("p if glob.match(\"" + "*a".repeat(2_000) + "\", [], input)", input)
                        .rows())
                .isEmpty();
    }

    @Test
    void recursionThroughWith_isRefusedByTheCheckerOrEndsAtTheLimit() {
        Outcome<CompiledRego> direct = Rego.compile(
                List.of(new RegoModule("test.rego", "package test\np := x if x := p with input.n as input.n + 1")),
                RegoOptions.v1());
        assertThat(direct.problems()).extracting(Problem::code).containsExactly("rego_recursion_error");
        Outcome<CompiledRego> mocked = Rego.compile(List.of(new RegoModule("test.rego", """
                package test
                f(x) := y if y := count(x) with count as data.test.f
                p := f([1])
                """)), RegoOptions.v1());
        assertThat(mocked.ok() ? evaluated("""
                f(x) := y if y := count(x) with count as data.test.f
                p := f([1])
                """, null).error() : null)
                .satisfies(error -> assertThat(error == null || error.code().equals(EvalException.LIMIT))
                        .isTrue());
        assertThat(error("""
                f(x) := y if y := g(x)
                g(x) := count([x])
                p := x if x := f([1]) with count as data.test.h
                h(x) := lower(x)
                """))
                .startsWith("test.rego:6: eval_type_error: lower: operand 1 must be string but got array");
    }

    @Test
    void longRuns_endAtTheStepLimit_andSaySo() {
        assertThat(error("p := count([1 | a := numbers.range(1, 3000)[_]; b := numbers.range(1, 3000)[_]; a == b])"))
                .contains("eval_limit_error: evaluation stopped after 1000000 steps");
        assertThat(error("p := numbers.range(1, 1000000000000)")).contains("eval_");
        assertThat(error("p := count(net.cidr_expand(\"::/8\"))")).contains("eval_");
        assertThat(error("p := bits.lsh(1, 1000000000000)")).contains("eval_");
        assertThat(error("p := format_int(bits.lsh(1, 4000000), 10)")).contains("eval_");
        assertThat(error("p := sprintf(\"%99999999999d\", [1])")).doesNotContain("Exception");
        assertThat(error(
                        "xs := numbers.range(1, 2000)\np := count(graph.reachable_paths({x: xs | some x in xs}, {1}))"))
                .contains("eval_limit_error");
    }

    @Test
    void deepValues_areRefusedOrHandled() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(error("p := json.unmarshal(input)", new StringValue(deep))).contains("eval_builtin_error");
        assertThat(error("p := yaml.unmarshal(input)", new StringValue(deep))).contains("eval_builtin_error");
        assertThat(error("p := graphql.parse_query(input)", new StringValue("{a".repeat(100_000))))
                .contains("eval_");
        assertThat(error("p := json.match_schema({}, input)", new StringValue("{\"not\":".repeat(50_000))))
                .contains("eval_");
        assertThat(error("p := rego.parse_module(\"x\", input)", new StringValue("package a\np := " + deep)))
                .contains("eval_");
        assertThat(error("p := time.parse_ns(input, input)", new StringValue("2006".repeat(100_000))))
                .contains("eval_");
    }

    @Test
    void cancelling_endsTheEvaluation() {
        CompiledRego rego = Rego.compile(
                        List.of(
                                new RegoModule(
                                        "test.rego",
                                        "package test\np := count([1 | a := numbers.range(1, 3000)[_]; b := numbers.range(1, 3000)[_]; a == b])")),
                        RegoOptions.v1())
                .orThrow();
        int[] asked = {0};
        RegoResult result = rego.query("data.test.p")
                .orThrow()
                .evaluate(null, ObjectValue.empty(), EvalSettings.defaults().cancelled(() -> ++asked[0] > 3));
        assertThat(result.error()).isNotNull();
        assertThat(result.error().code()).isEqualTo("eval_cancel_error");
        assertThat(result.error().text()).contains("caller cancelled query execution");
    }

    @Test
    void evaluationErrors_nameRuleFileAndLine() {
        assertThat(error("p := 1\n\np := 2"))
                .matches(
                        "(?s)test\\.rego:\\d: eval_conflict_error: rule data\\.test\\.p produced conflicting values.*");
        assertThat(error(
                        "p := x if {\n\tx := 1 / input.z\n}",
                        Value.of(io.gitops4j.codec.JsonReader.parse("{\"z\":0}").orThrow())))
                .isEqualTo("test.rego:4: eval_builtin_error: div: divide by zero");
    }

    @Test
    void errors_carryTheRule() {
        RegoError error = evaluated("q := x if {\n\tx := to_number(\"a\")\n}\n\np if q", null)
                .error();
        assertThat(error).isNotNull();
        assertThat(error.rule()).isEqualTo("data.test.q");
        RegoError limit = evaluated(
                        "p := count([1 | a := numbers.range(1, 3000)[_]; b := numbers.range(1, 3000)[_]; a == b])",
                        null)
                .error();
        assertThat(limit).isNotNull();
        assertThat(limit.rule()).isEqualTo("data.test.p");
        assertThat(limit.text()).startsWith("test.rego:3: eval_limit_error: ");
    }

    @Test
    void severalMistakes_areAllReported_eachWithPlaceCaretAndHint() {
        String text = """
                package test

                a if { x := }

                b := 1 if { y = [1, }

                c contains if { 1 }

                d := {"k": 1
                """;
        Outcome<CompiledRego> parsed = Rego.compile(List.of(new RegoModule("test.rego", text)), RegoOptions.v1());
        assertShown(parsed.problems(), 3);
        Outcome<CompiledRego> checked = Rego.compile(List.of(new RegoModule("test.rego", """
                package test

                a if x == 1

                b if nope(1)

                c := count()

                d if { e := 1; e := 2 }
                """)), RegoOptions.v1());
        assertShown(checked.problems(), 1);
        Outcome<CompiledRego> several = Rego.compile(List.of(new RegoModule("test.rego", """
                package test
                a if x == 1
                b if y == 1
                c if z == 1
                """)), RegoOptions.v1());
        assertShown(several.problems(), 3);
    }

    private static void assertShown(List<Problem> problems, int least) {
        assertThat(problems).hasSizeGreaterThanOrEqualTo(least);
        List<Integer> lines = new ArrayList<>();
        for (Problem problem : problems) {
            lines.add(problem.where().line());
            assertThat(problem.where().file()).isEqualTo("test.rego");
            assertThat(problem.where().line()).isPositive();
            assertThat(problem.display()).contains("^").contains("hint: ");
        }
        assertThat(lines).isSorted();
    }
}
