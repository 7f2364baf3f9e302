package io.gitops4j.rollout.flagger;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.analysis.AnalysisSpec;
import io.gitops4j.rollout.analysis.ThresholdRange;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.RolloutValidation;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlaggerCanaryTest {
    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("test.yaml", text).orThrow();
    }

    private static JsonObject canary(String analysis) {
        return yaml("""
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo, namespace: test}
                spec:
                  provider: istio
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {port: 9898}
                  analysis: %s
                """.formatted(analysis));
    }

    private static List<String> steps(FlaggerCanary.Translation translation) {
        return RolloutSpec.of(translation.rollout()).steps().stream()
                .map(CanaryStep::display)
                .toList();
    }

    @Test
    void weightsAndGates_becomeSteps() {
        FlaggerCanary.Translation translation = FlaggerCanary.translate(
                canary(
                        "{interval: 30s, threshold: 5, maxWeight: 30, stepWeight: 10, metrics: [{name: request-success-rate,"
                                + " thresholdRange: {min: 99}, interval: 1m}, {name: request-duration, thresholdRange: {max: 500}}],"
                                + " webhooks: [{name: ask, type: confirm-rollout, url: \"http://gate/approve\"}, {name: load, type:"
                                + " rollout, url: \"http://load/\"}]}"),
                List.of());
        assertThat(steps(translation))
                .containsExactly(
                        "gate: ask",
                        "setWeight: 10",
                        "pause: 30s",
                        "setWeight: 20",
                        "pause: 30s",
                        "setWeight: 30",
                        "pause: 30s");
        assertThat(RolloutValidation.errors(RolloutSpec.of(translation.rollout())))
                .isEmpty();
        AnalysisSpec analysis = AnalysisSpec.of(translation.templates().get(0).object("spec"));
        assertThat(analysis.invalid()).isNull();
        assertThat(analysis.metrics().get(0).failureLimit()).isEqualTo(4);
        assertThat(analysis.metrics().get(0).body().toJson())
                .contains(
                        "(type(result) == \\\"array\\\" ? result[0] : result) >= 99",
                        "destination_workload=~\\\"podinfo\\\"",
                        "[1m]");
        assertThat(translation.problems())
                .extracting(problem -> problem.text())
                .singleElement()
                .asString()
                .contains("load");
        assertThat(RolloutSpec.of(translation.rollout()).workloadRef().text("name"))
                .isEqualTo("podinfo");
    }

    @Test
    void iterationsWithAHeader_becomeAnAbTest() {
        FlaggerCanary.Translation translation = FlaggerCanary.translate(
                canary(
                        "{interval: 1m, threshold: 2, iterations: 10, match: [{headers: {x-user: {exact: insider}}}], metrics:"
                                + " [{name: errors, templateRef: {name: errors}, thresholdRange: {max: 1}}]}"),
                List.of(yaml("""
                        kind: MetricTemplate
                        metadata: {name: errors}
                        spec:
                          provider: {type: prometheus, address: "http://p:9090"}
                          query: sum(errors{app="{{ target }}"})
                        """)));
        assertThat(steps(translation))
                .containsExactly(
                        "setCanaryScale{weight: 100}",
                        "setHeaderRoute: ab-test",
                        "analysis",
                        "setHeaderRoute: ab-test",
                        "setCanaryScale{matchTrafficWeight: true}");
        assertThat(RolloutValidation.errors(RolloutSpec.of(translation.rollout())))
                .isEmpty();
        AnalysisSpec analysis = AnalysisSpec.of(translation.templates().get(0).object("spec"));
        assertThat(analysis.metrics().get(0).count()).isEqualTo(10);
        assertThat(analysis.metrics().get(0).body().toJson())
                .contains("sum(errors{app=\\\"podinfo\\\"})", "http://p:9090");
    }

    @Test
    void skipAnalysis_isAPlainRollout() {
        JsonObject canary = canary("{interval: 1m, threshold: 2, stepWeight: 10}");
        canary = canary.with("spec", canary.object("spec").with("skipAnalysis", io.gitops4j.json.Json.of(true)));
        FlaggerCanary.Translation translation = FlaggerCanary.translate(canary, List.of());
        assertThat(steps(translation)).isEmpty();
        assertThat(translation.templates()).isEmpty();
    }

    @Test
    void ranges_areExpandedForClustersThatKnowNone() {
        JsonObject template =
                yaml("{spec: {metrics: [{name: a, thresholdRange: {min: 1, max: 2}, provider: {web: {url: u}}}]}}");
        assertThat(ThresholdRange.expand(template).toJson())
                .contains("result) >= 1 && (type(result)", "result) <= 2")
                .doesNotContain("thresholdRange");
    }
}
