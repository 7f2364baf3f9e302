package io.gitops4j.rollout.analysis;

import io.gitops4j.rollout.expr.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of an AnalysisRun. One step takes the answers that came in, decides the phase of every metric and of the
 * run, and says what is to be measured now and when to look again. A request that got lost is made again by the next step:
 * what is in flight is in the status.
 *
 * <p>Source: Rollouts §3.3–§3.5.
 */
public final class AnalysisRunMachine {
    /** After an error a metric is measured again this much later, whatever its interval. */
    static final Duration ERROR_RETRY = Duration.ofSeconds(10);

    private AnalysisRunMachine() {}

    /**
     * Something to be measured.
     *
     * @param metric which
     * @param resume whether it was asked for before
     */
    public record Request(Metric metric, boolean resume) {}

    /**
     * The outcome of a step.
     *
     * @param status the next status; the same object when nothing changed
     * @param requests what to measure now
     * @param terminations names of the metrics whose measurement in flight is to be stopped
     * @param wakeAt when to step again, {@code null} for when something happens
     */
    public record Transition(
            AnalysisRunStatus status,
            List<Request> requests,
            List<String> terminations,
            @Nullable Instant wakeAt) {}

    /**
     * A decided phase and the limit that decided it.
     *
     * @param phase of a metric
     * @param limit the limit that was passed, {@code ""} for none
     */
    public record Assessment(AnalysisPhase phase, String limit) {}

    /** One step. Answers are by metric name; an answer for a metric with nothing in flight is dropped. */
    public static Transition step(
            AnalysisSpec spec, AnalysisRunStatus status, Map<String, MetricAnswer> answers, Instant now) {
        if (status.completed()) {
            return new Transition(status, List.of(), List.of(), null);
        }
        if (spec.invalid() != null) {
            return ended(status, AnalysisPhase.ERROR, "Analysis spec invalid: " + spec.invalid(), now);
        }
        boolean terminating = terminating(spec.terminate(), status.results());
        List<MetricResult> results = new ArrayList<>();
        List<String> stopped = new ArrayList<>();
        for (Metric metric : spec.metrics()) {
            MetricResult known = status.result(metric.name());
            MetricResult result =
                    known == null ? MetricResult.of(metric.name(), spec.dryRun().contains(metric.name())) : known;
            results.add(answered(metric, result, answers.get(metric.name()), terminating, stopped, now)
                    .retained(spec.retention(metric.name())));
        }
        Instant startedAt = status.startedAt() == null ? now : status.startedAt();
        AnalysisRunStatus assessed = assess(spec, results, terminating, status, startedAt, now);
        List<Request> requests = new ArrayList<>();
        AnalysisRunStatus asked = assessed.completed() ? assessed : ask(spec, assessed, requests, now);
        AnalysisRunStatus next = asked.equals(status) ? status : asked;
        return new Transition(
                next, List.copyOf(requests), List.copyOf(stopped), next.completed() ? null : wakeAt(spec, next, now));
    }

    /** A run that ends before anything is measured, as when its arguments cannot be resolved. */
    public static Transition ended(AnalysisRunStatus status, AnalysisPhase phase, String message, Instant now) {
        return new Transition(
                new AnalysisRunStatus(phase, message, now, now, status.results(), null), List.of(), List.of(), null);
    }

    private static MetricResult answered(
            Metric metric,
            MetricResult result,
            @Nullable MetricAnswer answer,
            boolean terminating,
            List<String> stopped,
            Instant now) {
        Measurement last = result.last();
        if (last == null || !last.inFlight() || result.completed()) {
            return result;
        }
        if (answer == null) {
            if (!terminating) {
                return result;
            }
            stopped.add(metric.name());
            // a Job cannot say how it would have ended; a query that is given up counts for nothing
            boolean job = metric.providers().contains("job");
            return job
                    ? result.withLast(finished(last, AnalysisPhase.INCONCLUSIVE, "", "Metric Terminated", now))
                    : withoutLast(result);
        }
        if (answer.outcome() != null) {
            return answer.outcome().completed()
                    ? result.withLast(finished(last, answer.outcome(), "", answer.message(), now))
                    : result.withLast(new Measurement(
                            AnalysisPhase.RUNNING, last.startedAt(), null, answer.resumeAt(), "", answer.message()));
        }
        if (answer.error() != null) {
            return result.withLast(finished(last, AnalysisPhase.ERROR, "", answer.error(), now));
        }
        Judgement judgement = Judgement.of(metric, answer.value(), now);
        return result.withLast(
                finished(last, judgement.phase(), Values.text(answer.value()), judgement.message(), now));
    }

