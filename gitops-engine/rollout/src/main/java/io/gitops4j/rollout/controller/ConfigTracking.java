package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.rollout.spec.TemplateIdentity;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.ClusterReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Makes a change of a ConfigMap or Secret that the pods use an update like any other, by the annotation {@value #ANNOTATION} of
 * the Rollout:
 *
 * <ul>
 *   <li>{@code true}: the template carries a digest of their data. Pods of the stable revision that start anew read the new data.
 *   <li>{@code copy}: each revision has immutable copies of its own, named by their content, and its pods use those. Stable pods
 *       keep the data that they began with, and an undo brings the old data back.
 * </ul>
 *
 * <p>Both happen in memory and on the ReplicaSet, never in the Rollout itself.
 */
final class ConfigTracking {
    static final String ANNOTATION = "gitops4j.io/track-config";
    static final String COPY_OF = "gitops4j.io/copy-of";
    private static final String COPIES_FOR = "gitops4j.io/config-copies-for";
    private static final String DIGEST = "gitops4j.io/config-digest";
    private static final Gvk CONFIG_MAP = Gvk.of("v1", "ConfigMap");
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-rollouts");
    private static final int LONGEST_BASE = 240;

    private final RolloutSpec spec;
    private final boolean copying;
    private final List<JsonObject> copies;

    private ConfigTracking(RolloutSpec spec, boolean copying, List<JsonObject> copies) {
        this.spec = spec;
        this.copying = copying;
        this.copies = copies;
    }

    /** The tracking of a Rollout; nothing is written. */
    static ConfigTracking of(RolloutSpec spec, ClusterReader cluster) {
        String wanted = spec.rollout().object("metadata").object("annotations").text(ANNOTATION, "");
        boolean copying = wanted.equals("copy");
        if (!(copying || wanted.equals("true"))
                || spec.invalid() != null
                || spec.template().isEmpty()) {
            return new ConfigTracking(spec, false, List.of());
        }
        Map<String, JsonObject> used = new LinkedHashMap<>();
        for (String name : names(spec.template())) {
            used.put(name, cluster.get(ref(spec, name)).orElse(JsonObject.empty()));
        }
        return copying ? copied(spec, used) : digested(spec, used);
    }

    private static ObjectRef ref(RolloutSpec spec, String name) {
        boolean secret = name.startsWith("Secret/");
        return ObjectRef.of(
                secret ? ArgoNames.SECRET : CONFIG_MAP, spec.namespace(), name.substring(name.indexOf('/') + 1));
    }

    /** The Rollout as its pods are to be. */
    RolloutSpec spec() {
        return spec;
    }

    // ---- by digest

    private static ConfigTracking digested(RolloutSpec spec, Map<String, JsonObject> used) {
        JsonArray.Builder data = JsonArray.builder();
        used.forEach((name, object) -> data.add(JsonArray.of(
                Json.of(name),
                object.object("data").sorted(),
                object.object("binaryData").sorted())));
        JsonObject metadata = spec.template().object("metadata");
        JsonObject annotations =
                metadata.object("annotations").with(DIGEST, Json.of(TemplateIdentity.hash(data.build())));
        JsonObject template = spec.template().with("metadata", metadata.with("annotations", annotations));
        return new ConfigTracking(spec.withTemplate(template), false, List.of());
    }

    // ---- by copies

    private static ConfigTracking copied(RolloutSpec spec, Map<String, JsonObject> used) {
        Map<String, String> renamed = new LinkedHashMap<>();
        List<JsonObject> copies = new ArrayList<>();
        used.forEach((name, object) -> {
            boolean copy = object.object("metadata").object("annotations").has(COPY_OF);
            if (!object.isEmpty() && !copy) {
                JsonObject made = copy(spec, object);
                copies.add(made);
                renamed.put(name, made.object("metadata").text("name", ""));
            }
        });
        JsonObject template = spec.template();
        JsonObject pod = references(template.object("spec"), (kind, name) -> renamed.getOrDefault(kind + name, name));
        return new ConfigTracking(spec.withTemplate(template.with("spec", pod)), true, List.copyOf(copies));
    }

    private static JsonObject copy(RolloutSpec spec, JsonObject object) {
        String name = object.object("metadata").text("name", "");
        JsonObject content = JsonObject.empty();
        for (String key : new String[] {"type", "data", "binaryData"}) {
            Json value = object.get(key);
            content = value == null ? content : content.with(key, value);
        }
        String base = name.length() > LONGEST_BASE ? name.substring(0, LONGEST_BASE) : name;
        JsonObject owner = JsonObject.builder()
                .put("apiVersion", "argoproj.io/v1alpha1")
                .put("kind", "Rollout")
                .put("name", spec.name())
                .put("uid", spec.rollout().object("metadata").text("uid", ""))
                .build();
        JsonObject metadata = JsonObject.builder()
                .put("name", base + "-" + TemplateIdentity.hash(content.sorted()))
                .put("namespace", spec.namespace())
                .put("labels", JsonObject.of(COPIES_FOR, Json.of(TemplateIdentity.hash(Json.of(spec.name())))))
                .put("annotations", JsonObject.of(COPY_OF, Json.of(name)))
                .put("ownerReferences", JsonArray.of(owner))
                .build();
        JsonObject.Builder made = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", object.text("kind", ""))
                .put("metadata", metadata)
                .put("immutable", true);
        content.forEach(made::put);
        return made.build();
    }

    /**
     * Makes the copies that are missing, and deletes those that no revision uses any more.
     *
     * @return whether anything was written
     */
    boolean keepCopies(Cluster cluster, List<Observation.ReplicaSet> revisions) {
        if (!copying) {
            return false;
        }
        boolean wrote = false;
        Set<String> inUse = new LinkedHashSet<>(names(spec.template()));
        revisions.forEach(revision -> inUse.addAll(names(revision.template())));
        for (JsonObject copy : copies) {
            if (cluster.get(ObjectRef.of(copy)).isEmpty()) {
                cluster.create(copy, WRITE);
                wrote = true;
            }
        }
        String label = COPIES_FOR + "=" + TemplateIdentity.hash(Json.of(spec.name()));
        for (Gvk kind : List.of(CONFIG_MAP, ArgoNames.SECRET)) {
            for (JsonObject copy : cluster.list(
                            ListQuery.of(kind).in(spec.namespace()).labels(label))
                    .items()) {
                JsonObject metadata = copy.object("metadata");
                boolean ours = Fields.objects(metadata, "ownerReferences").stream()
                        .anyMatch(owner -> owner.text("name", "").equals(spec.name()));
                if (ours && !inUse.contains(kind.kind() + "/" + metadata.text("name", ""))) {
                    wrote |= delete(cluster, copy);
                }
            }
        }
        return wrote;
    }

    private static boolean delete(Cluster cluster, JsonObject copy) {
        try {
            cluster.delete(ObjectRef.of(copy), DeleteOptions.defaults());
            return true;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return false;
            }
            throw e;
        }
    }

    // ---- references of a pod

    /** Names as {@code ConfigMap/name} and {@code Secret/name} from volumes, projected volumes, env and envFrom, sorted. */
    private static Set<String> names(JsonObject template) {
        TreeSet<String> names = new TreeSet<>();
        references(template.object("spec"), (kind, name) -> {
            names.add(kind + name);
            return name;
        });
        return names;
    }

    /** A pod spec with each name of a ConfigMap or Secret changed; kinds are {@code ConfigMap/} and {@code Secret/}. */
    private static JsonObject references(JsonObject pod, BiFunction<String, String, String> rename) {
        JsonObject changed = each(pod, "volumes", volume -> {
            JsonObject out = named(volume, "configMap", "name", "ConfigMap/", rename);
            out = named(out, "secret", "secretName", "Secret/", rename);
            return out.has("projected")
                    ? out.with(
                            "projected", each(out.object("projected"), "sources", source -> both(source, "", rename)))
                    : out;
        });
        for (String list : new String[] {"containers", "initContainers"}) {
            changed = each(changed, list, container -> {
                JsonObject out = each(container, "envFrom", from -> both(from, "Ref", rename));
                return each(
                        out,
                        "env",
                        env -> env.has("valueFrom")
                                ? env.with("valueFrom", both(env.object("valueFrom"), "KeyRef", rename))
                                : env);
            });
        }
        return changed;
    }

    private static JsonObject both(JsonObject object, String suffix, BiFunction<String, String, String> rename) {
        return named(
                named(object, "configMap" + suffix, "name", "ConfigMap/", rename),
                "secret" + suffix,
                "name",
                "Secret/",
                rename);
    }

    private static JsonObject named(
            JsonObject object, String member, String key, String kind, BiFunction<String, String, String> rename) {
        JsonObject reference = object.object(member);
        String name = reference.text(key, "");
        return name.isEmpty() ? object : object.with(member, reference.with(key, Json.of(rename.apply(kind, name))));
    }

    private static JsonObject each(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        JsonArray items = object.array(key);
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof JsonObject item) {
                items = items.with(i, change.apply(item));
            }
        }
        return items.isEmpty() ? object : object.with(key, items);
    }
}
