package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesDefaults;

/** Defaults of a pod's spec, alone or in a template: those that the engines know. */
final class PodDefaults {
    private static final KubernetesDefaults DEFAULTS = KubernetesDefaults.v1_36();

    private PodDefaults() {}

    /** The spec of a Pod. */
    static JsonObject pod(JsonObject spec) {
        return DEFAULTS.applyTo("core.v1.Pod", JsonObject.of("spec", spec)).object("spec");
    }

    /** The spec of a template. */
    static JsonObject template(JsonObject spec) {
        return DEFAULTS.applyTo("core.v1.PodSpec", spec);
    }

    /** The spec of a PersistentVolume. */
    static JsonObject volume(JsonObject spec) {
        return DEFAULTS.applyTo("core.v1.PersistentVolumeSpec", spec);
    }
}
