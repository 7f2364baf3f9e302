package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatchesTest {

    private static String patched(String patches) {
        return Trees.build("", "web.yaml", Trees.WEB, "kustomization.yaml", "resources: [web.yaml]\n" + patches);
    }

    @Test
    void strategicMerge_addsElementsOfThePatchFirst() {
        String yaml = patched("""
                patches:
                - patch: |
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web}
                    spec:
                      template:
                        spec:
                          containers:
                          - name: sidecar
                            image: proxy
                          - name: main
                            envFrom: null
                """);

        assertThat(yaml).endsWith("""
                      containers:
                      - image: proxy
                        name: sidecar
                      - image: nginx:1.25
                        name: main
                """);
    }

    @Test
    void strategicMerge_deleteDirectiveRemovesTheElementOrTheObject() {
        assertThat(patched("""
                patches:
                - patch: |
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web}
                    spec:
                      template:
                        spec:
                          containers:
                          - name: main
                            $patch: delete
                """)).contains("containers: []");
        assertThat(patched("""
                patchesStrategicMerge:
                - |-
                  apiVersion: apps/v1
                  kind: Deployment
                  metadata: {name: web}
                  $patch: delete
                """)).isEmpty();
    }

    @Test
    void strategicMerge_twoKeyLists_matchOnlyWhenBothKeysAgree() {
        String yaml = Trees.build("", "svc.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: s}
                spec:
                  ports:
                  - {port: 53, protocol: UDP}
                  - {port: 80}
                """, "kustomization.yaml", """
                resources: [svc.yaml]
                patches:
                - patch: |
                    apiVersion: v1
                    kind: Service
                    metadata: {name: s}
                    spec:
                      ports:
                      - {port: 53, protocol: UDP, name: dns}
                      - {port: 443, name: https}
                """);

        assertThat(yaml).endsWith("""
                  ports:
                  - name: https
                    port: 443
                  - name: dns
                    port: 53
                    protocol: UDP
                  - port: 80
                """);
    }

    @Test
    void strategicMerge_unknownTypes_replaceLists() {
        String yaml = Trees.build(
                "",
                "cr.yaml",
                "{apiVersion: example.com/v1, kind: W, metadata: {name: w}, spec: {list: [{name: a}], keep: 1}}",
                "kustomization.yaml",
                """
                resources: [cr.yaml]
                patches:
                - target: {kind: W}
                  patch: |
                    {apiVersion: x, kind: W, metadata: {name: any}, spec: {list: [{name: b}]}}
                """);

        assertThat(yaml).contains("  keep: 1\n  list:\n  - name: b\n");
    }

    @Test
    void jsonPatch_addsRemovesReplacesAndEscapes() {
        String yaml = patched("""
                patches:
                - target: {kind: Deploy.*, name: web}
                  patch: |-
                    - {op: test, path: /spec/replicas, value: 1}
                    - {op: replace, path: /spec/replicas, value: 5}
                    - {op: add, path: /metadata/annotations/a~1b, value: "yes"}
                    - {op: add, path: /spec/template/spec/containers/-, value: {name: z}}
                    - {op: move, from: /spec/template/spec/containers/0/image, path: /spec/template/spec/containers/1/image}
                    - {op: copy, from: /spec/replicas, path: /spec/copied}
                    - {op: remove, path: /spec/template/spec/containers/0/envFrom}
                """);

        assertThat(yaml)
                .contains("a/b: \"yes\"")
                .contains("replicas: 5")
                .contains("copied: 5")
                .contains("- name: main\n      - image: nginx:1.25\n        name: z\n");
    }

    @Test
    void selector_byLabelsAndAnnotations_patchesWhatMatches() {
        String yaml = Trees.build("", "r.yaml", """
                {apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {tier: web}}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: b, labels: {tier: db}, annotations: {x: y}}}
                """, "kustomization.yaml", """
                resources: [r.yaml]
                patches:
                - target: {labelSelector: "tier in (web, api)"}
                  patch: '[{"op": "add", "path": "/metadata/labels/hit", "value": "label"}]'
                - target: {annotationSelector: x=y}
                  patch: '[{"op": "add", "path": "/metadata/labels/hit", "value": "annotation"}]'
                """);

        assertThat(yaml).contains("hit: label\n    tier: web").contains("hit: annotation\n    tier: db");
    }

    @Test
    void options_letNameAndKindChange() {
        String yaml = patched("""
                patches:
                - target: {kind: Deployment}
                  options: {allowNameChange: true, allowKindChange: true}
                  patch: |
                    apiVersion: apps/v1
                    kind: StatefulSet
                    metadata: {name: renamed}
                """);

        assertThat(yaml).contains("kind: StatefulSet").contains("name: renamed");
    }

    @Test
    void patchesJson6902_needsAPlaceThatExists() {
        assertThat(Trees.refusal("", "web.yaml", Trees.WEB, "kustomization.yaml", """
                                resources: [web.yaml]
                                patchesJson6902:
                                - target: {kind: Deployment, name: web}
                                  patch: '[{"op": "add", "path": "/metadata/annotations/x", "value": "y"}]'
                                """)
                        .text())
                .isEqualTo(
                        "add operation does not apply: doc is missing path: \"/metadata/annotations/x\": missing value");
    }
}
