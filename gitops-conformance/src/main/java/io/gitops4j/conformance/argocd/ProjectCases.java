package io.gitops4j.conformance.argocd;

import io.gitops4j.app.AppProject;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.ProjectRules;
import io.gitops4j.project.ProjectValidation;
import io.gitops4j.project.SyncWindow;
import io.gitops4j.project.SyncWindows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Sub-families {@code project}, {@code syncwindow} and {@code windowvalidate}. */
final class ProjectCases {
    private ProjectCases() {}

    static Json project(JsonObject in) {
        String name = in.text("projectName");
        AppProject project = AppProject.of(name == null ? "proj" : name, in.object("project"));
        ProjectRules rules = ProjectRules.asArgoCd(project);
        JsonObject cluster = in.object("cluster");
        String server = cluster.text("server", "");
        return switch (in.text("check", "")) {
            case "source" -> allowed(rules.permitsSource(in.object("source").text("repoURL", "")));
            case "destination" ->
                allowed(rules.permitsDestination(
                                server, cluster.text("name", ""), in.text("namespace", ""), ownClusters(in)))
                        .with("error", Json.nul());
            case "resource" ->
                allowed(rules.permitsKind(
                        in.text("group", ""), in.text("kind", ""), in.text("name", ""), in.bool("namespaced", false)));
            case "liveResource" ->
                allowed(rules.permitsLive(
                                in.text("group", ""),
                                in.text("kind", ""),
                                in.text("name", ""),
                                in.text("namespace", ""),
                                server,
                                cluster.text("name", "")))
                        .with("error", Json.nul());
            case "appNamespace" ->
                allowed(rules.permitsApplicationsIn(in.text("appNamespace", ""), in.text("controllerNamespace", "")));
            case "validate" -> valid(ProjectValidation.check(project));
            default -> JsonObject.of("unknownCheck", Json.nul());
        };
    }

    private static List<String> ownClusters(JsonObject in) {
        List<String> servers = new ArrayList<>();
        for (JsonObject cluster : SyncCases.objects(in.array("projectClusters"))) {
            servers.add(cluster.text("server", ""));
        }
        return servers;
    }

    private static JsonObject allowed(boolean allowed) {
        return JsonObject.of("allowed", Json.of(allowed));
    }

    private static Json valid(List<Problem> problems) {
        return JsonObject.of(
                "valid",
                Json.of(problems.isEmpty()),
                "error",
                problems.isEmpty() ? Json.nul() : Json.of(problems.get(0).text()));
    }

    static Json windowValidate(JsonObject in) {
        return valid(SyncWindow.of(in).problems());
    }

    static Json syncWindow(JsonObject in) {
        List<JsonObject> bodies = SyncCases.objects(in.array("windows"));
        Instant now = Instant.parse(in.text("now", ""));
        Outcome<SyncWindows> read = SyncWindows.of(bodies);
        JsonObject.Builder out = JsonObject.builder();
        SyncWindows windows = read.map(SyncWindows::asArgoCd).orNull();
        JsonObject app = in.object("app");
        JsonObject destination = app.object("destination");
        JsonArray.Builder matching = JsonArray.builder();
        List<JsonObject> concerned = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            SyncWindow window = SyncWindow.of(bodies.get(i)).orNull();
            boolean matches = app.isEmpty()
                    || (window != null
                            && window.matches(
                                    app.text("name", ""),
                                    destination.text("namespace", ""),
                                    destination.text("server", ""),
                                    destination.text("name", "")));
            if (matches) {
                matching.add(Json.of(i));
                concerned.add(bodies.get(i));
            }
        }
        if (!app.isEmpty()) {
            out.put("matching", matching.build());
        }
        if (windows == null) {
            String why = read.problems().get(0).text();
            return out.put("active", JsonArray.empty())
                    .put("activeError", why)
                    .put("allowed", false)
                    .put("error", why)
                    .build();
        }
        JsonArray.Builder active = JsonArray.builder();
        for (int i = 0; i < bodies.size(); i++) {
            if (concerned.contains(bodies.get(i)) && windows.windows().get(i).isOpen(now)) {
                active.add(Json.of(i));
            }
        }
        String start = in.text("operationStart", "");
        boolean allowed = SyncWindows.of(concerned)
                .orThrow()
                .asArgoCd()
                .allow(now, in.bool("manual", false), start.isEmpty() ? null : Instant.parse(start));
        return out.put("active", active.build())
                .put("activeError", Json.nul())
                .put("allowed", allowed)
                .put("error", Json.nul())
                .build();
    }
}
