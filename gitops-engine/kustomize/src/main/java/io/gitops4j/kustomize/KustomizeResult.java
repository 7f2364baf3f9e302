package io.gitops4j.kustomize;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a build made.
 *
 * @param manifests objects in the order of the output
 * @param traces for each of them, where it came from
 * @param filesRead path to content identifier (Git object id or SHA-256) of every file read, sorted by path
 * @param warnings what the files do that they should not go on doing
 */
public record KustomizeResult(
        List<Manifest> manifests, List<ResourceTrace> traces, Map<String, String> filesRead, List<Problem> warnings) {

    /** The text that {@code kustomize build} prints. */
    public String yaml() {
        StringBuilder out = new StringBuilder(256 * manifests.size());
        for (Manifest manifest : manifests) {
            if (out.length() > 0) {
                out.append("---\n");
            }
            YamlWriter.write(manifest.body(), out);
        }
        return out.toString();
    }

    /** The objects as a set; two that differ in their version only are a problem. */
    public Outcome<ManifestSet> manifestSet() {
        return ManifestSet.of(manifests);
    }

    /**
     * The history of one field: who set it, and who changed it since. Needs a build with {@link KustomizeOptions#explaining()}.
     * Values of Secrets are masked.
     *
     * @param key object of the output
     * @param pointer field, {@code /spec/replicas}
     */
    public List<ResourceTrace.Change> explain(ResourceKey key, JsonPointer pointer) {
        List<ResourceTrace.Change> changes = new ArrayList<>();
        for (int i = 0; i < manifests.size(); i++) {
            if (!manifests.get(i).key().equals(key)) {
                continue;
            }
            ResourceTrace trace = traces.get(i);
            boolean secret = isSecret(manifests.get(i), pointer);
            @Nullable Json before = null;
            for (ResourceTrace.Step step : trace.steps()) {
                Json object = step.after();
                if (object == null) {
                    continue;
                }
                Json after = object.find(pointer);
                boolean same = before == null ? after == null : before.equals(after);
                if (!same) {
                    changes.add(new ResourceTrace.Change(
                            step.transformer().isEmpty() ? trace.source() : step.file(),
                            step.transformer(),
                            secret ? masked(before) : before,
                            secret ? masked(after) : after));
                }
                before = after;
            }
        }
        return changes;
    }

    private static boolean isSecret(Manifest manifest, JsonPointer pointer) {
        return manifest.kind().equals("Secret")
                && (pointer.size() == 0
                        || pointer.token(0).equals("data")
                        || pointer.token(0).equals("stringData"));
    }

    private static @Nullable Json masked(@Nullable Json value) {
        return value == null ? null : Json.of("***");
    }
}
