package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.ClusterAudit;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reports of several clusters, and their forms. */
final class AuditReports {
    /** How they are printed. */
    enum Format {
        TEXT,
        JSON,
        YAML,
        JUNIT
    }

    private final Map<String, ClusterAudit.Report> byCluster = new LinkedHashMap<>();

    void add(String cluster, ClusterAudit.Report report) {
        byCluster.put(cluster, report);
    }

    /** All problems, each once, those of several clusters with the cluster's name. */
    List<Problem> problems() {
        List<Problem> all = new ArrayList<>();
        byCluster.forEach((cluster, report) -> {
            for (Problem problem : report.problems()) {
                Problem named = problem.where().file().isEmpty()
                        ? new Problem(
                                problem.severity(),
                                problem.code(),
                                cluster + ": " + problem.text(),
                                problem.where(),
                                problem.hint())
                        : problem;
                if (!all.contains(named)) {
                    all.add(named);
                }
            }
        });
        return all;
    }

    boolean denies() {
        return byCluster.values().stream()
                .anyMatch(report -> report.findings().stream().anyMatch(ClusterAudit.Finding::denies));
    }

    void print(Format format, PrintWriter out) {
        switch (format) {
            case TEXT -> text(out);
            case JSON -> out.println(json().toJson());
            case YAML -> out.print(YamlWriter.write(json()));
            case JUNIT -> junit(out);
        }
    }

    private void text(PrintWriter out) {
        Table table = new Table("CLUSTER", "ACTION", "CONSTRAINT", "OBJECT", "MESSAGE");
        byCluster.forEach((cluster, report) -> report.findings()
                .forEach(found -> table.row(
                        cluster,
                        found.exemption() == null ? found.violation().action() : "exempted",
                        found.violation().policy(),
                        found.violation().subject().toString(),
                        message(found))));
        out.print(table);
        byCluster.forEach((cluster, report) -> out.println(cluster + ": " + report.objects() + " objects, "
                + report.constraints().size() + " constraints, "
                + report.findings().stream()
                        .filter(found -> found.exemption() == null)
                        .count()
                + " violations" + (report.complete() ? "" : ", not complete")));
    }

    private static String message(ClusterAudit.Finding found) {
        Exemption by = found.exemption();
        String message = found.violation().message();
        return by == null
                ? message
                : message + " (exempted until " + by.expires() + " by " + by.name() + ": " + by.reason() + ")";
    }

    private JsonObject json() {
        List<JsonObject> clusters = new ArrayList<>();
        byCluster.forEach((cluster, report) -> clusters.add(JsonObject.builder()
                .put("cluster", cluster)
                .put("auditTimestamp", report.at().toString())
                .put("complete", report.complete())
                .put("objects", report.objects())
                .put(
                        "constraints",
                        JsonArray.of(report.byConstraint().entrySet().stream()
                                .map(constraint -> JsonObject.builder()
                                        .put("name", constraint.getKey())
                                        .put(
                                                "totalViolations",
                                                constraint.getValue().stream()
                                                        .filter(found -> found.exemption() == null)
                                                        .count())
                                        .build())
                                .toList()))
                .put(
                        "violations",
                        JsonArray.of(report.findings().stream()
                                .map(AuditReports::json)
                                .toList()))
                .put(
                        "problems",
                        JsonArray.of(report.problems().stream()
                                .map(problem -> JsonObject.builder()
                                        .put("severity", problem.isError() ? "error" : "warning")
                                        .put("code", problem.code())
                                        .put("text", problem.text())
                                        .put("place", problem.where().place())
                                        .build())
                                .toList()))
                .build()));
        return JsonObject.of("clusters", JsonArray.of(clusters));
    }

    private static JsonObject json(ClusterAudit.Finding found) {
        Violation violation = found.violation();
        JsonObject.Builder json = JsonObject.builder()
                .put("policy", violation.policy())
                .put("action", found.exemption() == null ? violation.action() : "exempted")
                .put("apiVersion", found.apiVersion())
                .put("object", violation.subject().toString())
                .put("message", violation.message())
                .put("details", violation.details());
        Exemption by = found.exemption();
        if (by != null) {
            json.put(
                    "exemption",
                    JsonObject.builder()
                            .put("name", by.name())
                            .put("reason", by.reason())
                            .put("expires", by.expires().toString())
                            .build());
        }
        return json.build();
    }

    /** A suite a cluster, a case a constraint, which fails by what denies; problems are errors of a case of their own. */
    private void junit(PrintWriter out) {
        out.print("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        byCluster.forEach((cluster, report) -> {
            StringBuilder cases = new StringBuilder();
            int failures = 0;
            for (Map.Entry<String, List<ClusterAudit.Finding>> constraint :
                    report.byConstraint().entrySet()) {
                StringBuilder denied = new StringBuilder();
                StringBuilder other = new StringBuilder();
                for (ClusterAudit.Finding found : constraint.getValue()) {
                    (found.denies() ? denied : other)
                            .append(found.violation().subject())
                            .append(": ")
                            .append(message(found))
                            .append('\n');
                }
                failures += denied.isEmpty() ? 0 : 1;
                cases.append("    <testcase classname=\"")
                        .append(PolicyCommand.escaped(cluster))
                        .append("\" name=\"")
                        .append(PolicyCommand.escaped(constraint.getKey()))
                        .append("\">")
                        .append(element("failure", denied))
                        .append(element("system-out", other))
                        .append("</testcase>\n");
            }
            List<Problem> errors =
                    report.problems().stream().filter(Problem::isError).toList();
            for (Problem problem : errors) {
                cases.append("    <testcase classname=\"")
                        .append(PolicyCommand.escaped(cluster))
                        .append("\" name=\"")
                        .append(PolicyCommand.escaped(problem.code()))
                        .append("\">")
                        .append(element("error", new StringBuilder(problem.text())))
                        .append("</testcase>\n");
            }
            out.print("  <testsuite name=\"gitops policy audit " + PolicyCommand.escaped(cluster) + "\" tests=\""
                    + (report.constraints().size() + errors.size()) + "\" failures=\"" + failures + "\" errors=\""
                    + errors.size() + "\">\n" + cases + "  </testsuite>\n");
        });
        out.print("</testsuites>\n");
    }

    private static String element(String name, StringBuilder text) {
        return text.isEmpty()
                ? ""
                : "<" + name + ">" + PolicyCommand.escaped(text.toString().strip()) + "</" + name + ">";
    }
}
