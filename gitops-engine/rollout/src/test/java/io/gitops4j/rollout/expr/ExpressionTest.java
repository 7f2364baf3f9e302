package io.gitops4j.rollout.expr;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    private static Object value(String text, Object result) {
        Expression.Result given =
                Expression.compile(text).orThrow().evaluate(result, Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(given.error()).as(text).isNull();
        return given.value();
    }

    private static String error(String text, Object result) {
        var compiled = Expression.compile(text);
        return compiled.ok()
                ? String.valueOf(compiled.orThrow().evaluate(result).error())
                : compiled.problems().get(0).text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 + 2 * 3 == 7",
                "2 ** 3 ** 2 == 512",
                "7 % 4 == 3 and not (1 > 2)",
                "1 / 2 == 0.5",
                "'a' + \"b\" == `ab`",
                "'abc' contains 'b' && 'abc' startsWith 'a' && 'abc' endsWith 'c'",
                "'v1.2' matches '^v[0-9]'",
                "3 in [1, 2, 3] and 4 not in [1, 2, 3]",
                "'k' in {k: 1}",
                "1..3 == [1, 2, 3]",
                "[1, 2, 3, 4][1:3] == [2, 3]",
                "[1, 2, 3][-1] == 3",
                "nil ?? 5 == 5",
                "(true ? 1 : 2) == 1",
                "all([1, 2], # > 0)",
                "any([1, 2], {# == 2})",
                "none([1, 2], # > 2) && one([1, 2], # > 1)",
                "filter(1..5, # % 2 == 1) == [1, 3, 5]",
                "map([1, 2], # * 2) == [2, 4]",
                "map(['a', 'b'], #index) == [0, 1]",
                "reduce(1..4, #acc + #) == 10",
                "reduce(1..4, #acc + #, 10) == 20",
                "count([1, 2, 3], # > 1) == 2",
                "sum([1, 2, 3.5]) == 6.5",
                "mean([1, 2, 3]) == 2 && median([1, 9, 2]) == 2",
                "min(3, 1, 2) == 1 && max([3, 1, 2]) == 3",
                "first([7, 8]) == 7 && last([7, 8]) == 8",
                "len('héé') == 3",
                "[3, 1, 2] | sort() == [1, 2, 3]",
                "[1, 2, 3] | filter(# > 1) | len() == 2",
                "let x = 2; x * x == 4",
                "find([{n: 1}, {n: 2}], .n == 2).n == 2",
                "now() - duration('1h') < now()",
                "date('2026-01-01') == now()",
                "split('a,b', ',') == ['a', 'b'] && join(['a', 'b'], '-') == 'a-b'",
                "upper('a') == 'A' && trim('  a ') == 'a' && replace('aa', 'a', 'b') == 'bb'",
                "fromJSON('{\"a\": [1]}').a[0] == 1",
                "keys({a: 1, b: 2}) == ['a', 'b']",
                "uniq([1, 1, 2]) == [1, 2] && flatten([1, [2, [3]]]) == [1, 2, 3]",
                "groupBy([1, 2, 3], # % 2)['1'] == [1, 3]",
                "sortBy([{n: 2}, {n: 1}], .n)[0].n == 1",
                "abs(-3) == 3 && ceil(1.2) == 2 && floor(1.8) == 1 && round(1.5) == 2",
                "int('3') == 3 && float('1.5') == 1.5 && string(1.50) == '1.5'",
                "{a: nil}?.a?.b == nil",
                "-2 ** 2 == 4 || true",
                "1_000 == 1000 && 0x10 == 16 && 1e3 == 1000"
            })
    void language_isTrue(String text) {
        assertThat(value(text, 1.0)).as(text).isEqualTo(true);
    }

    @Test
    void injectedFunctions_convertAndTest() {
        assertThat(value("asInt(result)", 1.9)).isEqualTo(1L);
        assertThat(value("asFloat(result)", "1.5")).isEqualTo(1.5);
        assertThat(value("isNaN(result[0])", List.of(Double.NaN))).isEqualTo(true);
        assertThat(value("default(result, 3)", null)).isEqualTo(3L);
        assertThat(value("result.a.b", Map.of("a", Map.of("b", 2L)))).isEqualTo(2L);
        assertThat(value("now() + duration('1m')", null)).isEqualTo(Instant.parse("2026-01-01T00:01:00Z"));
        assertThat(value("duration('90s')", null)).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void nan_failsEveryOrder() {
        assertThat(value("result >= 0.9 || result < 0.9", Double.NaN)).isEqualTo(false);
    }

    @Test
    void badExpressions_areErrorsWithAReason() {
        assertThat(error("nope", 1.0)).isEqualTo("unknown name nope");
        assertThat(error("1 +", 1.0)).isEqualTo("unexpected token EOF");
        assertThat(error("'a", 1.0)).contains("not terminated");
        assertThat(error("result[0]", 1.0)).contains("undefined");
        assertThat(error("result[3]", List.of(1.0))).contains("out of range");
        assertThat(error("result == 'a'", 1.0)).contains("mismatched types float64 and string");
        assertThat(error("result < 'a'", 1.0)).contains("mismatched types");
        assertThat(error("asInt('1.1')", 1.0)).contains("invalid syntax");
        assertThat(error("#", 1.0)).contains("closure");
        assertThat(error("len()", 1.0)).contains("not enough arguments");
        assertThat(error("(".repeat(500), 1.0)).contains("deep");
        assertThat(error("reduce(1..999999, #acc + len(map(1..999, #)), 0)", 1.0))
                .contains("too many steps");
        assertThat(error("9223372036854775807..0 == [] && 1 % 0 == 1", 1.0)).contains("divide by zero");
    }

    @Test
    void condition_mustBeBoolean() {
        assertThat(Expression.compile("1").orThrow().condition(1.0, null).error())
                .isEqualTo("expected bool, but got int");
    }

    @Test
    void problem_pointsAtThePlace() {
        var problem = Expression.compile("result >= oops").problems().get(0);
        assertThat(problem.where().column()).isEqualTo(11);
        assertThat(problem.display()).contains("^");
    }
}
