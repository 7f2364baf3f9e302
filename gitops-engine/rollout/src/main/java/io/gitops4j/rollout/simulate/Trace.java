package io.gitops4j.rollout.simulate;

import io.gitops4j.rollout.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a simulated update did, from its start until it rested: an ordered list of rows with a stable text form. */
public final class Trace {
    private static final List<String> QUIET = List.of(
            "AnalysisRunError",
            "AnalysisRunFailed",
            "AnalysisRunInconclusive",
            "AnalysisRunRunning",
            "AnalysisRunSuccessful",
            "ScalingReplicaSet",
            "RolloutNotCompleted",
            "TrafficWeightUpdated",
            "NewReplicaSetCreated",
            "RolloutResumed",
            "RolloutPaused");

    private final String name;
    private final Instant start;
    private final Extent extent;
    private final List<Row> rows;
    private final List<Transition.Decision> lastDecisions;

    /** The phases of a rollout. */
    public enum Phase {
        HEALTHY,
        PROGRESSING,
        PAUSED,
        DEGRADED
    }

    /**
     * The state of things from one moment on.
     *
     * @param at time since the start
     * @param phase of the rollout
     * @param message of the phase
     * @param step {@code 3/9 setWeight: 30}, {@code ""} without steps
     * @param weight percent of the traffic that reaches the new revision
     * @param pods counts
     * @param events what happened at that moment, in order
     */
    public record Row(
            Duration at, Phase phase, String message, String step, int weight, PodCounts pods, List<Event> events) {

        boolean sameState(Row other) {
            return phase == other.phase
                    && message.equals(other.message)
                    && step.equals(other.step)
                    && weight == other.weight
                    && pods.equals(other.pods);
        }
    }

    /**
     * Pods at one moment.
     *
     * @param canary pods of the new revision
     * @param canaryAvailable available ones
     * @param stable pods of all other revisions
     * @param stableAvailable available ones
     */
    public record PodCounts(int canary, int canaryAvailable, int stable, int stableAvailable) {

        /** All pods. */
        public int total() {
            return canary + stable;
        }

        /** All available pods. */
        public int available() {
            return canaryAvailable + stableAvailable;
        }
    }

    /**
     * Something that happened.
     *
     * @param reason one word
     * @param message one sentence
     */
    public record Event(String reason, String message) {}

    /**
     * How far an update went.
     *
     * @param length from the start until the last change
     * @param peakPods the most pods at once, between two rows as well
     * @param minAvailable the fewest available pods at once
     */
    public record Extent(Duration length, int peakPods, int minAvailable) {}

    Trace(String name, Instant start, Extent extent, List<Row> rows, List<Transition.Decision> lastDecisions) {
        this.name = name;
        this.start = start;
        this.extent = extent;
        this.rows = List.copyOf(rows);
        this.lastDecisions = List.copyOf(lastDecisions);
    }

    /** The name of the rollout. */
    public String name() {
        return name;
    }

    /** When the update was asked for. */
    public Instant start() {
        return start;
    }

    /** From the start until the last change. */
    public Duration length() {
        return extent.length();
    }

    /** The rows, in order of time. */
    public List<Row> rows() {
        return rows;
    }

    /** The phase at the end. */
    public Phase finalPhase() {
        return rows.get(rows.size() - 1).phase();
    }

    /** The message of the phase at the end. */
    public String finalMessage() {
        return rows.get(rows.size() - 1).message();
    }

    /** The state at a time since the start. */
    public Row at(Duration time) {
        Row found = rows.get(0);
        for (Row row : rows) {
            if (row.at().compareTo(time) <= 0) {
                found = row;
            }
        }
        return found;
    }

    /** Percent of the traffic that reaches the new revision at a time since the start. */
    public int weightAt(Duration time) {
        return at(time).weight();
    }

    /** The most pods there were at once. */
    public int peakPods() {
        return extent.peakPods();
    }

    /** The fewest available pods there were at once. */
    public int minAvailable() {
        return extent.minAvailable();
    }

    /** When the new revision served everything, or {@code null} when it never did. */
    public @Nullable Duration promotedAfter() {
        for (Row row : rows) {
            if (row.events().stream().anyMatch(event -> event.reason().equals("RolloutCompleted"))) {
                return row.at();
            }
        }
        return null;
    }

    /** Why the rollout is where it is: the decisions of the last step, one a line. */
    public String explain() {
        StringBuilder out = new StringBuilder();
        out.append(finalPhase())
                .append(finalMessage().isEmpty() ? "" : ": " + finalMessage())
                .append('\n');
        for (Transition.Decision decision : lastDecisions) {
            out.append("  ").append(decision).append('\n');
        }
        return out.toString();
    }

    /** The timeline as a table: time, phase, step, weight, canary and stable as available/wanted, events. */
    public String toTable() {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"TIME", "PHASE", "STEP", "WEIGHT", "CANARY", "STABLE", "WHAT"});
        for (Row row : rows) {
            cells.add(new String[] {
                clock(row.at()),
                title(row.phase()),
                row.step(),
                row.weight() + "%",
                row.pods().canaryAvailable() + "/" + row.pods().canary(),
                row.pods().stableAvailable() + "/" + row.pods().stable(),
                what(row)
            });
        }
        int[] widths = new int[7];
        for (String[] line : cells) {
            for (int i = 0; i < 6; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                text.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
            }
            out.append((text + line[6]).stripTrailing()).append('\n');
        }
        return out.toString();
    }

    private static String what(Row row) {
        List<String> shown = new ArrayList<>();
        for (Event event : row.events()) {
            if (!QUIET.contains(event.reason())) {
                shown.add(event.message());
            }
        }
        if (shown.isEmpty() && !row.message().isEmpty()) {
            return row.message();
        }
        return String.join("; ", shown);
    }

    private static String title(Phase phase) {
        String name = phase.name().toLowerCase(Locale.ROOT);
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** {@code 1h02m03s}, {@code 10m00s}, without fractions. */
    static String clock(Duration time) {
        long seconds = time.toSeconds();
        String minutes = String.format(Locale.ROOT, "%02dm%02ds", seconds / 60 % 60, seconds % 60);
        return seconds >= 3600 ? seconds / 3600 + "h" + minutes : minutes;
    }

    @Override
    public String toString() {
        return toTable();
    }
}
