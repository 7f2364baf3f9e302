package io.gitops4j.rollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalysisRunMachineTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static AnalysisSpec spec(String metrics) {
        return AnalysisSpec.of(
                (JsonObject) JsonReader.parse("{\"metrics\":" + metrics + "}").orThrow());
    }

    private static final String SUCCESS_RATE = """
            [{"name":"rate","interval":"1m","successCondition":"result[0] >= 0.99","provider":{"prometheus":{}}}]""";

    private static AnalysisRunMachine.Transition step(
            AnalysisSpec spec, AnalysisRunStatus status, int second, Map<String, MetricAnswer> answers) {
        return AnalysisRunMachine.step(spec, status, answers, T0.plusSeconds(second));
    }

    @Test
    void firstStep_asksAndIsIdempotentUntilAnswered() {
        AnalysisSpec spec = spec(SUCCESS_RATE);
        var first = step(spec, AnalysisRunStatus.fresh(), 0, Map.of());
        assertThat(first.requests()).hasSize(1);
        assertThat(first.requests().get(0).resume()).isFalse();
        var again = step(spec, first.status(), 0, Map.of());
        assertThat(again.status().results()).isEqualTo(first.status().results());
        assertThat(again.requests().get(0).resume()).isTrue();
    }

    @Test
    void goodSamples_keepItRunningAtTheInterval() {
        AnalysisSpec spec = spec(SUCCESS_RATE);
        var run = step(spec, AnalysisRunStatus.fresh(), 0, Map.of());
        run = step(spec, run.status(), 0, Map.of("rate", MetricAnswer.value(List.of(0.995))));
        assertThat(run.status().phase()).isEqualTo(AnalysisPhase.RUNNING);
        assertThat(run.wakeAt()).isEqualTo(T0.plusSeconds(60));
        assertThat(step(spec, run.status(), 60, Map.of()).requests()).isEmpty();
        assertThat(step(spec, run.status(), 61, Map.of()).requests()).hasSize(1);
    }

    @Test
    void badSample_failsTheMetricAndThenTheRun() {
        AnalysisSpec spec = spec(SUCCESS_RATE);
        var run = step(spec, AnalysisRunStatus.fresh(), 0, Map.of());
        run = step(spec, run.status(), 1, Map.of("rate", MetricAnswer.value(List.of(0.5))));
        assertThat(run.status().phase()).isEqualTo(AnalysisPhase.FAILED);
        assertThat(run.status().message())
                .isEqualTo("Metric \"rate\" assessed Failed due to failed (1) > failureLimit (0)");
        assertThat(run.status().completedAt()).isEqualTo(T0.plusSeconds(1));
    }

    @Test
    void errors_retryAfterTenSecondsAndTheFifthInARowEndsIt() {
        AnalysisSpec spec = spec(SUCCESS_RATE);
        AnalysisRunStatus status = AnalysisRunStatus.fresh();
        int second = 0;
        for (int i = 0; i < 5; i++) {
            var asked = step(spec, status, second, Map.of());
            assertThat(asked.requests()).as("try %s", i).hasSize(1);
            var answered = step(spec, asked.status(), second, Map.of("rate", MetricAnswer.error("down")));
            status = answered.status();
            second += 11;
        }
        assertThat(status.phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(status.message())
                .isEqualTo("Metric \"rate\" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4):"
                        + " \"Error Message: down\"");
    }

    @Test
    void emptyVector_isAnErrorThatSaysSo() {
        Metric metric = spec(SUCCESS_RATE).metrics().get(0);
        assertThat(Judgement.of(metric, List.of(), T0).message())
                .isEqualTo(
                        "could not evaluate successCondition \"result[0] >= 0.99\": metric result is nil or empty: no data"
                                + " returned from the metric provider");
    }

    @Test
    void terminate_endsARunningIntervalMetricAsSuccessful() {
        AnalysisSpec spec = spec(SUCCESS_RATE);
        var run = step(spec, AnalysisRunStatus.fresh(), 0, Map.of());
        run = step(spec, run.status(), 0, Map.of("rate", MetricAnswer.value(List.of(1.0))));
        AnalysisSpec ended = AnalysisSpec.of(spec.body().with("terminate", io.gitops4j.json.Json.of(true)));
        var last = step(ended, run.status(), 5, Map.of());
        assertThat(last.status().phase()).isEqualTo(AnalysisPhase.SUCCESSFUL);
        assertThat(last.status().message()).isEqualTo("Run Terminated");
    }

    @Test
    void invalidSpec_endsTheRunAsError() {
        var run = step(spec("[]"), AnalysisRunStatus.fresh(), 0, Map.of());
        assertThat(run.status().phase()).isEqualTo(AnalysisPhase.ERROR);
        assertThat(run.status().message()).isEqualTo("Analysis spec invalid: no metrics specified");
    }

    @Test
    void arguments_areEscapedIntoTheMetric() {
        JsonObject metric =
                (JsonObject) JsonReader.parse("{\"q\":\"a{{ args.x }}\"}").orThrow();
        assertThat(AnalysisArguments.into(metric, Map.of("x", "\"\n")).orThrow().text("q"))
                .isEqualTo("a\"\n");
        assertThat(AnalysisArguments.into(metric, Map.of()).problems().get(0).text())
                .isEqualTo("failed to resolve {{args.x}}");
    }
}
