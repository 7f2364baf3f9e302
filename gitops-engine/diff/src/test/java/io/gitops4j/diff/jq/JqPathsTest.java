package io.gitops4j.diff.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JqPathsTest {
    private static final String INPUT = """
            {"a": {"b": [1, 2, 3]}, "items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "t": "text"}""";

    private static Json json(String text) {
        return JsonReader.parse(text).orThrow();
    }

    private static Json deleted(String expression) {
        return new JqPaths().compile(expression).orThrow().delete(json(INPUT)).orThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    .a.b[1] => {"a": {"b": [1, 3]}, "items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "t": "text"}
                    .a.b[:2] => {"a": {"b": [3]}, "items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "t": "text"}
                    .a, .t => {"items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}]}
                    .items[] | select(.name == "y") => {"a": {"b": [1, 2, 3]}, "items": [{"name": "x", "v": 1}], "t": "text"}
                    .items[].v => {"a": {"b": [1, 2, 3]}, "items": [{"name": "x"}, {"name": "y"}], "t": "text"}
                    .items[] | select(.name | test("^X$"; "i")) | .v => {"a": {"b": [1, 2, 3]}, "items": [{"name": "x"}, {"name": "y", "v": 2}], "t": "text"}
                    if .t == "text" then .a else .items end => {"items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "t": "text"}
                    first(.items[]) => {"a": {"b": [1, 2, 3]}, "items": [{"name": "y", "v": 2}], "t": "text"}
                    .. | .v? => {"a": {"b": [1, 2, 3]}, "items": [{"name": "x"}, {"name": "y"}], "t": "text"}
                    .nothing.here => {"a": {"b": [1, 2, 3]}, "items": [{"name": "x", "v": 1}, {"name": "y", "v": 2}], "t": "text"}
                    .items | map(.name) as $n | .[0] => {"a": {"b": [1, 2, 3]}, "items": [{"name": "y", "v": 2}], "t": "text"}
                    .a) | .t |= ascii_upcase | (. => {"items": 0}
                    """)
    void expression_takes_out_what_it_selects(String expression, String expected) {
        if (expected.equals("{\"items\": 0}")) {
            assertThat(new JqPaths()
                            .compile(expression)
                            .orThrow()
                            .delete(json(INPUT))
                            .orThrow()
                            .find("t"))
                    .isEqualTo(Json.of("TEXT"));
        } else {
            assertThat(deleted(expression)).isEqualTo(json(expected));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
            nofunc(.) => function not defined: nofunc/1
            $nope => variable not defined: $nope
            .a b => unexpected token "b"
            { => unexpected token ")"
            spec.replicas => function not defined: spec/0
            """)
    void expression_that_cannot_be_read_is_a_problem(String expression, String text) {
        assertThat(new JqPaths().compile(expression).problems())
                .extracting("text")
                .containsExactly(text);
    }

    @Test
    void made_values_have_no_path() {
        assertThat(new JqPaths()
                        .compile(".a | keys")
                        .orThrow()
                        .delete(json(INPUT))
                        .ok())
                .isFalse();
    }

    @Test
    void endless_program_is_stopped() {
        for (String endless :
                new String[] {"last(repeat(.))", "last(repeat(.) | (error(1))?)", "def f: try f catch f; f"}) {
            assertThat(new JqPaths()
                            .compile(endless)
                            .orThrow()
                            .delete(json(INPUT))
                            .problems())
                    .as(endless)
                    .extracting("code")
                    .containsExactly("JQ_LIMIT");
        }
    }
}
