package io.gitops4j.rollout.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.quantity.GoDuration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RolloutSpecTest {
    static final String TEMPLATE = """
            {"metadata":{"labels":{"app":"x"}},"spec":{"containers":[{"name":"c","image":"app:1"}]}}""";

    static RolloutSpec canary(String canary) {
        return spec("{\"canary\":" + canary + "}");
    }

    static RolloutSpec spec(String strategy) {
        return RolloutSpec.of(
                json("{\"metadata\":{\"name\":\"x\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}},"
                        + "\"template\":" + TEMPLATE + ",\"strategy\":" + strategy + "}}"));
    }

    static JsonObject json(String text) {
        return (JsonObject) JsonReader.parse(text).orThrow();
    }

    @Test
    void defaults_areArgos() {
        RolloutSpec spec = canary("{}");
        assertThat(spec.replicas()).isEqualTo(1);
        assertThat(spec.progressDeadlineSeconds()).isEqualTo(600);
        assertThat(spec.revisionHistoryLimit()).isEqualTo(10);
        assertThat(spec.invalid()).isNull();
        assertThat(spec.selectorText()).isEqualTo("app=x");
    }

    @Test
    void validation_namesPathValueAndReason() {
        assertThat(canary("{\"maxSurge\":0,\"maxUnavailable\":\"0%\"}").invalid())
                .isEqualTo(
                        "spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero");
        assertThat(canary("{\"steps\":[{\"setWeight\":120}]}").invalid())
                .isEqualTo(
                        "spec.strategy.steps[0].setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100");
        assertThat(canary("{\"steps\":[{\"pause\":{\"duration\":\"1z\"}}]}").invalid())
                .isEqualTo(
                        "spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0");
        assertThat(canary("{\"steps\":[{}]}").invalid())
                .contains(
                        "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause");
        assertThat(canary("{\"steps\":[{\"setCanaryScale\":{\"weight\":1}}]}").invalid())
                .contains("SetCanaryScale requires TrafficRouting to be set");
        assertThat(canary("{\"scaleDownDelaySeconds\":1}").invalid())
                .contains("Canary scaleDownDelaySeconds can only be used with traffic routing");
        assertThat(canary("{\"trafficRouting\":{\"smi\":{}}}").invalid())
                .contains("Canary service and Stable service must to be set to use Traffic Routing");
        assertThat(spec("{}").invalid())
                .isEqualTo("spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or"
                        + " .spec.strategy.blueGreen'");
        assertThat(spec("{\"canary\":{},\"blueGreen\":{}}").invalid())
                .contains("Multiple Strategies can not be listed");
    }

    @Test
    void s100_workloadRef_refusesATemplateAndUnknownKinds() {
        assertThat(RolloutSpec.of(json(
                                "{\"spec\":{\"workloadRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"},\"template\":"
                                        + TEMPLATE + ",\"strategy\":{\"canary\":{}}}}"))
                        .invalid())
                .contains("template must be empty for workload reference rollout");
        assertThat(RolloutSpec.of(json("{\"spec\":{\"workloadRef\":{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\"},"
                                + "\"strategy\":{\"canary\":{}}}}"))
                        .invalid())
                .contains("workload of type batch/Job is not supported");
    }

    @Test
    void templates_areComparedByMeaning() {
        JsonObject defaulted = json("""
                {"metadata":{"creationTimestamp":null,"labels":{"app":"x","rollouts-pod-template-hash":"abc"}},
                 "spec":{"restartPolicy":"Always","dnsPolicy":"ClusterFirst","schedulerName":"default-scheduler",
                 "securityContext":{},"terminationGracePeriodSeconds":30,"containers":[{"name":"c","image":"app:1",
                 "imagePullPolicy":"IfNotPresent","resources":{},"terminationMessagePath":"/dev/termination-log",
                 "terminationMessagePolicy":"File"}]}}""");
        assertThat(TemplateIdentity.same(json(TEMPLATE), defaulted)).isTrue();
        assertThat(TemplateIdentity.hash(json(TEMPLATE), 0)).isEqualTo(TemplateIdentity.hash(defaulted, 0));
        assertThat(TemplateIdentity.hash(json(TEMPLATE), 1)).isNotEqualTo(TemplateIdentity.hash(defaulted, 0));
        assertThat(TemplateIdentity.same(json(TEMPLATE), json(TEMPLATE.replace("app:1", "app:2"))))
                .isFalse();
    }

    @Test
    void s31_quantities_areTheSameHoweverTheyAreSpelled() {
        String one =
                TEMPLATE.replace("\"image\"", "\"resources\":{\"limits\":{\"cpu\":0.5,\"memory\":\"1Gi\"}},\"image\"");
        String two = TEMPLATE.replace(
                "\"image\"", "\"resources\":{\"limits\":{\"memory\":\"1024Mi\",\"cpu\":\"500m\"}},\"image\"");
        assertThat(TemplateIdentity.same(json(one), json(two))).isTrue();
    }

    @Test
    void goDurations_parseAndPrint() {
        assertThat(GoDuration.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(GoDuration.parse("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(GoDuration.parse("10")).isNull();
        assertThat(GoDuration.parse("-5s")).isEqualTo(Duration.ofSeconds(-5));
        assertThat(GoDuration.print(Duration.ofSeconds(3661))).isEqualTo("1h1m1s");
        assertThat(GoDuration.print(Duration.ofMillis(250))).isEqualTo("250ms");
    }

    @Test
    void steps_displayAsPeopleReadThem() {
        assertThat(canary("{\"steps\":[{\"setWeight\":20},{\"pause\":{}},{\"pause\":{\"duration\":\"10s\"}},"
                                + "{\"setCanaryScale\":{\"replicas\":5}},{\"analysis\":{}}]}")
                        .steps()
                        .toString())
                .isEqualTo("[setWeight: 20, pause, pause: 10s, setCanaryScale{replicas: 5}, analysis]");
    }
}
