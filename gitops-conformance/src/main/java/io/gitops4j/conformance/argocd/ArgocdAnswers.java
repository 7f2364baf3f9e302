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
            case "glob" -> GlobCases.answer(in);
            default -> JsonObject.of("unknownFamily", Json.of(family));
        };
    }
}
