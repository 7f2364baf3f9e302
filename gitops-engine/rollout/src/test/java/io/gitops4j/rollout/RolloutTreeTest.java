package io.gitops4j.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.simulate.AnalysisModel;
import io.gitops4j.rollout.simulate.PodModel;
import io.gitops4j.rollout.simulate.SimulatedCluster;
import io.gitops4j.rollout.simulate.Timeline;
import io.gitops4j.rollout.simulate.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTreeTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ROLLOUT = """
            {"metadata":{"name":"shop","namespace":"prod"},"spec":{"replicas":5,"selector":{"matchLabels":{"app":"shop"}},
             "template":{"metadata":{"labels":{"app":"shop"}},"spec":{"containers":[{"name":"c","image":"shop:1"}]}},
             "strategy":{"canary":{"steps":[{"setWeight":20},{"pause":{}},{"setWeight":60},{"pause":{"duration":"1h"}}]}}}}""";

    private static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }

    private static SimulatedCluster paused() {
        SimulatedCluster cluster = new SimulatedCluster(json(ROLLOUT), T0, PodModel.INSTANT, AnalysisModel.NONE);
        cluster.advance(Duration.ofMinutes(4));
        cluster.edit(old -> json(ROLLOUT.replace("shop:1", "shop:2")));
        cluster.advance(Duration.ofMinutes(1));
        return cluster;
    }

    @Test
    void tree_hasTheShapeThatUsersKnow() {
        SimulatedCluster cluster = paused();
        String text = RolloutTree.print(cluster.spec(), cluster.status(), cluster.observe(), cluster.now());
        String first = cluster.replicaSets().get(0).hash();
        String second = cluster.replicaSets().get(1).hash();
        assertThat(text.replace(first, "aaa").replace(second, "bbb").replaceAll(" +", " "))
                .isEqualTo("""
                        Name: shop
                        Namespace: prod
                        Status: ॥ Paused
                        Message: CanaryPauseStep
                        Strategy: Canary
                         Step: 1/4
                         SetWeight: 20
                         ActualWeight: 20
                        Images: shop:2 (canary)
                         shop:1 (stable)
                        Replicas:
                         Desired: 5
                         Current: 5
                         Updated: 1
                         Ready: 5
                         Available: 5

                        NAME KIND STATUS AGE INFO
                        ⟳ shop Rollout ॥ Paused 5m
                        ├──# revision:2
                        │ └──⧉ shop-bbb ReplicaSet ✔ Healthy 60s canary
                        └──# revision:1
                         └──⧉ shop-aaa ReplicaSet ✔ Healthy 5m stable
                        """);
    }

    @Test
    void ages_areShortenedAsKubectlDoes() {
        assertThat(RolloutTree.age(T0, T0.plusSeconds(119))).isEqualTo("119s");
        assertThat(RolloutTree.age(T0, T0.plusSeconds(192))).isEqualTo("3m12s");
        assertThat(RolloutTree.age(T0, T0.plusSeconds(4 * 3600))).isEqualTo("4h");
        assertThat(RolloutTree.age(T0, T0.plusSeconds(72 * 3600))).isEqualTo("3d");
    }

    @Test
    void enabledActions_followTheState() {
        SimulatedCluster cluster = paused();
        Map<String, Boolean> enabled = UserActions.enabled(cluster.spec(), cluster.status());
        assertThat(enabled)
                .containsEntry("resume", true)
                .containsEntry("abort", true)
                .containsEntry("retry", false)
                .containsEntry("promote-full", true)
                .containsEntry("skip-current-step", true);
        UserActions.Edit skipped = UserActions.skipAllSteps(cluster.spec(), cluster.status());
        assertThat(skipped.status().currentStepIndex()).isEqualTo(4);
    }

    @Test
    void status_survivesItsJson() {
        RolloutStatus status = paused().status();
        assertThat(RolloutStatusJson.read(RolloutStatusJson.write(status))).isEqualTo(status);
        assertThat(status.toString()).contains("\"currentStepIndex\":1");
    }

    @Test
    void timeline_isAPictureAndAPage() {
        Trace trace = Rollouts.simulate(json(ROLLOUT))
                .at(Duration.ofMinutes(30), operator -> operator.promote())
                .run();
        assertThat(Timeline.svg(trace)).startsWith("<svg").contains("1/4 pause").endsWith("</svg>\n");
        assertThat(Timeline.html(trace)).contains("<pre>TIME").contains("<h1>shop</h1>");
        assertThat(trace.explain()).startsWith("HEALTHY");
        assertThat(trace.promotedAfter()).isEqualTo(Duration.ofMinutes(90).plusMillis(1));
    }

    @Test
    void explain_namesWhatItWaitsFor() {
        SimulatedCluster cluster = paused();
        String text = Rollouts.explain(cluster.spec(), cluster.status(), cluster.observe(), cluster.now());
        assertThat(text).startsWith("Paused: CanaryPauseStep\n").endsWith("next look: when something changes\n");
        cluster.edit(old -> json(ROLLOUT.replace("shop:1", "shop:3")));
        assertThat(Rollouts.explain(cluster.spec(), cluster.status(), cluster.observe(), cluster.now()))
                .contains("template changed: true")
                .contains("next: Created ReplicaSet shop-");
    }

    @Test
    void bounds_areTheEarliestAndTheLatestFinish() {
        assertThat(Rollouts.simulate(json(ROLLOUT)).earliestFinish().toMinutes())
                .isEqualTo(60);
        assertThat(Rollouts.simulate(json(ROLLOUT)).latestFinish()).isNull();
        JsonObject timed = json(ROLLOUT.replace("{\"pause\":{}}", "{\"pause\":{\"duration\":60}}"));
        assertThat(Rollouts.simulate(timed).latestFinish()).isGreaterThan(Duration.ofMinutes(61));
    }
}
