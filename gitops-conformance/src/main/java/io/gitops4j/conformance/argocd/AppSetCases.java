package io.gitops4j.conformance.argocd;

import io.gitops4j.app.Application;
import io.gitops4j.app.ApplicationSet;
import io.gitops4j.appset.ApplicationSetGenerator;
import io.gitops4j.appset.GeneratorSources;
import io.gitops4j.appset.RollingSync;
import io.gitops4j.appset.TemplateRenderer;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sub-families {@code appset}, {@code render}, {@code render-string} and {@code rollingsync}. */
final class AppSetCases {
    private AppSetCases() {}

    private static TemplateRenderer renderer(JsonObject in) {
        return new TemplateRenderer(
                in.bool("goTemplate", false), SyncCases.texts(in.array("goTemplateOptions")), Limits.defaults());
    }

    private static Json parameters(JsonObject in) {
        Json params = in.get("params");
        return params == null ? Json.nul() : params;
    }

    static Json renderString(JsonObject in) {
        Outcome<String> text = renderer(in).text(in.text("template", ""), parameters(in));
        String value = text.orNull();
        return JsonObject.of("error", error(text.problems()), "result", Json.of(value == null ? "" : value));
    }

    static Json render(JsonObject in) {
        Outcome<JsonObject> application = renderer(in)
                .application(
                        in.object("template"),
                        parameters(in),
                        in.object("syncPolicy").bool("preserveResourcesOnDeletion", false));
        JsonObject value = application.orNull();
        return value == null
                ? JsonObject.of("error", error(application.problems()))
                : JsonObject.of("error", Json.nul(), "application", value);
    }

    private static Json error(List<Problem> problems) {
        return problems.isEmpty() ? Json.nul() : Json.of(problems.get(0).text());
    }

    static Json appSet(JsonObject in) {
        ApplicationSet set = new ApplicationSet(in.object("applicationSet"));
        ApplicationSetGenerator.Generated generated =
                ApplicationSetGenerator.generate(set, new World(in.object("world")), Limits.defaults());
        JsonArray.Builder applications = JsonArray.builder();
        for (JsonObject application : generated.applications()) {
            JsonObject known = Application.pruned(application);
            applications.add(TypedJson.application(known.without("apiVersion").without("kind")));
        }
        return JsonObject.builder()
                .put("applications", applications.build())
                .put("error", error(generated.problems()))
                .put("reason", reason(generated.problems()))
                .build();
    }

    private static Json reason(List<Problem> problems) {
        if (problems.isEmpty()) {
            return Json.nul();
        }
        return switch (problems.get(0).code()) {
            case "APPSET_GENERATOR" -> Json.of("ApplicationGenerationFromParamsError");
            case "TEMPLATE_OPTION" -> Json.of("Panic");
            default -> Json.of("RenderTemplateParamsError");
        };
    }

    /** The world of a case. */
    private record World(JsonObject world) implements GeneratorSources {
        @Override
        public List<ClusterEntry> clusters() {
            List<ClusterEntry> clusters = new ArrayList<>();
            for (JsonObject cluster : SyncCases.objects(world.array("clusters"))) {
                clusters.add(new ClusterEntry(
                        cluster.text("name", ""),
                        cluster.text("server", ""),
                        cluster.text("project", ""),
                        cluster.object("labels"),
                        cluster.object("annotations")));
            }
            return clusters;
        }

        @Override
        public Outcome<SourceTree> tree(String repoUrl, String revision) {
            for (JsonObject repository : SyncCases.objects(world.array("repos"))) {
                if (!repository.text("repoURL", "").equals(repoUrl)) {
                    continue;
                }
                String error = repository.text("error");
                if (error != null) {
                    return Outcome.failed(Problem.error("GIT_UNREACHABLE", error));
                }
                Map<String, String> files = new LinkedHashMap<>();
                repository.object("files").forEach((path, text) -> files.put(path, String.valueOf(text.textOrNull())));
                return Outcome.of(MemoryTree.ofText(files));
            }
            return Outcome.failed(Problem.error("GIT_UNREACHABLE", "repository not found"));
        }
    }

    static Json rollingSync(JsonObject in) {
        List<RollingSync.AppState> apps = new ArrayList<>();
        for (JsonObject app : SyncCases.objects(in.array("apps"))) {
            apps.add(new RollingSync.AppState(
                    app.text("name", ""),
                    app.object("labels"),
                    app.text("health", ""),
                    app.text("sync", ""),
                    revisions(app),
                    app.text("operationPhase", ""),
                    app.bool("operationStartedAfterPending", false),
                    app.bool("hasSpecError", false)));
        }
        List<RollingSync.AppStatus> known = new ArrayList<>();
        for (JsonObject status : SyncCases.objects(in.array("status"))) {
            known.add(new RollingSync.AppStatus(
                    status.text("app", ""), status.text("status", ""), "", revisions(status), ""));
        }
        RollingSync.Pass pass = RollingSync.pass(SyncCases.objects(in.array("steps")), apps, known);
        JsonArray.Builder steps = JsonArray.builder();
        pass.steps().forEach(step -> steps.add(texts(step)));
        JsonArray.Builder status = JsonArray.builder();
        for (RollingSync.AppStatus app : pass.status()) {
            status.add(JsonObject.builder()
                    .put("app", app.app())
                    .put("status", app.status())
                    .put("message", app.message())
                    .put("revision", texts(app.revisions()))
                    .put("step", app.step())
                    .build());
        }
        return JsonObject.builder()
                .put("steps", steps.build())
                .put("eligible", texts(pass.eligible()))
                .put("status", status.build())
                .build();
    }

    private static List<String> revisions(JsonObject from) {
        String revision = from.text("revision", "");
        return revision.isEmpty() ? List.of() : List.of(revision);
    }

    private static JsonArray texts(List<String> texts) {
        return JsonArray.of(texts.stream().map(Json::of).toList());
    }
}
