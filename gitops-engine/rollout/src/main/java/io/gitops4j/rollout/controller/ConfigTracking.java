package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.ClusterReader;
import java.util.TreeSet;

/**
 * Makes a change of a ConfigMap or Secret that the pods use an update like any other: with the annotation {@value #ANNOTATION}
 * the template carries a digest of their data, in memory and on the ReplicaSet, never in the Rollout itself. The objects are
 * not copied: pods of the stable revision that start anew read the new data.
 */
final class ConfigTracking {
    static final String ANNOTATION = "gitops4j.io/track-config";
    private static final String DIGEST = "gitops4j.io/config-digest";
    private static final Gvk CONFIG_MAP = Gvk.of("v1", "ConfigMap");

    private ConfigTracking() {}

    /** The Rollout with the digest in its template, or unchanged where nothing is to be tracked. */
    static RolloutSpec tracked(RolloutSpec spec, ClusterReader cluster) {
        String wanted = spec.rollout().object("metadata").object("annotations").text(ANNOTATION, "");
        if (!wanted.equals("true") || spec.invalid() != null || spec.template().isEmpty()) {
            return spec;
        }
        TreeSet<String> names = new TreeSet<>();
        collect(spec.template().object("spec"), names);
        JsonArray.Builder data = JsonArray.builder();
        for (String name : names) {
            boolean secret = name.startsWith("Secret/");
            ObjectRef ref = ObjectRef.of(
                    secret ? ArgoNames.SECRET : CONFIG_MAP, spec.namespace(), name.substring(name.indexOf('/') + 1));
            JsonObject object = cluster.get(ref).orElse(JsonObject.empty());
            data.add(JsonArray.of(
                    Json.of(name),
                    object.object("data").sorted(),
                    object.object("binaryData").sorted()));
        }
        JsonObject metadata = spec.template().object("metadata");
        JsonObject annotations =
                metadata.object("annotations").with(DIGEST, Json.of(TemplateIdentity.hash(data.build())));
        JsonObject template = spec.template().with("metadata", metadata.with("annotations", annotations));
        return spec.withTemplate(template);
    }

    /** Names as {@code ConfigMap/name} and {@code Secret/name} from volumes, projected volumes, env and envFrom. */
    private static void collect(JsonObject pod, TreeSet<String> names) {
        for (JsonObject volume : Fields.objects(pod, "volumes")) {
            add(names, "ConfigMap/", volume.object("configMap").text("name", ""));
            add(names, "Secret/", volume.object("secret").text("secretName", ""));
            for (JsonObject source : Fields.objects(volume.object("projected"), "sources")) {
                add(names, "ConfigMap/", source.object("configMap").text("name", ""));
                add(names, "Secret/", source.object("secret").text("name", ""));
            }
        }
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonObject container : Fields.objects(pod, list)) {
                for (JsonObject from : Fields.objects(container, "envFrom")) {
                    add(names, "ConfigMap/", from.object("configMapRef").text("name", ""));
                    add(names, "Secret/", from.object("secretRef").text("name", ""));
                }
                for (JsonObject env : Fields.objects(container, "env")) {
                    JsonObject from = env.object("valueFrom");
                    add(names, "ConfigMap/", from.object("configMapKeyRef").text("name", ""));
                    add(names, "Secret/", from.object("secretKeyRef").text("name", ""));
                }
            }
        }
    }

    private static void add(TreeSet<String> names, String kind, String name) {
        if (!name.isEmpty()) {
            names.add(kind + name);
        }
    }
}
