package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals in the reference's words, each with a place that opens: file, line, column, the line itself and a caret. */
class MessagesTest {
    private static final String OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resources: [a.yaml",
                "resources:\n- a.yaml\n  - b.yaml: c\n x: y",
                "images: {a: b",
                "namePrefix: \"open",
                "namePrefix: 'open\n\n",
                "a: b: c",
                "\tresources: []",
                "resources: []\n\tx: y",
                "resources: *",
                "resources: [a]]",
                "? a: [\n",
                "a: \"\\q\"",
                "a: b\n\u0001: c",
                "a: *unknown"
            })
    void everySyntaxError_hasItsPlaceWithSnippetAndCaret(String text) {
        Problem kustomization = Trees.refusal("", "kustomization.yaml", text);
        Problem resource =
                Trees.refusal("base", "base/kustomization.yaml", "resources: [r.yaml]\n", "base/r.yaml", text);
        Problem later = Trees.refusal(
                "base", "base/kustomization.yaml", "resources: [r.yaml]\n", "base/r.yaml", OBJECT + "---\n" + text);

        for (Problem problem : new Problem[] {kustomization, resource, later}) {
            assertThat(problem.where().line()).as(problem.text()).isPositive();
            assertThat(problem.where().column()).as(problem.text()).isPositive();
            assertThat(problem.where().snippet()).as(problem.text()).isNotBlank();
            assertThat(problem.display()).as(problem.text()).contains("^\n");
        }
        assertThat(resource.where().file()).isEqualTo("base/r.yaml");
        assertThat(later.where().line()).isEqualTo(resource.where().line() + 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: 5 | cannot unmarshal number into Go struct field Kustomization.TypeMeta.kind of type string",
                "configMapGenerator: [{literals: 5}] | cannot unmarshal number into Go struct field"
                        + " ConfigMapArgs.configMapGenerator.GeneratorArgs.KvPairSources.literals of type []string",
                "patches: [{target: {kind: [a]}}] | cannot unmarshal array into Go struct field"
                        + " Selector.patches.target.ResId.Gvk.kind of type string",
                "vars: [{objref: {kind: true}}] | cannot unmarshal bool into Go struct field"
                        + " Target.vars.objref.Gvk.kind of type string",
                "zz: 1;kind: 5 | Kustomization.TypeMeta.kind",
                "namePrefix: .nan | unsupported value: NaN"
            })
    void fieldsOfOtherTypes_areNamedWithTheStructsThatEmbedThem(String text, String message) {
        Problem problem = Trees.refusal("", "kustomization.yaml", text.replace(";", "\n"));

        assertThat(problem.text()).startsWith("invalid Kustomization: json: ").contains(message);
        assertThat(problem.where().column()).isPositive();
    }

    @Test
    void ofEqualKeysInAKustomization_theLastOneCounts() {
        assertThat(Trees.build(
                        "",
                        "kustomization.yaml",
                        "resources: [r.yaml]\nnamePrefix: 5\nnamePrefix: p-\n",
                        "r.yaml",
                        OBJECT))
                .contains("name: p-a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespace: [{path: a, kind: 5}] | json: cannot unmarshal number into Go struct field"
                        + " FieldSpec.namespace.Gvk.kind of type string",
                "nameReference: [{kind: 5}] | json: cannot unmarshal number into Go struct field"
                        + " NameBackReferences.nameReference.Gvk.kind of type string",
                "images: [{path: a, create: 'yes'}] | json: cannot unmarshal string into Go struct field"
                        + " FieldSpec.images.create of type bool",
                "image: [] | json: unknown field \"image\"",
                "images: [{path: a, path: b}] | error converting YAML to JSON: yaml: unmarshal errors:",
                "images: [ | error converting YAML to JSON: yaml: line 1: did not find expected node content"
            })
    void configurations_areReadStrictly(String text, String message) {
        Problem problem = Trees.refusal(
                "o",
                "o/kustomization.yaml",
                "configurations: [c.yaml]\nresources: [r.yaml]\n",
                "o/c.yaml",
                text,
                "o/r.yaml",
                OBJECT);

        assertThat(problem.text()).contains(message);
        assertThat(problem.where().file()).isEqualTo("o/c.yaml");
    }

    @Test
    void separatorWithText_isNoMalformedYaml() {
        Problem problem =
                Trees.refusal("", "kustomization.yaml", "resources: [r.yaml]\n", "r.yaml", OBJECT + "--- x\n" + OBJECT);

        assertThat(problem.text())
                .isEqualTo(
                        "accumulating resources: accumulation err='accumulating resources from 'r.yaml': "
                                + "invalid document separator: --- x': must build at directory: '/r.yaml': file is not directory");
        assertThat(problem.where().place()).isEqualTo("r.yaml:5:4");
    }

    @Test
    void patchThatIsNoYaml_isNamedAsItIsWritten() {
        Problem problem = Trees.refusal(
                "o",
                "o/kustomization.yaml",
                "resources: [r.yaml]\npatchesStrategicMerge: [./p.yaml]\n",
                "o/r.yaml",
                OBJECT,
                "o/p.yaml",
                "a: b: c\n");

        assertThat(problem.text()).endsWith("mapping values are not allowed in this context in File: ./p.yaml");
        assertThat(problem.where().place()).isEqualTo("o/p.yaml:1:5");
    }

    @Test
    void slippedEntry_isCalledAmbiguous() {
        Problem problem = Trees.refusal(
                "a/b", "a/b/kustomization.yaml", "resources:\n- x.yaml\n  - ../../base\n", "a/b/x.yaml", OBJECT);

        assertThat(problem.code()).isEqualTo("AMBIGUOUS_PATH");
        assertThat(problem.text())
                .endsWith(
                        "path \"x.yaml - ../../base\" is ambiguous: resolves to \"base\" after normalization, which is "
                                + "likely not the intended target; check for YAML indentation errors in your kustomization file");
        assertThat(problem.where().place()).isEqualTo("a/b/kustomization.yaml:2:3");
    }

    @Test
    void nameThatNoFileSystemTakes_isCalledTooLong() {
        assertThat(Trees.refusal("", "kustomization.yaml", "resources: [" + "x".repeat(256) + "]\n")
                        .text())
                .contains(": file name too long': must build");
    }
}
