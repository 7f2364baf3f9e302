package io.gitops4j.engine;

import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.snapshot.ServedKinds;
import io.gitops4j.spi.Cluster;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what an audit found where Gatekeeper's own audit writes it: {@code status.auditTimestamp}, {@code totalViolations} and the first
 * {@code violations} of every constraint. What else the status holds ({@code byPod}) is left as it is. Exempted findings do not count.
 */
public final class ConstraintStatus {
    /** How many violations Gatekeeper keeps of a constraint. */
    public static final int VIOLATIONS = 20;

    private static final String GROUP = "constraints.gatekeeper.sh";
    private static final int LONGEST_MESSAGE = 256;

    private ConstraintStatus() {}

    /**
     * Writes the status of every constraint that ran.
     *
     * @param limit how many violations of a constraint are kept
     * @return {@code CONSTRAINT_NOT_SERVED} for a kind without a CRD in the cluster, {@code CONSTRAINT_STATUS} for a constraint that is
     *     not there or whose status the server refuses; the others are written
     */
    public static List<Problem> write(Cluster cluster, ClusterAudit.Report report, int limit) {
        Map<String, Gvk> served = new LinkedHashMap<>();
        for (ApiResource resource : ServedKinds.preferred(cluster.resources())) {
            if (resource.gvk().group().equals(GROUP)) {
                served.put(resource.gvk().kind(), resource.gvk());
            }
        }
        Map<String, List<ClusterAudit.Finding>> byConstraint = report.byConstraint();
        List<Problem> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String constraint : report.constraints()) {
            int slash = constraint.indexOf('/');
            String kind = constraint.substring(0, slash);
            Gvk gvk = served.get(kind);
            if (gvk == null) {
                if (!missing.contains(kind)) {
                    missing.add(kind);
                    problems.add(Problem.error(
                                    "CONSTRAINT_NOT_SERVED",
                                    "the cluster serves no constraints of kind " + kind
                                            + ", so their status is not written")
                            .hint("add the ConstraintTemplate to a cluster where Gatekeeper runs"));
                }
                continue;
            }
            ObjectRef ref =
                    ObjectRef.of(gvk, "", constraint.substring(slash + 1)).sub("status");
            List<ClusterAudit.Finding> counted = byConstraint.getOrDefault(constraint, List.of()).stream()
                    .filter(found -> found.exemption() == null)
                    .toList();
            JsonObject status = status(report, counted, limit);
            try {
                cluster.patch(ref, PatchType.MERGE, JsonObject.of("status", status), WriteOptions.defaults());
            } catch (GitOpsException e) {
                problems.add(Problem.error(
                        "CONSTRAINT_STATUS", "the status of " + constraint + " is not written: " + e.getMessage()));
            }
        }
        return List.copyOf(problems);
    }

    private static JsonObject status(ClusterAudit.Report report, List<ClusterAudit.Finding> found, int limit) {
        JsonArray.Builder violations = JsonArray.builder();
        found.stream().limit(limit).forEach(each -> violations.add(violation(each)));
        return JsonObject.builder()
                .put(
                        "auditTimestamp",
                        report.at().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("totalViolations", found.size())
                .put("violations", found.isEmpty() || limit == 0 ? Json.nul() : violations.build())
                .build();
    }

    private static JsonObject violation(ClusterAudit.Finding found) {
        Violation violation = found.violation();
        ResourceKey key = violation.subject();
        JsonObject.Builder out = JsonObject.builder()
                .put("enforcementAction", violation.action())
                .put("group", key.group())
                .put("version", Gvk.of(found.apiVersion(), key.kind()).version())
                .put("kind", key.kind())
                .put("name", key.name());
        if (!key.namespace().isEmpty()) {
            out.put("namespace", key.namespace());
        }
        String message = violation.message();
        return out.put(
                        "message",
                        message.length() > LONGEST_MESSAGE ? message.substring(0, cut(message)) + "..." : message)
                .build();
    }

    /** Never between two halves of a character. */
    private static int cut(String message) {
        int end = LONGEST_MESSAGE - 3;
        return Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end;
    }
}
