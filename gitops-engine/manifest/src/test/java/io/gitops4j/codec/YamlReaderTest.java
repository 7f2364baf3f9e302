package io.gitops4j.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes | true | 'yes'",
                "off | false | 'off'",
                "y | true | 'y'",
                "True | true | true",
                "~ | null | null",
                "0777 | 511 | 511",
                "0o17 | 15 | 15",
                "0x1F | 31 | 31",
                "0b101 | 5 | 5",
                "08 | 8 | 8",
                "1_000 | 1000 | 1000",
                "+1 | 1 | 1",
                "1.10 | 1.1 | 1.1",
                "1.0 | 1 | 1",
                "1e21 | 1e+21 | 1e+21",
                "1e-7 | 1e-7 | 1e-7",
                "18446744073709551615 | 18446744073709552000 | 18446744073709551615",
                "1e400 | '1e400' | '1e400'",
                "1:30 | '1:30' | '1:30'",
                "2001-1-2 | '2001-1-2' | '2001-01-02T00:00:00Z'",
                "2001-12-14t21:59:43.10-05:00 | '2001-12-14t21:59:43.10-05:00' | '2001-12-14T21:59:43.1-05:00'",
                "2001-02-30 | '2001-02-30' | '2001-02-30'",
                "1Gi | '1Gi' | '1Gi'",
            })
    void reads_plainScalar_asEachToolDoes(String text, String kubectl, String kustomize) {
        assertThat(read(YamlReader.kubectl(), "v: " + text)).isEqualTo("{\"v\":" + quoted(text, kubectl) + "}");
        assertThat(read(YamlReader.kustomize(), "v: " + text)).isEqualTo("{\"v\":" + quoted(text, kustomize) + "}");
    }

    /** The CSV reader takes the apostrophes away: a value is a string exactly when JSON cannot read it otherwise. */
    private static String quoted(String written, String value) {
        boolean plain = JsonReader.parse(value).ok() && !value.equals("1e400");
        return plain ? value : "\"" + value + "\"";
    }

    @Test
    void merges_explicitKeyBeforeMerge_onlyKustomizeKeepsIt() {
        String text = """
                a: &x {p: 1, q: 2}
                b:
                  q: 3
                  <<: *x
                """;
        assertThat(read(YamlReader.kubectl(), text)).contains("\"b\":{\"q\":2,\"p\":1}");
        assertThat(read(YamlReader.kustomize(), text)).contains("\"b\":{\"q\":3,\"p\":1}");
    }

    @Test
    void duplicateKey_kubectlWarnsAndKustomizeRefuses() {
        Outcome<Json> kubectl = YamlReader.kubectl().read("f.yaml", "a: 1\nb:\n  c: 1\n  c: 2\n");
        assertThat(kubectl.orThrow().toJson()).isEqualTo("{\"a\":1,\"b\":{\"c\":2}}");
        assertThat(kubectl.problems())
                .singleElement()
                .hasToString("f.yaml:4:3: mapping key \"c\" is already defined [DUPLICATE_KEY]");
        assertThat(code(YamlReader.kustomize(), "a: 1\na: 2\n")).isEqualTo("DUPLICATE_KEY");
    }

    @Test
    void keys_thatAreNoStrings_areTextForKubectlAndRefusedByKustomize() {
        assertThat(read(YamlReader.kubectl(), "v: {0777: a, yes: b, 1e21: c}"))
                .isEqualTo("{\"v\":{\"511\":\"a\",\"true\":\"b\",\"1e+21\":\"c\"}}");
        assertThat(code(YamlReader.kustomize(), "v: {1: a}")).isEqualTo("KEY_TYPE");
        assertThat(code(YamlReader.kubectl(), "v: {[a]: b}")).isEqualTo("KEY_TYPE");
        assertThat(code(YamlReader.kubectl(), "v: {~: b}")).isEqualTo("KEY_TYPE");
    }

    @Test
    void splits_documents_byLinesOfDashes() {
        assertThat(YamlReader.kubectl()
                        .readAll("f", "---\na: 1\n--- # next\n\n---\nnull\n---\nb: 2")
                        .orThrow())
                .extracting(Json::toJson)
                .containsExactly("{\"a\":1}", "{\"b\":2}");
        assertThat(code(YamlReader.kubectl(), "a: 1\n--- b\n")).isEqualTo("YAML_SYNTAX");
        assertThat(code(YamlReader.kubectl(), "%YAML 1.1\n---\na: 1\n")).isEqualTo("YAML_SYNTAX");
    }

    @Test
    void readsJsonStream_thenYaml() {
        assertThat(YamlReader.kubectl()
                        .readAll("f", "{\"a\": 1.0}\n{\"b\": \"\\/\"}\n---\nc: yes\n")
                        .orThrow())
                .extracting(Json::toJson)
                .containsExactly("{\"a\":1}", "{\"b\":\"/\"}", "{\"c\":true}");
    }

    @Test
    void readsJson_halfASurrogatePair_isTheReplacementCharacter() {
        assertThat(JsonReader.parse("\"\\ud83d\\ude00 \\ud83d!\"").orThrow().textOrNull())
                .isEqualTo("\uD83D\uDE00 \uFFFD!");
    }

    @Test
    void readsByteOrderMark_andCarriageReturns() {
        assertThat(read(YamlReader.kubectl(), "\uFEFFa: |\r\n  x\r\n  y\r\nb: 1\r\n"))
                .isEqualTo("{\"a\":\"x\\ny\\n\",\"b\":1}");
    }

    @Test
    void tabs_standWhereLibyamlSkipsThem() {
        assertThat(read(YamlReader.kubectl(), "a:\tb\nc: [1,\n\t2]\nd: e\n  \t\nf: 'x'\t# y\n"))
                .isEqualTo("{\"a\":\"b\",\"c\":[1,2],\"d\":\"e\",\"f\":\"x\"}");
        assertThat(code(YamlReader.kubectl(), "a:\n\tb: 1\n")).isEqualTo("YAML_SYNTAX");
        assertThat(code(YamlReader.kubectl(), "-\ta\n")).isEqualTo("YAML_SYNTAX");
        assertThat(code(YamlReader.kubectl(), "a: |\n  \tb\n")).isEqualTo("YAML_SYNTAX");
    }

    @Test
    void escapes_followGo() {
        assertThat(read(YamlReader.kubectl(), "a: \"it\\'s \\U0001F600\"")).isEqualTo("{\"a\":\"it's \uD83D\uDE00\"}");
        assertThat(code(YamlReader.kubectl(), "a: \"\\ud83d\\ude00\"")).isEqualTo("YAML_SYNTAX");
        assertThat(code(YamlReader.kubectl(), "a: b\u0001c")).isEqualTo("YAML_SYNTAX");
    }

    @Test
    void tags_convertOrAreRefused() {
        assertThat(read(
                        YamlReader.kubectl(),
                        "a: !!str 5\nb: !!int \"0x10\"\nc: !!float 3\nd: !!binary aGk=\ne: !x y\n"))
                .isEqualTo("{\"a\":\"5\",\"b\":16,\"c\":3,\"d\":\"hi\",\"e\":\"y\"}");
        assertThat(code(YamlReader.kubectl(), "a: !!int x")).isEqualTo("TAG");
        assertThat(code(YamlReader.kubectl(), "a: !!binary '*'")).isEqualTo("TAG");
        assertThat(code(YamlReader.kubectl(), "a: .inf")).isEqualTo("NUMBER");
    }

    @Test
    void syntaxProblem_hasPlaceSnippetAndCaret() {
        Problem problem = YamlReader.kubectl()
                .readAll("app.yaml", "a: 1\n---\nb: 1\nc: [x\n")
                .problems()
                .get(0);
        assertThat(problem.where().place()).isEqualTo("app.yaml:4:4");
        assertThat(problem.display()).contains("  c: [x\n     ^\n");
        Problem unknown = YamlReader.kubectl()
                .readAll("app.yaml", "a: 1\n---\nb: *nope\n")
                .problems()
                .get(0);
        assertThat(unknown.display()).isEqualTo("""
                app.yaml:3:4: error: unknown anchor 'nope' referenced [UNKNOWN_ALIAS]
                  b: *nope
                     ^
                """);
    }

    @Test
    void oneBadDocument_leavesTheOthersReadable() {
        assertThat(YamlReader.kubectl().readEach("f", "a: 1\n---\n[\n---\nb: 2\n"))
                .extracting(Outcome::ok)
                .containsExactly(true, false, true);
    }

    @Test
    void readManifests_flattensListsAndSetsOrigins() {
        List<Manifest> manifests =
                YamlReader.kubectl().readManifests("l.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                ---
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Secret, metadata: {name: b, annotations: {x: null}}}
                """).orThrow();
        assertThat(manifests)
                .extracting(Manifest::toString)
                .containsExactly("ConfigMap//a <- l.yaml", "Secret//b <- l.yaml#1");
        assertThat(manifests.get(1).annotation("x")).isEmpty();
    }

    @Test
    void readManifests_withoutKindOrWithNumberLabel_saysWhere() {
        Outcome<List<Manifest>> read = YamlReader.kubectl().readManifests("m.yaml", """
                metadata: {name: a}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a, labels: {x: 1}}
                ---
                apiVersion: v1
                kind: ConfigMap
                """);
        assertThat(read.problems())
                .extracting(problem -> problem.where().line() + " " + problem.code())
                .containsExactly("1 MANIFEST_NO_KIND", "3 FIELD_TYPE", "7 MANIFEST_NO_NAME");
    }

    @Test
    void folded_textWithIndentedLine_gainsALineInKustomize() {
        String text = "v: >-\n  a\n  b\n    more\n  c\n";
        assertThat(read(YamlReader.kubectl(), text)).isEqualTo("{\"v\":\"a b\\n  more\\nc\"}");
        assertThat(read(YamlReader.kustomize(), text)).isEqualTo("{\"v\":\"a b\\n\\n  more\\nc\"}");
    }

    @Test
    void bombs_areRefusedInTheirOwnSize() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(8) + alias + "]\n");
        }
        assertThat(code(YamlReader.kubectl(), bomb.toString())).isEqualTo("ALIAS_LIMIT");
        assertThat(code(YamlReader.kustomize(), bomb.toString())).isEqualTo("ALIAS_LIMIT");
        assertThat(code(YamlReader.kubectl(), "a: &x [*x]")).isEqualTo("RECURSIVE_ALIAS");
        assertThat(code(YamlReader.kubectl(), "a: " + "[".repeat(100_000))).isEqualTo("DEPTH_LIMIT");
        String big = "a: &x " + "x".repeat(100_000) + "\nb: [" + "*x, ".repeat(20_000) + "]\n";
        assertThat(code(YamlReader.kustomize(), big)).isEqualTo("EXPANSION_LIMIT");
        assertThat(read(YamlReader.kubectl(), "a: " + "1".repeat(1_000_000))).hasSize(1_000_008);
    }

    @Test
    void limits_holdForFilesDocumentsAndValues() {
        Limits limits = Limits.builder().documents(2).nodes(5).fileBytes(100).build();
        YamlReader reader = YamlReader.kubectl().withLimits(limits);
        assertThat(code(reader, "a: 1\n---\nb: 1\n---\nc: 1\n")).isEqualTo("DOC_COUNT");
        assertThat(code(reader, "[a, b, c, d, e]")).isEqualTo("NODE_LIMIT");
        assertThat(code(reader, "a".repeat(101))).isEqualTo("FILE_SIZE");
    }

    @Test
    void decode_bytesThatAreNotUtf8_saysWhere() {
        byte[] bytes = "a: 1\nb: X\n".getBytes(StandardCharsets.UTF_8);
        bytes[8] = (byte) 0xFF;
        assertThat(SourceText.decode("f.yaml", Bytes.of(bytes)).problems())
                .singleElement()
                .hasToString("f.yaml:2:4: not UTF-8 text [BAD_ENCODING]");
        assertThat(SourceText.decode("f", Bytes.utf8("a: \u00e9")).orThrow()).isEqualTo("a: \u00e9");
    }

    @Test
    void locate_field_pointsAtItsKey() {
        String text = "# c\na: 1\n---\nspec:\n  list:\n  - x: 1\n    y: 2\n";
        assertThat(Locator.locate("f", text, 1, JsonPointer.parse("/spec/list/0/y"))
                        .place())
                .isEqualTo("f:7:5");
        assertThat(Locator.locate("f", text, 1, JsonPointer.parse("/spec/none")).place())
                .isEqualTo("f:4:1");
        assertThat(Locator.locate("f", text, 0, JsonPointer.parse("/a")).caret())
                .isEqualTo("  a: 1\n  ^\n");
        assertThat(Locator.locate("f", text, 7, JsonPointer.root()).place()).isEqualTo("f");
    }

    private static String read(YamlReader reader, String text) {
        return reader.read("f.yaml", text).orThrow().toJson();
    }

    private static String code(YamlReader reader, String text) {
        return reader.readAll("f.yaml", text).errors().get(0).code();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [b", "a: {b: c\n", "a: 'open\n\n", "? a: [\n", "- - [\n\n# end\n"})
    void textThatEndsTooEarly_isRefusedWhereTheUnfinishedThingStands(String text) {
        for (YamlReader reader : List.of(YamlReader.kubectl(), YamlReader.kustomize(), YamlReader.git())) {
            assertThat(reader.readAll("a.yaml", "x: y\n---\n" + text).errors())
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.where().line()).isGreaterThanOrEqualTo(3);
                        assertThat(problem.where().snippet()).isNotBlank();
                        assertThat(problem.display()).contains("^\n");
                    });
        }
    }
}
