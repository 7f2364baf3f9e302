package io.gitops4j.rollout.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.UserActions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ConfigMaps and Secrets of the template that the Rollout tracks, by digest or by a copy of each revision. */
class TrackedConfigTest {
    @Test
    void trackedConfig_startsAnUpdateWhenItChanges() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: default}
                data: {a: "1"}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default, annotations: {gitops4j.io/track-config: "true"}}
                spec:
                  replicas: 4
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers: [{name: shop, image: "shop:1", envFrom: [{configMapRef: {name: settings}}]}]
                  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}]}}
                """);
        c.settle();
        assertThat(c.pods()).isEqualTo("1=4");
        c.cluster.patch(
                ArgoCluster.ref("v1", "ConfigMap", "settings"),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("a", Json.of("2"))),
                WriteOptions.defaults());
        c.settle();
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(c.pods()).isEqualTo("1=3 2=1");
        assertThat(c.rollout().object("spec").toJson()).doesNotContain("config-digest");
    }

    @Test
    void copiedConfig_staysWithItsRevision_andAnUndoBringsItBack() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: default}
                data: {a: "1"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: keys, namespace: default}
                data: {k: djE=}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default, annotations: {gitops4j.io/track-config: copy}}
                spec:
                  replicas: 4
                  revisionHistoryLimit: 1
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers:
                        - name: shop
                          image: "shop:1"
                          envFrom: [{configMapRef: {name: settings}}]
                          env: [{name: K, valueFrom: {secretKeyRef: {name: keys, key: k}}}]
                  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}]}}
                """);
        c.settle();
        assertThat(valuesOfPods(c)).containsOnly("1");
        assertThat(copies(c, "Secret")).hasSize(1);
        changeSettings(c, "2");
        assertThat(c.phase()).isEqualTo("Paused CanaryPauseStep");
        assertThat(valuesOfPods(c))
                .containsOnly("1", "2")
                .filteredOn("1"::equals)
                .hasSize(3);
        assertThat(copies(c, "ConfigMap")).hasSize(2).allMatch(copy -> copy.bool("immutable", false));
        assertThat(c.rollout().object("spec").toJson()).contains("{\"name\":\"settings\"}");

        c.promote();
        assertThat(valuesOfPods(c)).containsOnly("2");
        assertThat(new RolloutOperations(c.cluster)
                        .apply(
                                "default",
                                "shop",
                                view -> UserActions.undo(
                                        view.spec(), view.status(), view.seen().replicaSets(), 0))
                        .ok())
                .isTrue();
        c.settle();
        assertThat(valuesOfPods(c))
                .containsOnly("1", "2")
                .filteredOn("1"::equals)
                .hasSize(1);
    }

    @Test
    void copiedConfig_goesWithTheLastRevisionThatUsesIt() {
        ArgoCluster c = new ArgoCluster();
        c.create("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: default}
                data: {a: "1"}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: shop, namespace: default, annotations: {gitops4j.io/track-config: copy}}
                spec:
                  replicas: 1
                  revisionHistoryLimit: 0
                  selector: {matchLabels: {app: shop}}
                  template:
                    metadata: {labels: {app: shop}}
                    spec:
                      containers: [{name: shop, image: "shop:1"}]
                      volumes: [{name: v, configMap: {name: settings}}, {name: w, projected: {sources: [{configMap: {name: settings}}]}}]
                  strategy: {canary: {}}
                """);
        c.settle();
        for (String value : List.of("2", "3")) {
            changeSettings(c, value);
            c.after(40);
        }
        assertThat(copies(c, "ConfigMap"))
                .singleElement()
                .satisfies(copy -> assertThat(copy.object("data").text("a")).isEqualTo("3"));
        String copy = copies(c, "ConfigMap").get(0).object("metadata").text("name", "");
        assertThat(c.list("v1", "Pod").get(0).object("spec").array("volumes").toJson())
                .contains("\"configMap\":{\"name\":\"" + copy + "\"}", "\"name\":\"" + copy + "\"");
    }

    private static void changeSettings(ArgoCluster c, String value) {
        c.cluster.patch(
                ArgoCluster.ref("v1", "ConfigMap", "settings"),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("a", Json.of(value))),
                WriteOptions.defaults());
        c.settle();
    }

    private static List<JsonObject> copies(ArgoCluster c, String kind) {
        return c.list("v1", kind).stream()
                .filter(object ->
                        object.object("metadata").object("annotations").has("gitops4j.io/copy-of"))
                .toList();
    }

    /** What the ConfigMap of each pod says. */
    private static List<String> valuesOfPods(ArgoCluster c) {
        List<String> values = new ArrayList<>();
        for (JsonObject pod : c.list("v1", "Pod")) {
            JsonObject container =
                    (JsonObject) pod.object("spec").array("containers").get(0);
            JsonObject from = (JsonObject) container.array("envFrom").get(0);
            String name = from.object("configMapRef").text("name", "");
            values.add(c.get("v1", "ConfigMap", name).object("data").text("a", ""));
        }
        return values;
    }
}
