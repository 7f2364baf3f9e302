package io.gitops4j.sync;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a sync will do: every object of the application in the order in which it is dealt with. Immutable, hashable,
 * printable; {@link SyncRunner} refuses to run it when the live objects have moved on.
 *
 * @param application its name
 * @param revision what is desired comes from there
 * @param steps every object, also those with nothing to do
 * @param spec the operation that carries the plan out
 * @param problems warnings
 */
public record Plan(String application, String revision, List<PlanStep> steps, SyncSpec spec, List<Problem> problems) {

    /** A plan of these parts. */
    public Plan {
        steps = List.copyOf(steps);
        problems = List.copyOf(problems);
    }

    /** Whether nothing is to be written. */
    public boolean isNoop() {
        return steps.stream().noneMatch(PlanStep::writes);
    }

    /** Whether anything is out of sync: something to write that is no hook, or an object that should go but stays. */
    public boolean outOfSync() {
        return steps.stream()
                .anyMatch(step -> step.action() != PlanStep.Action.NOOP
                        && step.action() != PlanStep.Action.HOOK
                        && !(isGoing(step) && isExtraneous(step)));
    }

    private static boolean isGoing(PlanStep step) {
        return step.action() == PlanStep.Action.KEEP || step.action() == PlanStep.Action.DELETE;
    }

    /** Whether an object asks not to make the application out of sync when it only needs pruning. */
    private static boolean isExtraneous(PlanStep step) {
        return Hooks.commaList(Hooks.annotation(step.task().subject(), "argocd.argoproj.io/compare-options"))
                .contains("IgnoreExtraneous");
    }

    /** How many steps there are of each action. */
    public Map<PlanStep.Action, Integer> counts() {
        Map<PlanStep.Action, Integer> counts = new EnumMap<>(PlanStep.Action.class);
        for (PlanStep step : steps) {
            counts.merge(step.action(), 1, Integer::sum);
        }
        return counts;
    }

    /** A digest of all that the plan says and writes: two plans with one hash do the same. */
    public String hash() {
        try {
            MessageDigest whole = MessageDigest.getInstance("SHA-256");
            whole.update(toJson().canonical().getBytes(StandardCharsets.UTF_8));
            for (PlanStep step : steps) {
                JsonObject target = step.writes() ? step.task().target() : null;
                if (target != null) {
                    whole.update(target.canonical().getBytes(StandardCharsets.UTF_8));
                }
            }
            byte[] digest = whole.digest();
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The plan as JSON. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("application", application)
                .put("revision", revision)
                .put("steps", JsonArray.of(steps.stream().map(PlanStep::toJson).toList()))
                .build();
    }

    /** A line for each step that does something, and a summary. */
    public String display() {
        StringBuilder out = new StringBuilder();
        for (PlanStep step : steps) {
            if (step.action() == PlanStep.Action.NOOP) {
                continue;
            }
            out.append(step.action().name().toLowerCase(java.util.Locale.ROOT))
                    .append(' ')
                    .append(step.task().key())
                    .append("  ")
                    .append(step.reason())
                    .append('\n');
            for (FieldChange change : step.changes()) {
                out.append("    ")
                        .append(change.path())
                        .append(": ")
                        .append(change.before() == null ? "-" : change.before().toJson())
                        .append(" -> ")
                        .append(change.after() == null ? "-" : change.after().toJson())
                        .append('\n');
            }
        }
        out.append(application).append(" @ ").append(revision).append(": ");
        counts().forEach((action, count) -> out.append(count)
                .append(' ')
                .append(action.name().toLowerCase(java.util.Locale.ROOT))
                .append("  "));
        return out.toString().stripTrailing() + "\n";
    }
}
