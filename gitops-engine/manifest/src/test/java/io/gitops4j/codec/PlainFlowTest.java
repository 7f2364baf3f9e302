package io.gitops4j.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainFlowTest {
    /** A comment sends a document the long way, and means nothing. */
    private static final String LONG_WAY = "#\n";

    private static String shown(Outcome<Json> outcome) {
        Json value = outcome.orNull();
        return value == null
                ? outcome.problems().get(0).text()
                : value.toJson() + outcome.problems().size();
    }

    private static void bothWaysAgree(YamlReader reader, String document) {
        assertThat(shown(reader.read("f", "---\n" + document)))
                .as(document)
                .isEqualTo(shown(reader.read("f", "---\n" + LONG_WAY + document)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\": {}, \"b\": []}",
                "{\"a\":1,\"b\":-2,\"c\":[true,false,null,\"x\"]}",
                "{\"a\": \"it's: {fine} # [really], yes\"}",
                "{\"a\": 012, \"b\": 0}",
                "{\"a\": -0}",
                "{\"a\": 1.50, \"b\": 1e3, \"c\": 123456789012345678901}",
                "{\"a\": 999999999999999999}",
                "{\"a\": truest}",
                "{\"a\": true }",
                "{\"a\": \"b\\u00e9\\/\"}",
                "{\"a\": \"é\"}",
                "{\"a\": 1, \"a\": 2}",
                "{\"<<\": {\"a\": 1}}",
                "{\"a\" : 1}",
                "{\"a\":1,}",
                "{\"a\":[1,]}",
                "{\"a\": [,]}",
                "{a: 1}",
                "{\"a\": 1} # end",
                "{\"a\": 1} x",
                "{\"a\": [\n  1,\n  2\n]}",
                "{\"a\": \"two\n  lines\"}",
                "{\"a\": }",
                "{\"a\": 1",
                "{\"a\": -}",
                "{\"yes\": \"no\", \"y\": \"n\"}",
                "{\"a\": 2020-01-01, \"b\": yes}",
            })
    void read_ofFlow_isWhatTheLongWaySays(String document) {
        bothWaysAgree(YamlReader.kubectl(), document);
        bothWaysAgree(YamlReader.kustomize(), document);
    }

    @Test
    void read_ofAnyJson_isWhatTheLongWaySays() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            String document = "{\"root\": " + value(random, 0) + "}";
            bothWaysAgree(YamlReader.kubectl(), document);
            bothWaysAgree(YamlReader.kustomize(), document);
        }
    }

    private static String value(Random random, int depth) {
        int kind = random.nextInt(depth > 4 ? 5 : 9);
        return switch (kind) {
            case 0 -> String.valueOf(random.nextInt(200) - 100);
            case 1 -> String.valueOf(random.nextLong());
            case 2 -> new String[] {"true", "false", "null", "1.5", "010", "~"}[random.nextInt(6)];
            case 3, 4 -> "\"" + word(random) + "\"";
            case 5, 6 -> {
                StringBuilder items = new StringBuilder("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.append(value(random, depth + 1)).append(i == 1 ? "" : random.nextBoolean() ? ", " : ",");
                }
                yield items.append(']').toString();
            }
            default -> {
                StringBuilder members = new StringBuilder("{");
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.append('"').append(word(random)).append(i).append("\": ");
                    members.append(value(random, depth + 1)).append(i == 1 ? "" : ",\n  ");
                }
                yield members.append('}').toString();
            }
        };
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            word.append("ab1 :,#{}[]&*!|>'%@`-?~".charAt(random.nextInt(23)));
        }
        return word.toString();
    }

    @Test
    void problems_ofLaterDocuments_nameTheirLines() {
        String documents = "---\n{\"kind\": \"A\"}\n---\n\n{\"kind\": \"B\", \"apiVersion\": \"v1\"}\n";
        assertThat(YamlReader.kubectl().readManifests("f", documents).problems())
                .extracting(problem -> problem.where().line())
                .containsExactly(2, 5);
    }
}