    private static MetricResult withoutLast(MetricResult result) {
        return new MetricResult(
                result.name(),
                result.phase(),
                result.counts(),
                result.measurements().subList(0, result.measurements().size() - 1),
                result.message(),
                result.dryRun());
    }

    private static Measurement finished(
            Measurement started, AnalysisPhase phase, String value, String message, Instant now) {
        return new Measurement(phase, started.startedAt(), now, null, value, message);
    }

    /** Whether a run is being ended: on demand, or because a metric that counts has already gone wrong. */
    public static boolean terminating(boolean terminate, List<MetricResult> results) {
        if (terminate) {
            return true;
        }
        for (MetricResult result : results) {
            AnalysisPhase phase = result.phase();
            if (!result.dryRun()
                    && (phase == AnalysisPhase.FAILED
                            || phase == AnalysisPhase.ERROR
                            || phase == AnalysisPhase.INCONCLUSIVE)) {
                return true;
            }
        }
        return false;
    }

    /** The phase of one metric. Of several limits that were passed the last one in the order of the rules decides. */
    public static Assessment assess(Metric metric, MetricResult result, boolean terminating) {
        if (result.phase() != null && result.phase().completed()) {
            return new Assessment(result.phase(), limit(metric, result.counts()).limit());
        }
        Measurement last = result.last();
        if (last == null) {
            return new Assessment(terminating ? AnalysisPhase.SUCCESSFUL : AnalysisPhase.PENDING, "");
        }
        if (last.inFlight()) {
            return new Assessment(AnalysisPhase.RUNNING, "");
        }
        MetricResult.Counts counts = result.counts();
        Assessment limited = limit(metric, counts);
        if (!limited.limit().isEmpty()) {
            return limited;
        }
        int streak = metric.consecutiveSuccessLimit();
        if (streak > 0 && counts.consecutiveSuccess() >= streak) {
            return new Assessment(AnalysisPhase.SUCCESSFUL, "");
        }
        Integer count = metric.effectiveCount();
        if (count != null && counts.count() >= count) {
            boolean failures = metric.failureLimit() >= 0;
            AnalysisPhase end = streak == 0
                    ? AnalysisPhase.SUCCESSFUL
                    : failures ? AnalysisPhase.INCONCLUSIVE : AnalysisPhase.FAILED;
            return new Assessment(end, "");
        }
        return new Assessment(terminating ? AnalysisPhase.SUCCESSFUL : AnalysisPhase.RUNNING, "");
    }

    /** The last limit that the counters passed; Running without text when none was. */
    public static Assessment limit(Metric metric, MetricResult.Counts counts) {
        Assessment found = new Assessment(AnalysisPhase.RUNNING, "");
        if (metric.failureLimit() >= 0 && counts.failed() > metric.failureLimit()) {
            found = new Assessment(
                    AnalysisPhase.FAILED,
                    "failed (" + counts.failed() + ") > failureLimit (" + metric.failureLimit() + ")");
        }
        if (counts.inconclusive() > metric.inconclusiveLimit()) {
            found = new Assessment(
                    AnalysisPhase.INCONCLUSIVE,
                    "inconclusive (" + counts.inconclusive() + ") > inconclusiveLimit (" + metric.inconclusiveLimit()
                            + ")");
        }
        if (counts.consecutiveError() > metric.consecutiveErrorLimit()) {
            found = new Assessment(
                    AnalysisPhase.ERROR,
                    "consecutiveErrors (" + counts.consecutiveError() + ") > consecutiveErrorLimit ("
                            + metric.consecutiveErrorLimit() + ")");
        }
        return found;
    }

