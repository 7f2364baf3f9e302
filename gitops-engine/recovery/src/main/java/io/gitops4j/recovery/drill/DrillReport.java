package io.gitops4j.recovery.drill;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a drill found.
 *
 * @param snapshotId the snapshot, {@code ""} when there is none
 * @param takenAt when it was taken
 * @param ranAt when the drill began
 * @param took how long the cluster took to come back
 * @param restored objects that came from the snapshot
 * @param fromGit objects that came from Git
 * @param findings what is missing, extra or different, and what went wrong, by code; none means green. Codes: those of the store,
 *     {@code PARTIAL}, {@code MISSING}, {@code EXTRA}, {@code DIFFERENT}, {@code NO_KEY}, {@code NOT_RESTORED}, {@code GIT_REFUSED},
 *     {@code NOT_PLANNED}, {@code VOLUME_NOT_CHECKED}
 */
public record DrillReport(
        String snapshotId,
        Instant takenAt,
        Instant ranAt,
        Duration took,
        int restored,
        int fromGit,
        List<Problem> findings) {

    /** A report of these parts. */
    public DrillReport {
        findings = List.copyOf(findings);
    }

    /** Whether the cluster would come back whole. */
    public boolean green() {
        return findings.isEmpty();
    }

    /** For machines. */
    public JsonObject toJson() {
        JsonArray.Builder found = JsonArray.builder();
        findings.forEach(p -> found.add(
                JsonObject.builder().put("code", p.code()).put("text", p.text()).build()));
        return JsonObject.builder()
                .put("result", green() ? "GREEN" : "RED")
                .put("snapshotId", snapshotId)
                .put("takenAt", takenAt.toString())
                .put("ranAt", ranAt.toString())
                .put("tookMs", took.toMillis())
                .put("restored", restored)
                .put("fromGit", fromGit)
                .put("findings", found.build())
                .build();
    }

    /** One line, and one more for each finding. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(green() ? "GREEN" : "RED")
                .append(": ")
                .append(restored)
                .append(" objects from the snapshot, ")
                .append(fromGit)
                .append(" from Git");
        findings.forEach(p -> out.append("\n  ").append(p.code()).append(' ').append(p.text()));
        return out.toString();
    }
}
