package io.gitops4j.conformance.argocd;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/** Gives our answer to the input of a case. */
final class ArgocdAnswers {
    private ArgocdAnswers() {}

    static Json answer(String family, JsonObject in) {
        return switch (family) {
            case "tracking" -> TrackingCases.answer(in);
            case "hook" -> SyncCases.hook(in);
            case "sync-sort" -> SyncCases.sort(in);
            case "sync-order" -> SyncCases.order(in);
            case "sync-run" -> new SyncRunCase(in).answer();
            case "appset" -> AppSetCases.appSet(in);
            case "render" -> AppSetCases.render(in);
            case "render-string" -> AppSetCases.renderString(in);
            case "rollingsync" -> AppSetCases.rollingSync(in);
            case "project" -> ProjectCases.project(in);
            case "syncwindow" -> ProjectCases.syncWindow(in);
            case "windowvalidate" -> ProjectCases.windowValidate(in);
            case "retry" -> SmallCases.retry(in);
            case "version" -> SmallCases.version(in);
            case "changedpaths" -> SmallCases.changedPaths(in);
            case "glob" -> GlobCases.answer(in);
            default -> DiffFamilies.answer(family, in);
        };
    }
}
