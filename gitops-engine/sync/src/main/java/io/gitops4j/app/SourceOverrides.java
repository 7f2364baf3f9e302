package io.gitops4j.app;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.SourceTree;
import java.util.List;

/**
 * Overrides that a repository itself holds beside the manifests: {@code .argocd-source.yaml}, then
 * {@code .argocd-source-<application>.yaml}, merged over the source in that order. Where the source comes from (repository,
 * path, revision, chart) cannot be changed by them.
 */
public final class SourceOverrides {
    private static final List<String> FIXED = List.of("repoURL", "path", "targetRevision", "chart");

    private SourceOverrides() {}

    /** The source with the overrides of its directory. Error {@code SOURCE_OVERRIDE_INVALID}. */
    public static Outcome<ApplicationSource> apply(ApplicationSource source, SourceTree tree, String application) {
        String path = source.path().equals(".") ? "" : source.path();
        String prefix = path.isEmpty() ? "" : path.endsWith("/") ? path : path + "/";
        JsonObject merged = source.body();
        for (String name : List.of(".argocd-source.yaml", ".argocd-source-" + application + ".yaml")) {
            String file = prefix + name;
            if (tree.entry(file) != SourceTree.Entry.FILE) {
                continue;
            }
            String text = tree.read(file).map(bytes -> bytes.utf8()).orElse("");
            Outcome<Json> read = YamlReader.git().read(file, text);
            Json value = read.orNull();
            if (value == null) {
                return Outcome.failed(read.problems());
            }
            if (value.isNull()) {
                continue;
            }
            if (!(value instanceof JsonObject override)) {
                return Outcome.failed(Problem.error("SOURCE_OVERRIDE_INVALID", file + " is no mapping")
                        .at(Where.file(file)));
            }
            for (String fixed : FIXED) {
                override = override.without(fixed);
            }
            merged = (JsonObject) JsonMergePatch.apply(merged, override);
        }
        return Outcome.of(new ApplicationSource(merged));
    }
}
