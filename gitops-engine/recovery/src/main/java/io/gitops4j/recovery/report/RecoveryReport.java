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
 * @param rpo age of the last verified snapshot: what was changed since, outside of Git, would be lost; {@code null} when there is
 *     none
 * @param rtoMeasured how long the drill took
 * @param rtoEstimated how long a real cluster would take
 * @param drill the last drill
 * @param budget what is promised
 * @param applications the same for each Application, with the lag of its commit
 */
public record RecoveryReport(
        String cluster,
        Instant now,
        @Nullable Duration rpo,
        Duration rtoMeasured,
        Duration rtoEstimated,
        DrillReport drill,
        RecoveryBudget budget,
        List<ApplicationPoint> applications) {

    /** A report of these parts. */
    public RecoveryReport {
        applications = List.copyOf(applications);
    }

    private record Row(String what, String value, String limit, boolean kept) {}

    /**
     * A report.
     *
     * @param verified the newest snapshot that is as it was written, {@code null} when there is none
     */
    public static RecoveryReport of(
            @Nullable SnapshotManifest verified,
            DrillReport drill,
            RtoModel model,
            RecoveryBudget budget,
            Instant now) {
        return new RecoveryReport(
                verified == null ? "" : verified.cluster(),
                now,
                verified == null ? null : age(verified.takenAt(), now),
                drill.took(),
                verified == null ? Duration.ZERO : model.estimate(verified),
                drill,
                budget,
                List.of());
    }

    /** A copy that speaks of each Application too. */
    public RecoveryReport applications(List<ApplicationPoint> points) {
        return new RecoveryReport(cluster, now, rpo, rtoMeasured, rtoEstimated, drill, budget, points);
    }

    /** Not negative: a clock may be wrong. */
    static Duration age(Instant takenAt, Instant now) {
        Duration age = Duration.between(takenAt, now);
        return age.isNegative() ? Duration.ZERO : age;
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
        rows.add(rpo == null ? new Row("RPO", "never", text(budget.rpo()), false) : row("RPO", rpo, budget.rpo()));
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
        if (!applications.isEmpty()) {
            String line = "%-24s %-10s %-12s %-12s %s%n";
            out.append(String.format(Locale.ROOT, line, "APPLICATION", "RPO", "RECORDED", "GIT HAS", "COMMIT LAG"));
            applications.forEach(point -> out.append(String.format(
                    Locale.ROOT,
                    line,
                    point.name(),
                    point.rpo() == null ? "never" : text(point.rpo()),
                    shortened(point.recorded()),
                    shortened(point.head()),
                    point.commitLag() == null ? "unknown" : text(point.commitLag()))));
        }
        return out.append(drill).append('\n').toString().replace("\r\n", "\n");
    }

    /** Commits by their beginning; {@code -} for none. */
    private static String shortened(String commit) {
        return commit.isEmpty() ? "-" : commit.substring(0, Math.min(8, commit.length()));
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
        if (!applications.isEmpty()) {
            out.append("\n| application | RPO | recorded | Git has | commit lag |\n|---|---|---|---|---|\n");
            applications.forEach(point -> out.append("| ")
                    .append(point.name())
                    .append(" | ")
                    .append(point.rpo() == null ? "never" : text(point.rpo()))
                    .append(" | ")
                    .append(shortened(point.recorded()))
                    .append(" | ")
                    .append(shortened(point.head()))
                    .append(" | ")
                    .append(point.commitLag() == null ? "unknown" : text(point.commitLag()))
                    .append(" |\n"));
        }
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
        JsonArray.Builder points = JsonArray.builder();
        applications.forEach(point -> points.add(point.toJson()));
        JsonObject.Builder out = JsonObject.builder()
                .put("cluster", cluster)
                .put("now", now.toString())
                .put("health", health().status().wire());
        if (rpo != null) {
            out.put("rpoMs", rpo.toMillis());
        }
        return out.put("rtoMeasuredMs", rtoMeasured.toMillis())
                .put("rtoEstimatedMs", rtoEstimated.toMillis())
                .put("gates", all.build())
                .put("applications", points.build())
                .put("drill", drill.toJson())
                .build();
    }
}
