package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import org.junit.jupiter.api.Test;

class FakeClusterSemanticsTest {
    private static final WriteOptions OPTIONS = WriteOptions.defaults();
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: web, image: 'web:1'}
            """;

    private final FakeCluster cluster = FakeCluster.create();
    private final JsonObject deployment = Yaml.object(DEPLOYMENT);
    private final ObjectRef ref = ObjectRef.of(deployment);

    @Test
    void aDeployment_isDefaulted_asTheServerDoes() {
        JsonObject created = cluster.create(deployment, OPTIONS);

        assertThat(created.find("spec", "replicas")).isEqualTo(Json.of(1));
        assertThat(created.find("spec", "strategy", "rollingUpdate", "maxSurge"))
                .isEqualTo(Json.of("25%"));
        assertThat(created.find("spec", "template", "spec", "containers", "0", "imagePullPolicy"))
                .isEqualTo(Json.of("IfNotPresent"));
        assertThat(created.find("metadata", "generation")).isEqualTo(Json.of(1));
        assertThat(created.get("status")).isEqualTo(JsonObject.empty());
    }

    @Test
    void anAutoscaler_isServedInBothVersions_andLosesNothingOnTheWay() {
        JsonObject older = Yaml.object("""
                apiVersion: autoscaling/v1
                kind: HorizontalPodAutoscaler
                metadata: {name: web, namespace: default}
                spec:
                  maxReplicas: 4
                  targetCPUUtilizationPercentage: 60
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                """);
        JsonObject created = cluster.create(older, OPTIONS);
        assertThat(created.find("spec", "targetCPUUtilizationPercentage")).isEqualTo(Json.of(60));
        assertThat(created.find("spec", "minReplicas")).isEqualTo(Json.of(1));
        assertThat(created.object("spec").has("metrics")).isFalse();

        ObjectRef newer = ObjectRef.of(older.with("apiVersion", Json.of("autoscaling/v2")));
        JsonObject seen = cluster.get(newer).orElseThrow();
        assertThat(seen.find("spec", "metrics", "0", "resource", "target", "averageUtilization"))
                .isEqualTo(Json.of(60));
        assertThat(seen.object("spec").has("targetCPUUtilizationPercentage")).isFalse();

        JsonObject patch = Yaml.object("""
                spec:
                  behavior: {scaleDown: {stabilizationWindowSeconds: 30}}
                  metrics:
                  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
                  - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
                """);
        JsonObject changed = cluster.patch(newer, PatchType.MERGE, patch, OPTIONS);
        JsonObject shown = cluster.get(ObjectRef.of(older)).orElseThrow();
        assertThat(shown.find("spec", "targetCPUUtilizationPercentage")).isEqualTo(Json.of(70));
        assertThat(shown.object("metadata").object("annotations").keys())
                .containsExactly("autoscaling.alpha.kubernetes.io/metrics", "autoscaling.alpha.kubernetes.io/behavior");
        cluster.replace(ObjectRef.of(older), shown, OPTIONS);
        assertThat(cluster.get(newer).orElseThrow().get("spec")).isEqualTo(changed.get("spec"));
    }

    @Test
    void apply_ownsFields_andConflictsWithOthers() {
        cluster.apply(ref, deployment, OPTIONS.withFieldManager("a"));
        JsonObject other = Yaml.object(DEPLOYMENT.replace("web:1", "web:2"));

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.apply(ref, other, OPTIONS.withFieldManager("b")))
                .withMessage("Apply failed with 1 conflict: conflict with \"a\":"
                        + " .spec.template.spec.containers[name=\"web\"].image")
                .satisfies(e -> assertThat(e.status().causes())
                        .extracting(ApiStatus.Cause::reason)
                        .containsExactly("FieldManagerConflict"));
        JsonObject forced =
                cluster.apply(ref, other, OPTIONS.withFieldManager("b").withForce(true));
        assertThat(forced.find("spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo(Json.of("web:2"));
    }

    @Test
    void anInvalidObject_isRefusedWithEveryCause_andNothingIsStored() {
        JsonObject bad = Yaml.object("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: other}}
                    spec:
                      containers:
                      - {name: web}
                """);

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(bad, OPTIONS))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(422))
                .satisfies(e -> assertThat(e.status().causes())
                        .extracting(ApiStatus.Cause::field)
                        .containsExactly("spec.template.metadata.labels", "spec.template.spec.containers[0].image"));
        assertThat(cluster.get(ref)).isEmpty();
    }

    @Test
    void anUnknownField_isRefusedWhenStrict_andDroppedOtherwise() {
        JsonObject odd = Yaml.object(DEPLOYMENT).with("nope", Json.of(1));

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(odd, OPTIONS.withFieldValidation("Strict")))
                .withMessage("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error:"
                        + " unknown field \"nope\"");
        assertThat(cluster.create(odd, OPTIONS).has("nope")).isFalse();
    }

    @Test
    void aStrategicPatch_mergesContainersByName() {
        cluster.create(deployment, OPTIONS);
        JsonObject patched = cluster.patch(
                ref,
                PatchType.STRATEGIC,
                Yaml.object("{spec: {template: {spec: {containers: [{name: side, image: 's:1'}]}}}}"),
                OPTIONS);

        assertThat(patched.find("spec", "template", "spec", "containers", "1", "name"))
                .isEqualTo(Json.of("web"));
        assertThat(patched.find("metadata", "generation")).isEqualTo(Json.of(2));
    }

    @Test
    void theScale_changesTheReplicas_andNothingElse() {
        cluster.create(deployment, OPTIONS);
        JsonObject scale =
                cluster.patch(ref.sub("scale"), PatchType.MERGE, Yaml.object("{spec: {replicas: 3}}"), OPTIONS);

        assertThat(scale.text("kind")).isEqualTo("Scale");
        assertThat(scale.find("status", "selector")).isEqualTo(Json.of("app=web"));
        assertThat(cluster.get(ref).orElseThrow().find("spec", "replicas")).isEqualTo(Json.of(3));
    }

    @Test
    void theStatus_isWrittenThroughItsSubresourceOnly() {
        cluster.create(deployment, OPTIONS);
        cluster.patch(ref, PatchType.MERGE, Yaml.object("{status: {replicas: 9}}"), OPTIONS);
        assertThat(cluster.get(ref).orElseThrow().find("status", "replicas")).isNull();

        cluster.patch(ref.sub("status"), PatchType.MERGE, Yaml.object("{status: {replicas: 2}}"), OPTIONS);
        assertThat(cluster.get(ref).orElseThrow().find("status", "replicas")).isEqualTo(Json.of(2));
    }

    @Test
    void aCustomResource_isPrunedDefaultedAndValidated() {
        cluster.create(Yaml.object("""
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: shirts.shop.test}
                        spec:
                          group: shop.test
                          names: {kind: Shirt, plural: shirts}
                          scope: Namespaced
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            schema:
                              openAPIV3Schema:
                                type: object
                                properties:
                                  spec:
                                    type: object
                                    required: [size]
                                    properties:
                                      size: {type: integer, maximum: 60}
                                      color: {type: string, default: white}
                                      fixed: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}
                        """), OPTIONS);
        JsonObject shirt = Yaml.object("""
                apiVersion: shop.test/v1
                kind: Shirt
                metadata: {name: s, namespace: default}
                spec: {size: 40, odd: 1, fixed: a}
                """);

        JsonObject created = cluster.create(shirt, OPTIONS);
        assertThat(created.get("spec")).isEqualTo(Yaml.object("{size: 40, fixed: a, color: white}"));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.patch(
                        ObjectRef.of(shirt), PatchType.MERGE, Yaml.object("{spec: {size: 61, fixed: b}}"), OPTIONS))
                .satisfies(e -> assertThat(e.status().causes())
                        .extracting(ApiStatus.Cause::field)
                        .containsExactly("spec.size", "spec.fixed"));
        assertThat(cluster.resource(new Gvk("shop.test", "v1", "Shirt"))).isPresent();
    }

    @Test
    void aService_isGivenAnAddress_andKeepsIt() {
        JsonObject service = Yaml.object("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {selector: {app: web}, ports: [{port: 80}], type: NodePort}
                """);
        JsonObject created = cluster.create(service, OPTIONS);
        JsonObject again = cluster.replace(ObjectRef.of(service), service, OPTIONS);

        assertThat(created.object("spec").text("clusterIP")).startsWith("10.96.");
        assertThat(again.find("spec", "clusterIP")).isEqualTo(created.find("spec", "clusterIP"));
        assertThat(again.find("spec", "ports", "0", "nodePort"))
                .isEqualTo(created.find("spec", "ports", "0", "nodePort"));
    }
}
