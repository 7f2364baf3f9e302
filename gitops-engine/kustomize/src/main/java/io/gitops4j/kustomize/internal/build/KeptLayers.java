package io.gitops4j.kustomize.internal.build;

import io.gitops4j.kustomize.KustomizeCache;
import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.KustomizeResult;
import io.gitops4j.kustomize.internal.load.FileLog;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers and whole results that a cache kept from earlier builds. One is used only while every file that it read has the
 * content it had and every place that it looked at still holds what it held, so a changed base makes just those layers new
 * that stand on it. Layers with a remote base or a schema of their own are never kept.
 */
final class KeptLayers {
    private final BuildContext build;
    private final @Nullable KustomizeCache cache;

    private record Layered(Accumulator accumulator, List<Problem> warnings) {}

    private KeptLayers(BuildContext build) {
        this.build = build;
        this.cache = build.options().cache();
    }

    static KeptLayers of(BuildContext build) {
        return new KeptLayers(build);
    }

    /** What a base accumulates. */
    Accumulator accumulate(Layer layer) {
        KustomizeCache store = cache;
        if (store == null || build.ownSchema() || build.options().explaining()) {
            return fresh(layer);
        }
        String key = "layer " + fingerprint() + " " + layer.file();
        KustomizeCache.Entry kept = store.get(key);
        if (kept != null && kept.layer() instanceof Layered layered && valid(kept)) {
            build.log().replay(kept.files(), kept.probes());
            build.warnings().addAll(layered.warnings);
            build.count(layered.accumulator.resources().size());
            return layered.accumulator.copy(build);
        }
        int warned = build.warnings().size();
        FileLog.Recording recording = build.log().record();
        Accumulator made;
        try {
            made = fresh(layer);
        } finally {
            build.log().stop();
        }
        if (!build.ownSchema() && isLocal(recording)) {
            List<Problem> warnings = List.copyOf(
                    build.warnings().subList(warned, build.warnings().size()));
            store.put(
                    key,
                    new KustomizeCache.Entry(
                            new TreeMap<>(recording.files()),
                            new TreeMap<>(recording.probes()),
                            new Layered(made.copy(build), warnings)));
        }
        return made;
    }

    /** The result of a whole build. */
    KustomizeResult result(String path, Supplier<KustomizeResult> builder) {
        KustomizeCache store = cache;
        if (store == null || build.options().explaining() || build.options().isEditing()) {
            return builder.get();
        }
        String key = "result " + fingerprint() + " " + path;
        KustomizeCache.Entry kept = store.get(key);
        if (kept != null && kept.layer() instanceof KustomizeResult result && valid(kept)) {
            build.warnings().addAll(result.warnings());
            return result;
        }
        FileLog.Recording recording = build.log().record();
        KustomizeResult made;
        try {
            made = builder.get();
        } finally {
            build.log().stop();
        }
        if (isLocal(recording)) {
            store.put(
                    key,
                    new KustomizeCache.Entry(
                            new TreeMap<>(recording.files()), new TreeMap<>(recording.probes()), made));
        }
        return made;
    }

    private static Accumulator fresh(Layer layer) {
        Accumulator made = new Accumulator();
        layer.accumulate(made);
        return made;
    }

    private boolean valid(KustomizeCache.Entry kept) {
        return build.files().unchanged(kept.files(), kept.probes());
    }

    private static boolean isLocal(FileLog.Recording recording) {
        for (Map.Entry<String, String> probe : recording.probes().entrySet()) {
            if (probe.getValue().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private String fingerprint() {
        KustomizeOptions options = build.options();
        List<String> parts = new ArrayList<>();
        parts.add(options.order().name());
        parts.add(String.valueOf(options.restrictedToRoot()));
        parts.add(String.valueOf(options.managedByLabel()));
        parts.add(options.version());
        parts.add(options.shownRoot());
        parts.add(options.strictness().name());
        return String.join(",", parts);
    }
}
