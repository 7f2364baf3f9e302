package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.rollout.analysis.MetricAnswer;
import io.gitops4j.rollout.simulate.Operator;
import io.gitops4j.rollout.simulate.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Metric curves and a person's actions as the command line spells them. */
final class RolloutCurves {
    private RolloutCurves() {}

    /** {@code name=1@12m:0.5@20m:NaN}: values from times on; {@code none} is no data, {@code error} a provider that is down. */
    static void add(Simulation simulation, String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new GitOpsException("METRIC_INVALID", "not NAME=VALUE[@TIME:VALUE...]: " + text);
        }
        TreeMap<Duration, MetricAnswer> values = new TreeMap<>();
        for (String part : text.substring(equals + 1).split("@", -1)) {
            int colon = part.indexOf(':');
            Duration from = colon < 0 ? Duration.ZERO : RolloutCommand.duration(part.substring(0, colon));
            values.put(from, answer(part.substring(colon + 1)));
        }
        // the curve is asked in the simulation's own time, which begins at its first question at the earliest
        Instant start = Simulation.START;
        simulation.measurement(text.substring(0, equals), now -> {
            var entry = values.floorEntry(Duration.between(start, now));
            return entry == null ? MetricAnswer.value(List.of(1.0)) : entry.getValue();
        });
    }

    private static MetricAnswer answer(String text) {
        switch (text) {
            case "none":
                return MetricAnswer.value(List.of());
            case "error":
                return MetricAnswer.error("the provider is down");
            default:
                try {
                    return MetricAnswer.value(List.of(Double.parseDouble(text)));
                } catch (NumberFormatException e) {
                    throw new GitOpsException("METRIC_INVALID", "not a number, none or error: " + text, e);
                }
        }
    }

    /** {@code 30m=promote}. */
    static void operate(Simulation simulation, String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new GitOpsException("ACTION_INVALID", "not TIME=ACTION: " + text);
        }
        Consumer<Operator> action = switch (text.substring(equals + 1)) {
            case "promote" -> Operator::promote;
            case "promote-full" -> Operator::promoteFull;
            case "abort" -> Operator::abort;
            case "retry" -> Operator::retry;
            case "pause" -> Operator::pause;
            case "skip" -> Operator::skip;
            case "restart" -> Operator::restart;
            case "undo" -> Operator::undo;
            default -> throw new GitOpsException("ACTION_INVALID", "no such action: " + text.substring(equals + 1));
        };
        simulation.at(RolloutCommand.duration(text.substring(0, equals)), action);
    }
}
