package io.gitops4j.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.ResourceKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class KustomizeTest {

    @Test
    void overlay_appliesAllLayersAndFixesReferences() {
        String yaml = Trees.build(
                "prod", "base/web.yaml", Trees.WEB, "base/kustomization.yaml", """
                resources: [web.yaml]
                configMapGenerator:
                - name: settings
                  literals: [mode=base]
                """, "prod/kustomization.yaml", """
                resources: [../base]
                namePrefix: prod-
                nameSuffix: -eu
                namespace: shop
                labels:
                - pairs: {env: prod}
                commonAnnotations: {owner: team}
                images:
                - name: nginx
                  newTag: "1.27"
                replicas:
                - name: web
                  count: 3
                """);

        assertThat(yaml).isEqualTo("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  annotations:
                    owner: team
                  labels:
                    env: prod
                  name: prod-web-eu
                  namespace: shop
                spec:
                  replicas: 3
                  template:
                    metadata:
                      annotations:
                        owner: team
                    spec:
                      containers:
                      - envFrom:
                        - configMapRef:
                            name: prod-settings-eu-95b7hhtd74
                        image: nginx:1.27
                        name: main
                ---
                apiVersion: v1
                data:
                  mode: base
                kind: ConfigMap
                metadata:
                  annotations:
                    owner: team
                  labels:
                    env: prod
                  name: prod-settings-eu-95b7hhtd74
                  namespace: shop
                """);
    }

    @Test
    void outputBuiltAgain_changesNothing() {
        String once = Trees.build("", "web.yaml", Trees.WEB, "kustomization.yaml", """
                resources: [web.yaml]
                namePrefix: a-
                commonLabels: {app: web}
                secretGenerator:
                - name: s
                  literals: [password=secret]
                """);
        String twice = Trees.build("", "all.yaml", once, "kustomization.yaml", "resources: [all.yaml]\n");

        assertThat(twice).isEqualTo(once);
    }

    @Test
    void legacyOrder_putsNamespacesFirstAndWebhooksLast() {
        KustomizeResult result = Kustomize.build(
                        Trees.tree("r.yaml", """
                                apiVersion: admissionregistration.k8s.io/v1
                                kind: ValidatingWebhookConfiguration
                                metadata: {name: hook}
                                ---
                                apiVersion: example.com/v1
                                kind: Thing
                                metadata: {name: thing}
                                ---
                                apiVersion: v1
                                kind: Namespace
                                metadata: {name: ns}
                                """, "kustomization.yaml", "resources: [r.yaml]\n"),
                        "",
                        KustomizeOptions.commandLine())
                .orThrow();

        assertThat(result.manifests())
                .extracting(m -> m.kind())
                .containsExactly("Namespace", "Thing", "ValidatingWebhookConfiguration");
    }

    @Test
    void component_changesWhatTheParentHasGathered() {
        String yaml = Trees.build(
                "app",
                "app/web.yaml",
                Trees.WEB,
                "app/kustomization.yaml",
                "resources: [web.yaml]\ncomponents: [../scale]\n",
                "scale/kustomization.yaml",
                """
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                replicas:
                - name: web
                  count: 9
                """);

        assertThat(yaml).contains("replicas: 9");
    }

    @Test
    void vars_replaceReferencesWithTheTypeOfTheField() {
        String yaml = Trees.build("", "r.yaml", """
                apiVersion: v1
                kind: Service
                metadata: {name: svc}
                spec:
                  ports: [{port: 8080}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  containers:
                  - name: c
                    args: ["$(PORT)", "--to=$(NAME):$(PORT)", "$$(PORT)", "$(OTHER)"]
                """, "kustomization.yaml", """
                resources: [r.yaml]
                namePrefix: x-
                vars:
                - name: PORT
                  objref: {apiVersion: v1, kind: Service, name: svc}
                  fieldref: {fieldpath: "spec.ports[0].port"}
                - name: NAME
                  objref: {apiVersion: v1, kind: Service, name: svc}
                """);

        assertThat(yaml)
                .contains("- 8080\n")
                .contains("- --to=x-svc:8080\n")
                .contains("- $(PORT)\n")
                .contains("- $(OTHER)\n");
    }

    @Test
    void buildMetadata_addsOriginAndTransformations() {
        String yaml = Trees.build(
                "prod",
                "base/web.yaml",
                Trees.WEB,
                "base/kustomization.yaml",
                "resources: [web.yaml]\n",
                "prod/kustomization.yaml",
                "resources: [../base]\nnamePrefix: a-\nbuildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]\n");

        assertThat(yaml)
                .contains("path: ../base/web.yaml")
                .contains("- configuredIn: kustomization.yaml")
                .contains("kind: PrefixTransformer")
                .contains("app.kubernetes.io/managed-by: kustomize-v5.8.2");
    }

    @Test
    void localConfig_isUsedAndLeftOut() {
        String yaml = Trees.build("", "r.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: values
                  annotations: {config.kubernetes.io/local-config: "true"}
                data: {host: example.com}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: out}
                data: {host: x}
                """, "kustomization.yaml", """
                resources: [r.yaml]
                replacements:
                - source: {kind: ConfigMap, name: values, fieldPath: data.host}
                  targets:
                  - select: {name: out}
                    fieldPaths: [data.host]
                """);

        assertThat(yaml).contains("host: example.com").doesNotContain("values");
    }

    @Test
    void explain_saysWhoSetAFieldAndWhoChangedIt() {
        KustomizeResult result = Kustomize.build(
                        Trees.tree(
                                "base/web.yaml",
                                Trees.WEB,
                                "base/kustomization.yaml",
                                "resources: [web.yaml]\n",
                                "prod/kustomization.yaml",
                                "resources: [../base]\nreplicas: [{name: web, count: 4}]\n"),
                        "prod",
                        KustomizeOptions.builder().explaining().build())
                .orThrow();

        List<ResourceTrace.Change> changes =
                result.explain(ResourceKey.parse("apps/Deployment//web"), JsonPointer.parse("/spec/replicas"));

        assertThat(changes)
                .containsExactly(
                        new ResourceTrace.Change("base/web.yaml", "", null, Json.of(1)),
                        new ResourceTrace.Change(
                                "prod/kustomization.yaml", "ReplicaCountTransformer", Json.of(1), Json.of(4)));
    }

    @Test
    void result_namesEveryFileReadAndDeprecatedFields() {
        KustomizeResult result = Trees.outcome(
                        "a",
                        "a/kustomization.yaml",
                        "bases: [../b]\n",
                        "b/kustomization.yaml",
                        "resources: [web.yaml]\n",
                        "b/web.yaml",
                        Trees.WEB,
                        "unused.yaml",
                        "x: 1\n")
                .orThrow();

        assertThat(result.filesRead().keySet())
                .containsExactly("a/kustomization.yaml", "b/kustomization.yaml", "b/web.yaml");
        assertThat(result.warnings())
                .extracting(w -> w.text())
                .containsExactly(
                        "'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.");
        assertThat(result.manifests().get(0).origin().file()).isEqualTo("b/web.yaml");
    }
}
