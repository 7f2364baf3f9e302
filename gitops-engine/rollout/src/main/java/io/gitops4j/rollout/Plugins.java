package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.rollout.spec.CanaryStep;
import io.gitops4j.rollout.spec.CanaryStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Step plugins: when they are called, and what their answers do. Source: Rollouts §2.17. */
final class Plugins {
    private static final long DEFAULT_BACKOFF = 30;
    private static final long LEAST_BACKOFF = 10;

    private Plugins() {}

    static void run(Pass pass, CanaryStrategy canary) {
        List<PluginStatus> statuses = new ArrayList<>(pass.before.plugins());
        Integer index = pass.before.currentStepIndex();
        boolean moving =
                !pass.before.stableRS().isEmpty() && !pass.before.stableRS().equals(pass.newHash);
        CanaryStep step = index == null || index >= canary.steps().size()
                ? null
                : canary.steps().get(index);
        if (pass.aborted()) {
            abort(pass, statuses);
        } else if (pass.before.promoteFull()) {
            terminate(pass, statuses);
        } else if (moving && step != null && index != null && step.kind() == CanaryStep.Kind.PLUGIN) {
            call(pass, statuses, index, step);
        }
        pass.next.plugins(statuses);
    }

    /** Whether the plugin of a step has come to an end that lets the step pass. */
    static boolean finished(Pass pass, int index) {
        PluginStatus status = find(pass.next.plugins, index, "Run");
        return status != null && (status.disabled() || status.phase().equals("Successful"));
    }

    private static @Nullable PluginStatus find(List<PluginStatus> statuses, int index, String operation) {
        for (PluginStatus status : statuses) {
            if (status.index() == index && status.operation().equals(operation)) {
                return status;
            }
        }
        return null;
    }

    private static void call(Pass pass, List<PluginStatus> statuses, int index, CanaryStep step) {
        String name = step.part("plugin").text("name", "");
        PluginStatus known = find(statuses, index, "Run");
        if (step.part("plugin").bool("disabled", false)) {
            if (known == null) {
                statuses.add(new PluginStatus(
                        index, name, "Run", "Successful", "", pass.stamp, pass.stamp, 0, Json.nul(), true, 0));
            }
            return;
        }
        PluginStatus status = known != null
                ? known
                : new PluginStatus(index, name, "Run", "Running", "", pass.stamp, null, 0, Json.nul(), false, 0);
        PluginStatus answered = answered(pass, status);
        replace(statuses, answered);
        if (answered.phase().equals("Failed")) {
            pass.abort("Step Plugin " + (index + 1) + " (" + name + ") failed: " + answered.message());
        } else if (!answered.phase().equals("Successful")) {
            request(pass, answered);
        }
    }

    private static PluginStatus answered(Pass pass, PluginStatus status) {
        for (Observation.PluginAnswer answer : pass.seen.extras().pluginAnswers()) {
            if (answer.index() != status.index()
                    || !answer.operation().equals(status.operation())
                    || answer.execution() != status.executions() + 1) {
                continue;
            }
            boolean error = answer.phase().equals("Error");
            long asked = answer.requeueSeconds();
            long backoff = error || asked <= LEAST_BACKOFF ? DEFAULT_BACKOFF : asked;
            String phase =
                    status.operation().equals("Terminate") && answer.phase().equals("Running")
                            ? "Failed"
                            : answer.phase();
            return new PluginStatus(
                    status.index(),
                    status.name(),
                    status.operation(),
                    phase,
                    answer.message(),
                    status.startedAt(),
                    pass.stamp,
                    backoff,
                    error ? status.payload() : answer.payload(),
                    false,
                    answer.execution());
        }
        return status;
    }

    private static void request(Pass pass, PluginStatus status) {
        Instant last = status.updatedAt();
        Instant due = last == null ? null : last.plusSeconds(status.backoff());
        if (due != null && pass.now.isBefore(due)) {
            pass.wake(due);
            return;
        }
        pass.actions.add(new Action.CallPlugin(
                status.index(), status.name(), status.operation(), status.executions() + 1, status.payload()));
    }

    private static void abort(Pass pass, List<PluginStatus> statuses) {
        for (PluginStatus ran : List.copyOf(statuses)) {
            boolean undo = ran.operation().equals("Run")
                    && !ran.disabled()
                    && (ran.phase().equals("Running") || ran.phase().equals("Successful"));
            if (undo && find(statuses, ran.index(), "Abort") == null) {
                statuses.add(new PluginStatus(
                        ran.index(), ran.name(), "Abort", "Running", "", pass.stamp, null, 0, ran.payload(), false, 0));
            }
        }
        for (int i = statuses.size() - 1; i >= 0; i--) {
            if (statuses.get(i).operation().equals("Abort")) {
                once(pass, statuses, statuses.get(i));
            }
        }
    }

    private static void terminate(Pass pass, List<PluginStatus> statuses) {
        for (PluginStatus ran : List.copyOf(statuses)) {
            if (ran.operation().equals("Run")
                    && ran.phase().equals("Running")
                    && find(statuses, ran.index(), "Terminate") == null) {
                statuses.add(new PluginStatus(
                        ran.index(),
                        ran.name(),
                        "Terminate",
                        "Running",
                        "",
                        pass.stamp,
                        null,
                        0,
                        ran.payload(),
                        false,
                        0));
            }
        }
        for (PluginStatus status : List.copyOf(statuses)) {
            if (status.operation().equals("Terminate")) {
                once(pass, statuses, status);
            }
        }
    }

    private static void once(Pass pass, List<PluginStatus> statuses, PluginStatus status) {
        PluginStatus answered = answered(pass, status);
        replace(statuses, answered);
        if (answered.executions() == 0) {
            request(pass, answered);
        }
    }

    private static void replace(List<PluginStatus> statuses, PluginStatus status) {
        for (int i = 0; i < statuses.size(); i++) {
            PluginStatus old = statuses.get(i);
            if (old.index() == status.index() && Objects.equals(old.operation(), status.operation())) {
                statuses.set(i, status);
                return;
            }
        }
        statuses.add(status);
    }
}