    /**
     * The phase of the run out of its metrics' results.
     *
     * @param results in the order of the metrics; a metric without one is pending
     * @param terminating as it was at the start of the step
     */
    public static AnalysisRunStatus assess(
            AnalysisSpec spec,
            List<MetricResult> results,
            boolean terminating,
            AnalysisRunStatus before,
            Instant startedAt,
            Instant now) {
        AnalysisPhase worst = null;
        String message = "";
        boolean all = true;
        List<MetricResult> assessed = new ArrayList<>();
        for (MetricResult result : results) {
            Metric metric = metric(spec, result.name());
            Assessment assessment =
                    metric == null ? new Assessment(AnalysisPhase.PENDING, "") : assess(metric, result, terminating);
            String text = assessment.limit().isEmpty()
                    ? ""
                    : assessment.phase().wire() + " due to " + assessment.limit() + providerText(result);
            boolean untouched = result.phase() == null && result.last() == null;
            String shown = result.dryRun() && !text.isEmpty() ? "Metric assessed " + text : result.message();
            if (!untouched) {
                assessed.add(result.in(assessment.phase(), shown));
            } else if (terminating) {
                assessed.add(result.in(AnalysisPhase.SUCCESSFUL, ""));
            } else {
                assessed.add(result);
            }
            if (result.dryRun()) {
                continue;
            }
            all &= assessment.phase().completed();
            if (assessment.phase().completed() && assessment.phase().worseThan(worst)) {
                worst = assessment.phase();
                message = text.isEmpty() ? message : "Metric \"" + result.name() + "\" assessed " + text;
            }
        }
        boolean dryDone = assessed.stream().allMatch(r -> !r.dryRun() || r.completed());
        boolean onlyDry = assessed.stream().allMatch(MetricResult::dryRun);
        boolean ends = terminating || (all && (!onlyDry || dryDone));
        if (!ends) {
            return new AnalysisRunStatus(
                    AnalysisPhase.RUNNING, "", startedAt, null, visible(assessed), before.dryRunSummary());
        }
        AnalysisPhase end = worst == null ? AnalysisPhase.SUCCESSFUL : worst;
        String text = message.isEmpty() && spec.terminate() ? "Run Terminated" : message;
        return new AnalysisRunStatus(end, text, startedAt, now, visible(assessed), summary(spec, assessed));
    }

    private static List<MetricResult> visible(List<MetricResult> results) {
        return results.stream()
                .filter(result -> result.phase() != null || result.last() != null)
                .toList();
    }

    private static String providerText(MetricResult result) {
        String message = result.providerMessage();
        return message.isEmpty() ? "" : ": \"Error Message: " + message + "\"";
    }

    private static @Nullable Metric metric(AnalysisSpec spec, String name) {
        for (Metric metric : spec.metrics()) {
            if (metric.name().equals(name)) {
                return metric;
            }
        }
        return null;
    }

    private static AnalysisRunStatus.Summary summary(AnalysisSpec spec, List<MetricResult> results) {
        int[] counts = new int[4];
        for (MetricResult result : results) {
            if (!result.dryRun()
                    || result.phase() == null
                    || result.measurements().isEmpty()) {
                continue;
            }
            switch (result.phase()) {
                case SUCCESSFUL -> counts[0]++;
                case FAILED -> counts[1]++;
                case INCONCLUSIVE -> counts[2]++;
                case ERROR -> counts[3]++;
                case RUNNING, PENDING -> {}
            }
        }
        return new AnalysisRunStatus.Summary(spec.dryRun().size(), counts[0], counts[1], counts[2], counts[3]);
    }

