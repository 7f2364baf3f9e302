package io.gitops4j.k8s;

import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Outcome;

/** Goes between manifests and the typed objects of fabric8's kubernetes-model, both ways. */
public final class TypedObjects {
    private final KubernetesSerialization serialization;

    private TypedObjects(KubernetesSerialization serialization) {
        this.serialization = serialization;
    }

    /** With the given serialization, such as {@code client.getKubernetesSerialization()}. */
    public static TypedObjects with(KubernetesSerialization serialization) {
        return new TypedObjects(serialization);
    }

    /** The manifest of a typed object; problems as {@link Manifest#of}. */
    public Outcome<Manifest> toManifest(KubernetesResource typed) {
        return JsonReader.parse(serialization.asJson(typed)).then(json -> Manifest.of(json, Origin.memory()));
    }

    /** The typed object of a manifest. */
    public <T extends KubernetesResource> T toTyped(Manifest manifest, Class<T> type) {
        return serialization.unmarshal(manifest.body().toJson(), type);
    }

    /** The typed object of a part of a manifest, such as a pod template. */
    public <T> T toTyped(Json part, Class<T> type) {
        return serialization.unmarshal(part.toJson(), type);
    }

    /** The tree of any typed part. */
    public JsonObject toJson(Object typed) {
        return (JsonObject) JsonReader.parse(serialization.asJson(typed)).orThrow();
    }
}
