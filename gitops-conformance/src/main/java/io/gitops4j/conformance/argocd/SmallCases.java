package io.gitops4j.conformance.argocd;

import io.gitops4j.changed.ChangedPaths;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.sync.RetryPolicy;
import io.gitops4j.version.Semver;
import io.gitops4j.version.TagSelection;
import java.util.List;

/** Sub-families {@code retry}, {@code version} and {@code changedpaths}. */
final class SmallCases {
    private SmallCases() {}

    static Json retry(JsonObject in) {
        Outcome<RetryPolicy> retry = RetryPolicy.of(in.object("retry"));
        RetryPolicy policy = retry.orNull();
        if (policy == null) {
            return JsonObject.of("error", Json.of(retry.problems().get(0).text()));
        }
        int count = in.get("retryCount") instanceof JsonNumber number ? number.intValueOr(0) : 0;
        return JsonObject.builder()
                .put("error", Json.nul())
                .put("waitNanos", policy.waitBefore(count).toNanos())
                .build();
    }

    static Json version(JsonObject in) {
        String revision = in.text("revision", "");
        TagSelection.Selected selected =
                TagSelection.select(revision, SyncCases.texts(in.array("tags")), in.text("tagPrefix", ""));
        String error = selected.error();
        if (error == null && !TagSelection.isConstraint(revision) && Semver.parse(revision) == null) {
            // a plain name is no matter of versions: here it has to be a tag
            error = in.array("tags").items().contains(Json.of(revision))
                    ? null
                    : "not a semver constraint: " + revision;
        }
        return JsonObject.builder()
                .put("version", error == null ? selected.tag() : "")
                .put("error", error != null)
                .put("isConstraint", TagSelection.isConstraint(revision))
                .put("message", error == null ? Json.nul() : Json.of(error))
                .build();
    }

    static Json changedPaths(JsonObject in) {
        List<String> files = SyncCases.texts(in.array("changedFiles"));
        if (in.has("refreshPaths")) {
            return JsonObject.of(
                    "changed", Json.of(ChangedPaths.changed(SyncCases.texts(in.array("refreshPaths")), files)));
        }
        List<String> paths = ChangedPaths.refreshPaths(in.text("sourcePath", ""), in.text("generatePaths", ""));
        return JsonObject.of(
                "refreshPaths",
                JsonArray.of(paths.stream().map(Json::of).toList()),
                "changed",
                Json.of(ChangedPaths.changed(paths, files)));
    }
}