    /** What is due now. */
    public static List<Request> due(AnalysisSpec spec, AnalysisRunStatus status, Instant now) {
        List<Request> due = new ArrayList<>();
        if (terminating(spec.terminate(), status.results())) {
            return List.of();
        }
        for (Metric metric : spec.metrics()) {
            MetricResult result = status.result(metric.name());
            if (result != null && result.completed()) {
                continue;
            }
            Measurement last = result == null ? null : result.last();
            if (last != null && last.inFlight()) {
                if (last.resumeAt() == null || !now.isBefore(last.resumeAt())) {
                    due.add(new Request(metric, true));
                }
                continue;
            }
            Instant at = nextStart(metric, result, status.startedAt(), now);
            boolean strict = last != null;
            if (at != null && (strict ? now.isAfter(at) : !now.isBefore(at))) {
                due.add(new Request(metric, false));
            }
        }
        return List.copyOf(due);
    }

    /** When the next measurement may start, or {@code null} for never. */
    private static @Nullable Instant nextStart(
            Metric metric, @Nullable MetricResult result, @Nullable Instant startedAt, Instant now) {
        Measurement last = result == null ? null : result.last();
        if (result == null || last == null) {
            if (!metric.delayed()) {
                return now;
            }
            Duration delay = metric.initialDelay();
            return delay == null || startedAt == null ? null : startedAt.plus(delay);
        }
        Integer count = metric.effectiveCount();
        if (last.finishedAt() == null || (count != null && result.counts().count() >= count)) {
            return null;
        }
        if (last.phase() == AnalysisPhase.ERROR) {
            return last.finishedAt().plus(ERROR_RETRY);
        }
        return metric.interval() == null ? last.finishedAt() : last.finishedAt().plus(metric.interval());
    }

    private static AnalysisRunStatus ask(
            AnalysisSpec spec, AnalysisRunStatus status, List<Request> requests, Instant now) {
        List<MetricResult> results = new ArrayList<>();
        List<Request> due = due(spec, status, now);
        for (Metric metric : spec.metrics()) {
            MetricResult known = status.result(metric.name());
            Request request =
                    due.stream().filter(r -> r.metric() == metric).findFirst().orElse(null);
            if (request != null) {
                requests.add(request);
                MetricResult result = known == null
                        ? MetricResult.of(metric.name(), spec.dryRun().contains(metric.name()))
                        : known;
                known = request.resume()
                        ? result
                        : result.with(Measurement.started(now)).in(AnalysisPhase.RUNNING, result.message());
            }
            if (known != null) {
                results.add(known);
            }
        }
        return new AnalysisRunStatus(
                status.phase(), status.message(), status.startedAt(), null, results, status.dryRunSummary());
    }

    /** When something falls due by itself, or {@code null}. A start is strictly after the interval, hence one second later. */
    public static @Nullable Instant wakeAt(AnalysisSpec spec, AnalysisRunStatus status, Instant now) {
        Instant wake = null;
        for (Metric metric : spec.metrics()) {
            MetricResult result = status.result(metric.name());
            if (result != null && result.completed()) {
                continue;
            }
            Measurement last = result == null ? null : result.last();
            Instant at = last != null && last.inFlight()
                    ? last.resumeAt()
                    : nextStart(metric, result, status.startedAt(), now);
            if (at != null && (wake == null || at.isBefore(wake))) {
                wake = at;
            }
        }
        return wake;
    }

    /**
     * Whether a completed run is old enough to be deleted.
     *
     * @param afterCompletion seconds, {@code null} for none; the other two override it for their phase
     */
    public static boolean expired(
            @Nullable Integer afterCompletion,
            @Nullable Integer afterSuccess,
            @Nullable Integer afterFailure,
            AnalysisPhase phase,
            Duration sinceCompletion) {
        Integer own =
                phase == AnalysisPhase.SUCCESSFUL ? afterSuccess : phase == AnalysisPhase.FAILED ? afterFailure : null;
        Integer ttl = own != null ? own : afterCompletion;
        return ttl != null && sinceCompletion.compareTo(Duration.ofSeconds(ttl)) > 0;
    }
}
