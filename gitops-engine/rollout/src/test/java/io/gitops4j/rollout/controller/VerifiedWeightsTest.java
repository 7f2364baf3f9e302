package io.gitops4j.rollout.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.rollout.CanaryWeights;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.traffic.TrafficRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Weights on a cluster hold the step until the router says that they are taken over. */
class VerifiedWeightsTest {
    private static final String GATEWAY_ROUTE = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: httproutes.gateway.networking.k8s.io}
            spec:
              group: gateway.networking.k8s.io
              scope: Namespaced
              names: {plural: httproutes, singular: httproute, kind: HTTPRoute, listKind: HTTPRouteList}
              versions:
                - name: v1
                  served: true
                  storage: true
                  subresources: {status: {}}
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: canary, namespace: default}, spec: {selector: {app: shop}, ports: [{port: 80}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: stable, namespace: default}, spec: {selector: {app: shop}, ports: [{port: 80}]}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: shop, namespace: default}
            spec:
              rules: [{backendRefs: [{name: stable, port: 80}, {name: canary, port: 80}]}]
            """;

    private static final String ROUTED =
            "{canary: {canaryService: canary, stableService: stable, trafficRouting: {plugins: "
                    + "{argoproj-labs/gatewayAPI: {httpRoute: shop}}}, steps: [{setWeight: 25}, {pause: {}}]}}";

    @Test
    void weights_thatTheGatewayHasNotTakenOver_holdTheStep() {
        ArgoCluster c = new ArgoCluster();
        c.create(GATEWAY_ROUTE).rollout(ROUTED).settle();
        assertThat(c.rollout()
                        .object("status")
                        .object("canary")
                        .object("weights")
                        .has("verified"))
                .as("no gateway says anything")
                .isFalse();
        accept(c, "True");
        c.settle();
        c.image("2").after(30);
        JsonObject weights = c.rollout().object("status").object("canary").object("weights");
        assertThat(weights.object("canary").get("weight")).isEqualTo(Json.of(25));
        assertThat(weights.get("verified")).isEqualTo(Json.of(false));
        assertThat(c.rollout().object("status").get("currentStepIndex")).isEqualTo(Json.of(0));
        assertThat(RolloutView.of(c.cluster, "default", "shop").orElseThrow().explain(c.now()))
                .contains("weights verified");

        accept(c, "False");
        c.after(11);
        assertThat(c.rollout().object("status").get("currentStepIndex")).isEqualTo(Json.of(0));
        accept(c, "True");
        c.after(11);
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
        weights = c.rollout().object("status").object("canary").object("weights");
        assertThat(weights.get("verified")).isEqualTo(Json.of(true));
    }

    /** What a gateway says of the route as it is now. */
    private static void accept(ArgoCluster c, String status) {
        ObjectRef ref = ArgoCluster.ref("gateway.networking.k8s.io/v1", "HTTPRoute", "shop");
        Json generation = c.cluster.get(ref).orElseThrow().object("metadata").get("generation");
        JsonObject condition = JsonObject.builder()
                .put("type", "Accepted")
                .put("status", status)
                .put("observedGeneration", Objects.requireNonNull(generation))
                .build();
        JsonObject parent = JsonObject.of("conditions", JsonArray.of(condition));
        c.cluster.patch(
                ref.sub("status"),
                PatchType.MERGE,
                JsonObject.of("status", JsonObject.of("parents", JsonArray.of(parent))),
                WriteOptions.defaults());
    }

    @Test
    void verifierOfALoadBalancer_holdsAndReleasesTheStep() {
        boolean[] agrees = {false};
        ArgoCluster c = new ArgoCluster(
                builder -> builder.verifier((spec, weights) -> weights.canary().weight() == 0 || agrees[0]));
        c.create(GATEWAY_ROUTE).rollout(ROUTED).settle();
        c.image("2").after(25);
        assertThat(c.phase()).startsWith("Progressing");
        agrees[0] = true;
        c.after(11);
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
    }

    @Test
    void routerOfOnesOwn_isAskedByItsPluginsName() {
        List<String> seen = new ArrayList<>();
        ArgoCluster c = new ArgoCluster(builder -> builder.router(new TrafficRouter() {
            @Override
            public String name() {
                return "plugins.example/router";
            }

            @Override
            public Outcome<List<JsonObject>> weighted(
                    RolloutSpec spec, CanaryWeights weights, Function<ObjectRef, @Nullable JsonObject> read) {
                seen.add(weights.canary().weight() + "/" + weights.stable().weight());
                return Outcome.of(List.of());
            }
        }));
        c.create(GATEWAY_ROUTE)
                .rollout(ROUTED.replace("argoproj-labs/gatewayAPI", "example/router"))
                .settle();
        c.image("2");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(seen).contains("0/100", "25/75");
    }
}
