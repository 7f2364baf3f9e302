package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransformersTest {

    @Test
    void images_matchNamesAndKeepWhatIsNotSaid() {
        String yaml = Trees.build("", "cr.yaml", """
                apiVersion: example.com/v1
                kind: Runner
                metadata: {name: r}
                deep:
                  containers:
                  - {name: a, image: "nginx:1"}
                  - {name: b, image: "reg.example.com:5000/nginx@sha256:aa"}
                  - {name: c, image: nginxplus}
                """, "kustomization.yaml", """
                resources: [cr.yaml]
                images:
                - {name: nginx, newName: other, tagSuffix: -x}
                - {name: "reg.example.com:5000/nginx", digest: "sha256:bb"}
                """);

        assertThat(yaml)
                .contains("image: other:1-x\n")
                .contains("image: reg.example.com:5000/nginx@sha256:bb\n")
                .contains("image: nginxplus\n");
    }

    @Test
    void namespace_reachesSubjectsWebhooksAndNamespacesItself() {
        String yaml = Trees.build(
                "", "r.yaml", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: rb}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}
                subjects:
                - {kind: ServiceAccount, name: default}
                - {kind: ServiceAccount, name: sa}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: role}
                ---
                {apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: old}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: svc}}
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: hook}
                webhooks:
                - name: h
                  clientConfig: {service: {name: svc, namespace: default, path: /x}}
                """, "kustomization.yaml", "resources: [r.yaml]\nnamespace: new\nnamePrefix: p-\n");

        assertThat(yaml)
                .contains("name: default\n  namespace: new")
                .contains("name: p-sa\n  namespace: new")
                .contains("  name: p-role\nsubjects")
                .contains("kind: Namespace\nmetadata:\n  name: new\n")
                .contains("      name: p-svc\n      namespace: new\n      path: /x\n");
    }

    @Test
    void commonLabels_reachSelectorsAndTemplates() {
        String yaml = Trees.build(
                "", "web.yaml", Trees.WEB, "kustomization.yaml", "resources: [web.yaml]\ncommonLabels: {app: web}\n");

        assertThat(yaml)
                .contains("selector:\n    matchLabels:\n      app: web")
                .contains("  template:\n    metadata:\n      labels:\n        app: web");
    }

    @Test
    void generators_mergeAndReplaceByOriginalName() {
        String yaml = Trees.build("o", "b/kustomization.yaml", """
                namePrefix: b-
                configMapGenerator:
                - {name: one, literals: [a=1, b=2]}
                - {name: two, literals: [a=1]}
                """, "o/kustomization.yaml", """
                resources: [../b]
                configMapGenerator:
                - {name: one, behavior: merge, literals: [b=3]}
                - {name: two, behavior: replace, literals: ['c="4"'], options: {disableNameSuffixHash: true}}
                """);

        assertThat(yaml)
                .contains("data:\n  a: \"1\"\n  b: \"3\"\nkind: ConfigMap\nmetadata:\n  name: b-one-")
                .contains("data:\n  c: \"4\"\nkind: ConfigMap\nmetadata:\n  name: b-two\n");
    }

    @Test
    void secretGenerator_readsFilesAndEnvFiles() {
        String yaml = Trees.build(
                "",
                "a.env",
                "# comment\nUSER=admin\n\nEMPTY\n",
                "key.pem",
                "0123456789".repeat(9),
                "kustomization.yaml",
                """
                secretGenerator:
                - name: s
                  type: example/type
                  env: a.env
                  files: [key.pem, other=key.pem]
                generatorOptions:
                  labels: {made: "yes"}
                  disableNameSuffixHash: true
                  immutable: true
                """);

        assertThat(yaml)
                .contains("  USER: YWRtaW4=\n")
                .contains("  EMPTY: \"\"\n")
                .contains("  key.pem: |\n    MDEy")
                .contains("immutable: true")
                .contains("made: \"yes\"")
                .contains("type: example/type");
    }

    @Test
    void replacements_enterListsScalarsAndStructuredText() {
        String yaml = Trees.build("", "r.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: source}
                data: {host: example.com, image: "reg/app:2"}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  template:
                    spec:
                      containers:
                      - {name: main, image: "old:1"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: target}
                data:
                  config.json: '{"url": "x", "n": 1}'
                """, "kustomization.yaml", """
                resources: [r.yaml]
                replacements:
                - source: {kind: ConfigMap, name: source, fieldPath: data.image, options: {delimiter: ":", index: 1}}
                  targets:
                  - select: {kind: Deployment}
                    fieldPaths: ["spec.template.spec.containers.[name=main].image"]
                    options: {delimiter: ":", index: 1}
                - source: {kind: ConfigMap, name: source, fieldPath: data.host}
                  targets:
                  - select: {name: target}
                    fieldPaths: ['data.config\\.json.url']
                  - select: {kind: Deployment}
                    fieldPaths: [metadata.annotations.host]
                    options: {create: true}
                - sourceValue: fixed
                  targets:
                  - select: {kind: Deployment}
                    reject: [{name: other}]
                    fieldPaths: ["spec.template.spec.containers.*.command.0"]
                    options: {create: true}
                """);

        assertThat(yaml)
                .contains("image: old:2")
                .contains("config.json: '{\"n\":1,\"url\":\"example.com\"}'")
                .contains("annotations:\n    host: example.com")
                .contains("- command:\n        - fixed\n");
    }

    @Test
    void configurations_addPlacesForLayersAbove() {
        String yaml = Trees.build(
                "o",
                "b/kustomization.yaml",
                "resources: [w.yaml, c.yaml]\nconfigurations: [config.yaml]\n",
                "b/config.yaml",
                """
                nameReference:
                - kind: ConfigMap
                  version: v1
                  fieldSpecs:
                  - {kind: Widget, path: spec/ref}
                images:
                - {kind: Widget, path: spec/img}
                """,
                "b/w.yaml",
                "{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {ref: c, img: 'app:1'}}",
                "b/c.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
                "o/kustomization.yaml",
                "resources: [../b]\nnamePrefix: o-\nimages: [{name: app, newTag: '2'}]\n");

        assertThat(yaml).contains("img: app:2\n  ref: o-c\n");
    }

    @Test
    void builtinPlugins_areConfiguredByObjects() {
        String yaml = Trees.build(
                "",
                "web.yaml",
                Trees.WEB,
                "t.yaml",
                """
                apiVersion: builtin
                kind: PrefixTransformer
                metadata: {name: p}
                Prefix: pre-
                fieldSpecs: [{path: metadata/name}]
                ---
                apiVersion: builtin
                kind: LabelTransformer
                metadata: {name: l}
                labels: {a: b}
                fieldSpecs: [{path: metadata/labels, create: true}]
                ---
                apiVersion: builtin
                kind: ReplicaCountTransformer
                metadata: {name: r}
                replica: {name: web, count: 7}
                fieldSpecs: [{path: spec/replicas, create: true, kind: Deployment}]
                """,
                "g.yaml",
                """
                apiVersion: builtin
                kind: ConfigMapGenerator
                metadata: {name: gen}
                literals: [x=y]
                """,
                "kustomization.yaml",
                "resources: [web.yaml]\ntransformers: [t.yaml]\ngenerators: [g.yaml]\n");

        assertThat(yaml)
                .contains("name: pre-web")
                .contains("a: b")
                .contains("replicas: 7")
                .contains("name: pre-gen-");
    }

    @Test
    void crdDefinitions_addNameReferences() {
        String yaml = Trees.build(
                "",
                "crd.json",
                """
                {"example.v1.Bee": {"Schema": {"properties": {
                  "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"$ref": "meta"},
                  "spec": {"$ref": "example.v1.BeeSpec"}}}},
                 "example.v1.BeeSpec": {"Schema": {"properties": {
                  "secretRef": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret"}}}}}
                """,
                "r.yaml",
                """
                {apiVersion: example.com/v1, kind: Bee, metadata: {name: bee}, spec: {secretRef: {name: s}}}
                ---
                {apiVersion: v1, kind: Secret, metadata: {name: s}}
                """,
                "kustomization.yaml",
                "resources: [r.yaml]\ncrds: [crd.json]\nnamePrefix: x-\n");

        assertThat(yaml).contains("secretRef:\n    name: x-s\n");
    }
}
