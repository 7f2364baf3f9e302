package io.gitops4j.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Where;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocatorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code: |\n  one two\n    three ! four\n\n  five !! six\n",
                "code: |-\n  one two\n    three ! four\n\n  five !! six",
                "code: |2+ # header\n  one two\n    three ! four\n\n  five !! six\n\n",
                "code: >\n  one two\n\n  three ! four\n\n  five\n  !! six\n",
                "code: one\n  two\n  three !\n  four\n\n  five !! six\n",
                "code: 'one two\n\n  three ! four\n\n  five !! six'\n",
                "code: \"one two\\n  three ! four\\n\\n\\\n  five !! six\"\n",
                "{\"code\": \"one \\u0074wo\\nthree ! four\\n\\nfive !! six\\n\"}\n",
            })
    void placeWithinAScalar_isFoundHoweverItIsWritten(String text) {
        String value = value(text);
        assertThat(value.replaceAll("\\s+", " ").strip()).isEqualTo("one two three ! four five !! six");
        for (String word : List.of("one", "two", "three", "! four", "four", "five", "!! six", "six")) {
            Where where = inside(text, value, value.indexOf(word));
            String line = text.split("\n", -1)[where.line() - 1];
            String head = word.equals("two") ? "wo" : word.substring(0, 1);
            assertThat(line.substring(where.column() - 1))
                    .as("%s in %s", word, text)
                    .satisfiesAnyOf(
                            rest -> assertThat(rest).startsWith(word),
                            rest -> assertThat(rest).startsWith("\\u0074" + head),
                            // folded: the words of one line of the value may stand on two
                            rest -> assertThat(word).startsWith(rest.strip()));
            assertThat(where.snippet()).isEqualTo(line);
        }
    }

    @Test
    void columnAfterTheEndOfALine_isRightAfterIt() {
        String text = "a: 1\ncode: |\n    x := (\n    y\n";
        Where where = Locator.within("p.yaml", text, 0, JsonPointer.of("code"), 1, 7);
        assertThat(where.place()).isEqualTo("p.yaml:3:11");
        assertThat(where.caret()).isEqualTo("      x := (\n            ^\n");
    }

    @Test
    void indentationOfTheValue_isKept() {
        String text = "---\nb: 1\n---\ncode: |2\n      deep\n    y\n";
        assertThat(Locator.within("p.yaml", text, 1, JsonPointer.of("code"), 1, 2)
                        .place())
                .isEqualTo("p.yaml:5:4");
        assertThat(Locator.within("p.yaml", text, 1, JsonPointer.of("code"), 2, 3)
                        .place())
                .isEqualTo("p.yaml:6:5");
    }

    @Test
    void placeThatIsNotThere_isThatOfTheField() {
        String text = "base: &b 'x'\ncode: *b\nother: [1]\n";
        assertThat(Locator.within("p.yaml", text, 0, JsonPointer.of("code"), 1, 1)
                        .place())
                .isEqualTo("p.yaml:2:1");
        assertThat(Locator.within("p.yaml", text, 0, JsonPointer.of("other"), 1, 1)
                        .place())
                .isEqualTo("p.yaml:3:1");
        assertThat(Locator.within("p.yaml", text, 0, JsonPointer.of("base"), 9, 1)
                        .place())
                .isEqualTo("p.yaml:1:1");
        assertThat(Locator.within("p.yaml", text, 0, JsonPointer.of("none"), 1, 1)
                        .place())
                .isEqualTo("p.yaml:1:1");
    }

    @Test
    void itemOfAList_carriesItsOwnLineAndPath() {
        String yaml = """
                # two
                apiVersion: v1
                kind: List
                metadata: {items: [1]}
                items:
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}

                - apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: b}
                """;
        String json = """
                {"kind": "ConfigMapList", "note": "items [{", "items": [
                  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "items": [1,
                     2]}},
                  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b\\"]"}}
                ], "apiVersion": "v1"}
                """;
        assertThat(places(yaml)).containsExactly("l.yaml:6 /items/0", "l.yaml:8 /items/1");
        assertThat(places(json)).containsExactly("l.yaml:2 /items/0", "l.yaml:4 /items/1");
        assertThat(places("---\n" + json.replace("\"b\\\"]\"", "\"b\"") + "---\n" + yaml))
                .containsExactly("l.yaml:3 /items/0", "l.yaml:5 /items/1", "l.yaml:13 /items/0", "l.yaml:15 /items/1");
        assertThat(places("kind: List\nx: &x\n- {kind: A, metadata: {name: a}}\nitems: *x\n"))
                .containsExactly("l.yaml:1 /items/0");
    }

    @Test
    void badItemOfAList_isNamedByItsLine() {
        assertThat(YamlReader.git()
                        .readManifests(
                                "l.yaml",
                                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n- {a: 1}\n")
                        .errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().line()).isEqualTo(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: [x: y: z]|put a comma between its items",
                "a: [x, y:}|the bracket that it began with",
                "a: {x: y z: w}|put a comma between its members",
                "a: b: c|quote a value that holds a colon",
                "a: @b|put the value in quotes",
                "a:#  b:#\tc: d|indent with spaces",
                "a: 1#  b: 2|quote a value that holds a colon",
                "a:#  - b#  c: d|indent the members",
                "a: \"b|end the text with the quote",
                "a: \"\\q\"|for a backslash",
                "a: *|begins with an asterisk",
                "a: - b|on a line of its own",
            })
    void syntaxThatIsRefused_comesWithAHint(String text, String hint) {
        String yaml = text.replace('#', '\n').replace("\\t", "\t") + "\n";
        assertThat(YamlReader.kubectl().read("a.yaml", yaml).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.display())
                        .contains("a.yaml:")
                        .contains("hint: ")
                        .contains(hint));
    }

    private static List<String> places(String text) {
        List<Manifest> read = YamlReader.kubectl().readPlaced("l.yaml", text).orThrow();
        return read.stream()
                .map(Manifest::origin)
                .map(origin -> origin.where().place() + " " + origin.within())
                .toList();
    }

    private static String value(String text) {
        JsonObject object = (JsonObject) YamlReader.kubectl().read("", text).orThrow();
        return object.text("code", "");
    }

    private static Where inside(String text, String value, int index) {
        int line =
                (int) value.substring(0, index).chars().filter(c -> c == '\n').count() + 1;
        int column = index - (value.lastIndexOf('\n', index - 1) + 1) + 1;
        return Locator.within("p.yaml", text, 0, JsonPointer.of("code"), line, column);
    }
}
