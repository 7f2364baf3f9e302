package io.gitops4j.recovery.report;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.drill.DrillReport;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How well a cluster is prepared.
 *
 * @param cluster its name
 * @param now when the report was made
 * @param rpo age of the last verified snapshot: what was changed since, outside of Git, would be lost
 * @param rtoMeasured how long the drill took
 * @param rtoEstimated how long a real cluster would take
 * @param drill the last drill
 * @param budget what is promised
 */
public record RecoveryReport(
        String cluster,
        Instant now,
        Duration rpo,
        Duration rtoMeasured,
        Duration rtoEstimated,
        DrillReport drill,
        RecoveryBudget budget) {

    private record Row(String what, String value, String limit, boolean kept) {}

    /** A report on the snapshot that a drill restored; {@code null} when it found none. */
    public static RecoveryReport of(
            @Nullable SnapshotManifest manifest,
            DrillReport drill,
            RtoModel model,
            RecoveryBudget budget,
            Instant now) {
        Duration age = Duration.between(drill.takenAt(), now);
        return new RecoveryReport(
                manifest == null ? "" : manifest.cluster(),
                now,
                age.isNegative() ? Duration.ZERO : age,
                drill.took(),
                manifest == null ? Duration.ZERO : model.estimate(manifest),
                drill,
                budget);
    }

    /** Healthy when the drill was green and every budget is kept; otherwise Degraded, with what is not. */
    public Health health() {
        List<String> broken = rows().stream()
                .filter(row -> !row.kept())
                .map(row -> row.what() + " " + row.value())
                .toList();
        return broken.isEmpty()
                ? new Health(Health.Status.HEALTHY, "")
                : new Health(Health.Status.DEGRADED, String.join("; ", broken));
    }

    private List<Row> rows() {
        Duration longer = rtoEstimated.compareTo(rtoMeasured) < 0 ? rtoMeasured : rtoEstimated;
        Duration drillAge = Duration.between(drill.ranAt(), now);
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("drill", drill.green() ? "GREEN" : "RED", "GREEN", drill.green()));
        rows.add(row("drill age", drillAge, budget.drillAge()));
        rows.add(row("RPO", rpo, budget.rpo()));
        rows.add(row("RTO measured", rtoMeasured, budget.rto()));
        rows.add(row("RTO estimated", longer, budget.rto()));
        return rows;
    }

    private static Row row(String what, Duration value, Duration limit) {
        return new Row(what, text(value), text(limit), value.compareTo(limit) <= 0);
    }

    /** {@code 1h02m}, {@code 3m05s}, {@code 1.250s}. */
    static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds >= 3600) {
            return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
        }
        return seconds >= 60
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d.%03ds", seconds, time.toMillisPart());
    }

    /** For a terminal. */
    public String toTable() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%-14s %-10s %-10s %s%n", "WHAT", "IS", "AT MOST", "KEPT"));
        for (Row row : rows()) {
            out.append(String.format(
                    Locale.ROOT, "%-14s %-10s %-10s %s%n", row.what(), row.value(), row.limit(), yes(row.kept())));
        }
        return out.append(drill).append('\n').toString().replace("\r\n", "\n");
    }

    /** For a page. */
    public String toMarkdown() {
        StringBuilder out = new StringBuilder("# Recovery of ")
                .append(cluster)
                .append("\n\nSnapshot `")
                .append(drill.snapshotId())
                .append("`, taken at ")
                .append(drill.takenAt())
                .append(". Report of ")
                .append(now)
                .append(".\n\n| what | is | at most | kept |\n|---|---|---|---|\n");
        rows().forEach(row -> out.append("| ")
                .append(row.what())
                .append(" | ")
                .append(row.value())
                .append(" | ")
                .append(row.limit())
                .append(" | ")
                .append(yes(row.kept()))
                .append(" |\n"));
        out.append("\n")
                .append(drill.restored())
                .append(" objects from the snapshot, ")
                .append(drill.fromGit())
                .append(" from Git.\n");
        drill.findings()
                .forEach(
                        p -> out.append("\n- **").append(p.code()).append("** ").append(p.text()));
        return out.append(drill.green() ? "" : "\n").toString();
    }

    private static String yes(boolean kept) {
        return kept ? "yes" : "NO";
    }

    /** For machines; times in milliseconds. */
    public JsonObject toJson() {
        JsonArray.Builder all = JsonArray.builder();
        rows().forEach(row -> all.add(JsonObject.builder()
                .put("what", row.what())
                .put("is", row.value())
                .put("atMost", row.limit())
                .put("kept", row.kept())
                .build()));
        return JsonObject.builder()
                .put("cluster", cluster)
                .put("now", now.toString())
                .put("health", health().status().wire())
                .put("rpoMs", rpo.toMillis())
                .put("rtoMeasuredMs", rtoMeasured.toMillis())
                .put("rtoEstimatedMs", rtoEstimated.toMillis())
                .put("gates", all.build())
                .put("drill", drill.toJson())
                .build();
    }
}
