package io.gitops4j.rollout.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Rollouts;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The canary and the analysis template that the project started from, exactly as written. */
class SeedCanaryTest {
    private static final String ROLLOUT = """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata:
              name: myapp
              namespace: production
            spec:
              replicas: 10
              strategy:
                canary:
                  maxSurge: "25%"
                  maxUnavailable: 0
                  steps:
                    - setWeight: 10
                    - pause: {duration: 10m}
                    - setWeight: 30
                    - pause: {duration: 10m}
                    - setWeight: 50
                    - pause: {duration: 10m}
                    - setWeight: 80
                    - pause: {duration: 10m}
                    - setWeight: 100
                  analysis:
                    templates:
                      - templateName: success-rate
                    startingStep: 1
                    args:
                      - name: service-name
                        value: myapp/production
              selector:
                matchLabels:
                  app: myapp
              template:
                metadata:
                  labels:
                    app: myapp
                spec:
                  containers:
                    - name: myapp
                      image: myapp:v2.0.0
                      ports:
                        - containerPort: 8080
            """;
    private static final String TEMPLATE = """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata:
              name: success-rate
            spec:
              args:
                - name: service-name
              metrics:
                - name: success-rate
                  interval: 1m
                  successCondition: result[0] >= 0.99
                  provider:
                    prometheus:
                      address: http://prometheus:9090
                      query: |
                        sum(rate(http_requests_total{service="{{args.service-name}}",status=~"2.."}[5m]))
                        /
                        sum(rate(http_requests_total{service="{{args.service-name}}"}[5m]))
                - name: error-rate
                  interval: 1m
                  failureLimit: 3
                  provider:
                    prometheus:
                      address: http://prometheus:9090
                      query: |
                        sum(rate(http_requests_total{service="{{args.service-name}}",status=~"5.."}[5m]))
            """;

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("canary.yaml", text).orThrow();
    }

    private static Simulation simulation() {
        return Rollouts.simulate(yaml(ROLLOUT))
                .from(yaml(ROLLOUT.replace("v2.0.0", "v1.0.0")))
                .template(yaml(TEMPLATE));
    }

    @Test
    void goodMetrics_promoteInFortyVirtualMinutes() {
        Trace trace = simulation()
                .metric("success-rate", t -> 0.995)
                .metric("error-rate", t -> 0.1)
                .run();
        assertThat(trace.finalPhase()).isEqualTo(Trace.Phase.HEALTHY);
        assertThat(trace.promotedAfter().toSeconds()).isEqualTo(2400);
        assertThat(trace.minAvailable()).isEqualTo(10);
        assertThat(trace.peakPods()).isEqualTo(13);
        assertThat(trace.toTable()).isEqualTo(GOOD);
    }

    @Test
    void fallingSuccessRate_abortsWithStableAtFullSize() {
        Trace trace = simulation()
                .startingAt(Instant.parse("2026-01-01T09:00:00Z"))
                .metric("success-rate", t -> t.isBefore(Instant.parse("2026-01-01T09:12:00Z")) ? 0.99 : 0.71)
                .run();
        assertThat(trace.finalPhase()).isEqualTo(Trace.Phase.DEGRADED);
        assertThat(trace.weightAt(Duration.ofMinutes(20))).isZero();
        assertThat(trace.at(Duration.ofMinutes(20)).pods()).isEqualTo(new Trace.PodCounts(0, 0, 10, 10));
        assertThat(trace.minAvailable()).isEqualTo(10);
        assertThat(trace.toTable()).isEqualTo(BAD);
    }

    @Test
    void lint_namesTheMetricWithoutCondition() {
        assertThat(Rollouts.lint(yaml(ROLLOUT), java.util.List.of(yaml(TEMPLATE))))
                .anyMatch(p -> p.code().equals("ANALYSIS_NO_CONDITION")
                        && p.text().contains("error-rate")
                        && p.text().contains("failureLimit without a condition has no effect"));
    }

    @Test
    void compare_saysWhatAnEditCosts() {
        Trace before = simulation().run();
        JsonObject longer = yaml(ROLLOUT.replace("- pause: {duration: 10m}", "- pause: {duration: 20m}")
                .replace("replicas: 10", "replicas: 20"));
        Trace after = Rollouts.simulate(longer).template(yaml(TEMPLATE)).run();
        assertThat(Rollouts.compare(before, after).display()).isEqualTo("this edit adds 40m00s and 12 pods");
    }

    private static final String GOOD = """
            TIME    PHASE    STEP            WEIGHT  CANARY  STABLE  WHAT
            00m00s  Paused   1/9 pause: 10m  10%     1/1     9/9     Rollout updated to revision 2; Rollout step 1/9 completed (setWeight: 10); Background AnalysisRun 'myapp-58c9db8f44-2' is created
            10m00s  Paused   3/9 pause: 10m  30%     3/3     7/7     Rollout step 2/9 completed (pause: 10m); Rollout step 3/9 completed (setWeight: 30)
            20m00s  Paused   5/9 pause: 10m  50%     5/5     5/5     Rollout step 4/9 completed (pause: 10m); Rollout step 5/9 completed (setWeight: 50)
            30m00s  Paused   7/9 pause: 10m  80%     8/8     2/2     Rollout step 6/9 completed (pause: 10m); Rollout step 7/9 completed (setWeight: 80)
            40m00s  Healthy  9/9             100%    10/10   0/0     Rollout step 8/9 completed (pause: 10m); Rollout step 9/9 completed (setWeight: 100); Rollout completed update to revision 2 (58c9db8f44): Completed all 9 canary steps
            """;
    private static final String BAD = """
            TIME    PHASE     STEP               WEIGHT  CANARY  STABLE  WHAT
            00m00s  Paused    1/9 pause: 10m     10%     1/1     9/9     Rollout updated to revision 2; Rollout step 1/9 completed (setWeight: 10); Background AnalysisRun 'myapp-58c9db8f44-2' is created
            10m00s  Paused    3/9 pause: 10m     30%     3/3     7/7     Rollout step 2/9 completed (pause: 10m); Rollout step 3/9 completed (setWeight: 30)
            12m00s  Degraded  0/9 setWeight: 10  0%      0/0     10/10   Rollout aborted update to revision 2: Background analysis phase error/failed: Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0)
            """;
}
