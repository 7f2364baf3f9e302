package io.gitops4j.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {

    @Test
    void write_object_sortsKeysNaturallyAndKeepsSequencesAtTheirKey() {
        Json value = JsonReader.parse("""
                {"b10": [1, {"x": [[], ["a"]], "a": {}}], "b2": null, "A": true, "a-b": 1.50, "a/b": "t"}
                """).orThrow();
        assertThat(YamlWriter.write(value)).isEqualTo("""
                A: true
                a-b: 1.5
                a/b: t
                b2: null
                b10:
                - 1
                - a: {}
                  x:
                  - []
                  - - a
                """);
    }

    @Test
    void write_strings_quotesWhatWouldReadDifferently() {
        JsonArray.Builder strings = JsonArray.builder();
        for (String text : List.of(
                "",
                "yes",
                "n",
                "null",
                "~",
                "0777",
                "1.0",
                "1:30",
                "2001-01-01",
                "a: b",
                "a #b",
                "- a",
                "-a",
                "#a",
                " a",
                "a ",
                "it's",
                "'q'",
                "a\tb",
                "\uD83D\uDE00",
                "\u00e9",
                "a:",
                "---x",
                "{a",
                "<<",
                "=")) {
            strings.add(text);
        }
        assertThat(YamlWriter.write(strings.build())).isEqualTo("""
                - ""
                - "yes"
                - "n"
                - "null"
                - "~"
                - "0777"
                - "1.0"
                - "1:30"
                - "2001-01-01"
                - 'a: b'
                - 'a #b'
                - '- a'
                - -a
                - '#a'
                - ' a'
                - 'a '
                - it's
                - '''q'''
                - "a\\tb"
                - "\\U0001F600"
                - \u00e9
                - 'a:'
                - '---x'
                - '{a'
                - <<
                - =
                """);
    }

    @Test
    void write_textOfLines_isLiteral() {
        JsonObject value = JsonObject.builder()
                .put("a", "x\ny\n")
                .put("b", "x\n\ny")
                .put("c", "x\n\n")
                .put("d", "  x\ny\n")
                .put("e", "x \ny")
                .build();
        assertThat(YamlWriter.write(value)).isEqualTo("""
                a: |
                  x
                  y
                b: |-
                  x

                  y
                c: |+
                  x

                d: |2
                    x
                  y
                e: "x \\ny"
                """);
    }

    @Test
    void write_longText_foldsBehindColumn80() {
        String words = "word ".repeat(20).strip();
        assertThat(YamlWriter.write(JsonObject.of("k", Json.of(words)))).isEqualTo("""
                k: word word word word word word word word word word word word word word word word
                  word word word word
                """);
        assertThat(YamlWriter.write(JsonObject.of("k", Json.of("# " + words)))).isEqualTo("""
                k: '# word word word word word word word word word word word word word word word word
                  word word word word'
                """);
    }

    @Test
    void write_numbers_asInt64OrFloat() {
        assertThat(YamlWriter.write(
                        JsonReader.parse("[1.0,1e21,0.0000001,123456789012345678901,18446744073709551615,-0.5]")
                                .orThrow()))
                .isEqualTo("- 1\n- 1e+21\n- 1e-07\n- 1.2345678901234568e+20\n- 18446744073709551615\n- -0.5\n");
    }

    @Test
    void writeAll_putsDashesBetween() {
        assertThat(YamlWriter.writeAll(List.of(JsonObject.of("a", Json.of(1)), JsonObject.empty())))
                .isEqualTo("a: 1\n---\n{}\n");
        assertThat(YamlWriter.writeAll(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void writeThenRead_anyStrings_givesThemBack(long seed) {
        Random random = new Random(seed);
        String alphabet = "ab 1:-#'\"\\\n\t,[]{}&*!|>%@`?.~yn\u00e9\u2028\uFEFF0x_";
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(14); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String value = text.toString().replace("\u2028", random.nextBoolean() ? "" : "\u00e9");
            JsonObject tree = JsonObject.builder()
                    .put("k", value)
                    .put(
                            "l",
                            JsonArray.of(Json.of(value), JsonObject.of("m" + value.replace("\n", ""), Json.of(value))))
                    .build();
            String printed = YamlWriter.write(tree);
            assertThat(YamlReader.kubectl().read("seed " + seed, printed).orThrow())
                    .as("seed %d, %s", seed, printed)
                    .isEqualTo(tree);
        }
    }
}
