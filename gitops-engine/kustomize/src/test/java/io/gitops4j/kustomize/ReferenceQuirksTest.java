package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the reference does that nobody would guess; found by building random overlays with both. */
class ReferenceQuirksTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d}
            spec: {template: {spec: {containers: [{name: c, image: x}]}}}
            """;

    @Test
    void labelsMadeByABase_areOneValueInAllPlaces() {
        String built = Trees.build(
                "top",
                "base/kustomization.yaml",
                "resources: [d.yaml]\ncommonLabels: {app: a, tier: t}\n",
                "base/d.yaml",
                DEPLOYMENT,
                "top/kustomization.yaml",
                """
                resources: [../base]
                labels: [{pairs: {app: b}}]
                patches:
                - patch: |
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: d, labels: {tier: patched}}
                """);
        assertThat(built)
                .contains("matchLabels:\n      app: b\n      tier: patched")
                .contains("labels:\n        app: b\n        tier: patched");
    }

    @Test
    void labelsThatWereThere_areEachTheirOwn() {
        String built = Trees.build(
                "top",
                "base/kustomization.yaml",
                "resources: [d.yaml]\ncommonLabels: {app: a}\n",
                "base/d.yaml",
                DEPLOYMENT
                        .replace("{name: d}", "{name: d, labels: {app: q}}")
                        .replace("spec: {t", "spec: {selector: {matchLabels: {app: q}}, t"),
                "top/kustomization.yaml",
                "resources: [../base]\nlabels: [{pairs: {app: b}}]\n");
        assertThat(built).contains("matchLabels:\n      app: a");
    }

    @Test
    void strategicMerge_keepsTheStyleOfTheOldScalar() {
        String built = Trees.build(
                "",
                "kustomization.yaml",
                """
                resources: [c.yaml]
                patches:
                - patch: |
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: c}
                    data: {quoted: 7, plain: 7, new: 7}
                """,
                "c.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {quoted: 'x', plain: x}\n");
        assertThat(built).contains("quoted: \"7\"").contains("plain: 7\n").contains("new: 7\n");
    }

    @Test
    void strategicMerge_ofAnotherField_mergesElementsOfOneNameInUntouchedLists() {
        String built = Trees.build(
                "",
                "kustomization.yaml",
                """
                resources: [d.yaml]
                patches:
                - patch: |
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: d}
                    spec: {replicas: 2}
                """,
                "d.yaml",
                DEPLOYMENT.replace("image: x", "image: x, env: [{name: A, value: first}, {name: A, value: last}]"));
        assertThat(built).contains("value: last").doesNotContain("value: first");
    }

    @Test
    void nullsOfLabels_areTextsInPatchesStrategicMerge() {
        String files = """
                resources: [d.yaml]
                %s:
                - %s |
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: d, labels: {app: null}}
                """;
        String labelled = DEPLOYMENT.replace("{name: d}", "{name: d, labels: {app: x}}");
        assertThat(Trees.build(
                        "", "kustomization.yaml", files.formatted("patchesStrategicMerge", ""), "d.yaml", labelled))
                .contains("app: \"null\"");
        assertThat(Trees.build("", "kustomization.yaml", files.formatted("patches", "patch:"), "d.yaml", labelled))
                .doesNotContain("app:");
    }

    @Test
    void lastLineOfADocument_keepsItsBreakBeforeASeparator() {
        String config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata:\n  k: |\n    x\n";
        assertThat(Trees.build(
                        "",
                        "kustomization.yaml",
                        "resources: [c.yaml]\n",
                        "c.yaml",
                        config.formatted("a") + "---\n" + config.formatted("b")))
                .isEqualTo("""
                        apiVersion: v1
                        data:
                          k: |
                            x
                        kind: ConfigMap
                        metadata:
                          name: a
                        ---
                        apiVersion: v1
                        data:
                          k: |
                            x
                        kind: ConfigMap
                        metadata:
                          name: b
                        """);
    }

    @Test
    void jsonPatch_mayNotTakeNameOrKind() {
        for (String path : new String[] {"/kind", "/metadata/name", "/metadata"}) {
            assertThat(Trees.refusal(
                                    "",
                                    "kustomization.yaml",
                                    "resources: [d.yaml]\npatches:\n- target: {kind: Deployment}\n"
                                            + "  patch: '[{\"op\": \"remove\", \"path\": \"" + path + "\"}]'\n",
                                    "d.yaml",
                                    DEPLOYMENT)
                            .text())
                    .startsWith("missing ");
        }
    }

    @Test
    void jsonPatch_copyOfAMissingMember_isNull() {
        assertThat(Trees.build(
                        "",
                        "kustomization.yaml",
                        "resources: [d.yaml]\npatches:\n- target: {kind: Deployment}\n"
                                + "  patch: '[{\"op\": \"copy\", \"from\": \"/spec/none\", \"path\": \"/spec/copy\"}]'\n",
                        "d.yaml",
                        DEPLOYMENT))
                .contains("copy: null");
    }

    @Test
    void textInATypedField_isRefused() {
        assertThat(Trees.refusal(
                                "",
                                "kustomization.yaml",
                                """
                                resources: [d.yaml]
                                replacements:
                                - sourceValue: abc
                                  targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]
                                """,
                                "d.yaml",
                                DEPLOYMENT.replace("spec: {t", "spec: {replicas: 1, t"))
                        .text())
                .contains("cannot decode !!str `abc` as a !!int");
    }

    @Test
    void mergedGenerator_writesOldValuesAsTexts() {
        String built = Trees.build(
                "",
                "kustomization.yaml",
                "resources: [c.yaml]\nconfigMapGenerator: [{name: c, behavior: merge, literals: [a=b]}]\n",
                "c.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {}}\ndata: {k: .5}\n");
        assertThat(built).contains("k: \".5\"").doesNotContain("labels");
    }

    @Test
    void annotationNamedLikeANumber_isRefusedWithTheObjectAsTheReferenceShowsIt() {
        String refusal = Trees.refusal("", "kustomization.yaml", "resources: [c.yaml]\n", "c.yaml", """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: c, annotations: {"15": x}}
                        data: {a: "b\\n", l: [1, true, ~]}
                        """)
                .text();
        assertThat(refusal)
                .isEqualTo(
                        "map[string]interface {}{\"apiVersion\":\"v1\", \"data\":map[string]interface {}{\"a\":\"b\\n\","
                                + " \"l\":[]interface {}{1, true, interface {}(nil)}}, \"kind\":\"ConfigMap\","
                                + " \"metadata\":map[string]interface {}{\"annotations\":map[interface {}]interface {}{15:\"x\"},"
                                + " \"name\":\"c\"}}: json: unsupported type: map[interface {}]interface {}");
    }

    @Test
    void movesCopiesAndTestsOfMissingPlaces_areRefusedInTheReferencesWords() {
        assertThat(patched("{op: move, from: /data/x, path: /data/y}"))
                .isEqualTo("error in move for path: 'x': Unable to remove nonexistent key: x: missing value");
        assertThat(patched("{op: copy, from: /data/a, path: /no/y}"))
                .isEqualTo("copy operation does not apply: doc is missing destination path: /no/y: missing value");
        assertThat(patched("{op: test, path: /no/y, value: 1}"))
                .isEqualTo("test operation does not apply: is missing path: /no/y: missing value");
    }

    private static String patched(String operation) {
        return Trees.refusal(
                        "",
                        "kustomization.yaml",
                        "resources: [c.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - " + operation
                                + "\n",
                        "c.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n")
                .text();
    }

    @Test
    void elementsWithoutTheirKey_eatTheirNeighbours() {
        String mounts = "[{name: a, mountPath: /a}, {name: t}, {name: b, mountPath: /b}]";
        String plain = patched(DEPLOYMENT.replace("image: x", "volumeMounts: " + mounts), "tty: true");
        String keyless = patched(
                DEPLOYMENT.replace("image: x", "volumeMounts: [{name: a, mountPath: /a}]"),
                "volumeMounts: [{name: t}]");
        String fresh = patched(DEPLOYMENT, "volumeMounts: [{name: b, mountPath: /b, $patch: replace}, {name: t}]");
        String blank = patched(
                DEPLOYMENT.replace("image: x", "volumeMounts: [{name: a, mountPath: /a}]"),
                "volumeMounts: [{name: e, mountPath: ''}]");

        assertThat(plain).contains("        volumeMounts:\n        - name: t\n").doesNotContain("mountPath");
        assertThat(keyless).contains("volumeMounts: []");
        assertThat(fresh).contains("        volumeMounts:\n        - name: t\n").doesNotContain("mountPath");
        assertThat(blank).contains("- mountPath: \"\"\n          name: e\n        - mountPath: /a");
    }

    @Test
    void replacingElement_isItselfReplacedByTheOldOne() {
        assertThat(patched(DEPLOYMENT, "$patch: replace, image: y")).contains("image: x");
    }

    private static String patched(String object, String container) {
        return Trees.build(
                "",
                "kustomization.yaml",
                "resources: [d.yaml]\npatches: [{path: p.yaml}]\n",
                "d.yaml",
                object,
                "p.yaml",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: [{name: c, "
                        + container + "}]}}}}");
    }

    @Test
    void nextLineCharacters_areFoldedAsLineBreaks() {
        String built = Trees.build("", "kustomization.yaml", "resources: [c.yaml]\n", "c.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data: {a: "x \\N y", b: "\\Nx", c: "x\\N\\Ny", d: "x\\N\\ny"}
                """);
        assertThat(built)
                .contains("a: x y\n", "b: ' x'\n", "c: |-\n    x\n    \"y\"".replace("\"y\"", "y"), "d: \"x \\ny\"");
    }

    @Test
    void zero_hasNoSign() {
        String built = Trees.build(
                "",
                "kustomization.yaml",
                "resources: [c.yaml]\n",
                "c.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: -0, b: -0.0, c: -0e5, d: '-0'}\n");
        assertThat(built).contains("a: 0\n", "b: 0\n", "c: 0\n", "d: \"-0\"\n");
    }

    @Test
    void annotationsThatAreNoMapping_vanish() {
        String object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {a: b}}\n";
        String patch = "patches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"replace\", \"path\":"
                + " \"/metadata/annotations\", \"value\": \"x\"}]'}]\n";

        assertThat(Trees.build("", "kustomization.yaml", "resources: [c.yaml]\n" + patch, "c.yaml", object))
                .doesNotContain("annotations");
        assertThat(Trees.build(
                        "",
                        "kustomization.yaml",
                        "resources: [c.yaml]\nnamePrefix: p-\ncommonAnnotations: {k: v}\n",
                        "c.yaml",
                        object.replace("{a: b}", "text")))
                .contains("annotations:\n    k: v\n");
    }

    @Test
    void apiVersionAfterAPatchWithTarget_isTypedAnew() {
        String patch = "patches: [{target: {kind: X}, patch: '{kind: X, metadata: {name: any, labels: {a: b}}}'}]\n";

        assertThat(Trees.build(
                        "",
                        "kustomization.yaml",
                        "resources: [x.yaml]\n" + patch,
                        "x.yaml",
                        "kind: X\nmetadata: {name: a}\n---\napiVersion: 0b11\nkind: X\nmetadata: {name: b}\n"))
                .contains("apiVersion: null\nkind: X", "apiVersion: 3\nkind: X");
    }

    @Test
    void directiveInTheMiddle_isRefusedWhereSomethingFollows() {
        assertThat(Trees.refusal(
                                "",
                                "kustomization.yaml",
                                "resources: [x.yaml]\n",
                                "x.yaml",
                                "kind: X\nmetadata:\n  name: a\n%YAML 1.1\n  x: y\n")
                        .text())
                .contains("yaml: line 5: mapping values are not allowed in this context");
    }

    @Test
    void textThatIsYamlItself_keepsItsCommentsWhenAValueInItIsReplaced() {
        String built = Trees.build("", "kustomization.yaml", """
                resources: [c.yaml]
                replacements:
                - sourceValue: "2"
                  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.doc.a.b]}]
                """, "c.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data:
                  doc: |
                    # top

                    # head
                    a: # after a
                      b: 1   # behind b

                      # foot of a

                    # section
                    list: # after list
                      - one
                      # before two
                      - two
                      - # item
                        k: v

                    # foot

                    folded: >-
                      one
                      two
                    z: "\\U0001F600" # end of z

                    # end
                """);
        assertThat(built).contains("""
                  doc: |-
                    # top

                    # head
                    a: # after a
                      b: 2 # behind b
                      # foot of a
                    # section
                    list: # after list
                    - one
                    # before two
                    - two
                    - # item
                      k: v
                    # foot

                    folded: >-
                      one two
                    z: "\\U0001F600" # end of z

                    # end
                """);
    }

    @Test
    void annotationsBeforeAJsonPatch_areTextsAlready() {
        String patch =
                "patches: [{target: {kind: ConfigMap}, patch: '[{\"op\": \"add\", \"path\": \"/data\", \"value\": {}}]'}]\n";

        assertThat(
                        Trees.build(
                                "",
                                "kustomization.yaml",
                                "resources: [c.yaml]\n" + patch,
                                "c.yaml",
                                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: {a: 1.50, b: 2024-05-06}}\n"))
                .contains("a: \"1.50\"\n", "b: \"2024-05-06\"\n");
    }
}
