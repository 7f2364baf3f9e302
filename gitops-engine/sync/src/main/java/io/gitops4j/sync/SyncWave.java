package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;

/** The wave of an object. */
public final class SyncWave {
    /** The annotation that sets the wave. */
    public static final String ANNOTATION = "argocd.argoproj.io/sync-wave";

    private static final String HELM_WEIGHT = "helm.sh/hook-weight";

    private SyncWave() {}

    /** The wave: Argo CD's annotation, where that is absent or no number Helm's weight, else 0. */
    public static long of(JsonObject object) {
        Long wave = number(Hooks.annotation(object, ANNOTATION));
        if (wave == null) {
            wave = number(Hooks.annotation(object, HELM_WEIGHT));
        }
        return wave == null ? 0 : wave;
    }

    private static @org.jspecify.annotations.Nullable Long number(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
