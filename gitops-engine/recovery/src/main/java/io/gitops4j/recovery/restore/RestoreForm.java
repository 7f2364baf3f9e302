package io.gitops4j.recovery.restore;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Objects without what belongs to the cluster that they come from. Source: secrets-dr-security §4.1, the fields that Velero
 * removes; owner references stay, for {@link OwnerLinks} to rewrite.
 */
public final class RestoreForm {
    private static final List<String> METADATA = List.of(
            "generateName",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields");

    private static final List<String> CLAIM_ANNOTATIONS = List.of(
            "pv.kubernetes.io/bind-completed",
            "pv.kubernetes.io/bound-by-controller",
            "volume.beta.kubernetes.io/storage-provisioner",
            "volume.kubernetes.io/storage-provisioner",
            "volume.kubernetes.io/selected-node");

    private static final List<String> JOB_LABELS = List.of("controller-uid", "batch.kubernetes.io/controller-uid");

    private final boolean keepNodePorts;

    /** The form with node ports or without. */
    public RestoreForm(boolean keepNodePorts) {
        this.keepNodePorts = keepNodePorts;
    }

    /** The object without status and without what its cluster has chosen. */
    public JsonObject of(JsonObject object) {
        JsonObject out =
                in(object, "metadata", metadata -> without(metadata, METADATA)).without("status");
        return switch (object.text("kind", "")) {
            case "Pod" -> in(out, "spec", RestoreForm::podSpec);
            case "Service" -> in(out, "spec", this::serviceSpec);
            case "Job" -> job(out);
            case "PersistentVolumeClaim" -> annotations(out, CLAIM_ANNOTATIONS);
            case "PersistentVolume" ->
                in(
                        annotations(out, CLAIM_ANNOTATIONS),
                        "spec",
                        spec -> in(spec, "claimRef", ref -> without(ref, List.of("uid", "resourceVersion"))));
            case "Namespace" -> out.without("spec");
            case "CustomResourceDefinition" -> in(out, "spec", spec -> spec.without("preserveUnknownFields"));
            case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration" -> webhooks(out);
            default -> out;
        };
    }

    private static JsonObject podSpec(JsonObject spec) {
        JsonObject out = without(spec, List.of("nodeName", "priority"));
        out = each(out, "volumes", volume -> isTokenVolume(volume) ? null : volume);
        return each(
                out,
                "containers",
                container -> each(
                        container,
                        "volumeMounts",
                        mount -> mount.text("mountPath", "").equals("/var/run/secrets/kubernetes.io/serviceaccount")
                                ? null
                                : mount));
    }

    private static boolean isTokenVolume(JsonObject volume) {
        return volume.text("name", "").startsWith("kube-api-access-");
    }

    private JsonObject serviceSpec(JsonObject spec) {
        boolean headless = spec.text("clusterIP", "").equals("None");
        JsonObject out = headless ? spec : without(spec, List.of("clusterIP", "clusterIPs"));
        if (keepNodePorts) {
            return out;
        }
        return each(out.without("healthCheckNodePort"), "ports", port -> port.without("nodePort"));
    }

    private static JsonObject job(JsonObject job) {
        boolean manual = job.object("spec").bool("manualSelector", false);
        JsonObject out = in(job, "metadata", RestoreForm::withoutJobLabels);
        if (manual) {
            return out;
        }
        return in(
                out,
                "spec",
                spec -> in(
                        spec.without("selector"),
                        "template",
                        template -> in(template, "metadata", RestoreForm::withoutJobLabels)));
    }

    private static JsonObject withoutJobLabels(JsonObject metadata) {
        return in(metadata, "labels", labels -> without(labels, JOB_LABELS));
    }

    private static JsonObject webhooks(JsonObject configuration) {
        return each(configuration, "webhooks", hook -> {
            String effects = hook.text("sideEffects", "None");
            return effects.equals("None") || effects.equals("NoneOnDryRun")
                    ? hook
                    : hook.with("sideEffects", Json.of("None"));
        });
    }

    private static JsonObject annotations(JsonObject object, List<String> names) {
        return in(object, "metadata", metadata -> {
            JsonObject left = without(metadata.object("annotations"), names);
            return left.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", left);
        });
    }

    static JsonObject without(JsonObject object, List<String> keys) {
        JsonObject out = object;
        for (String key : keys) {
            out = out.without(key);
        }
        return out;
    }

    /** The object with its member {@code key} changed, if that is an object. */
    static JsonObject in(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        return object.get(key) instanceof JsonObject member ? object.with(key, change.apply(member)) : object;
    }

    /** The object with every object in its list {@code key} changed; {@code null} takes it out. */
    static JsonObject each(JsonObject object, String key, Change change) {
        if (!(object.get(key) instanceof JsonArray list)) {
            return object;
        }
        JsonArray.Builder out = JsonArray.builder();
        for (Json item : list) {
            Json changed = item instanceof JsonObject member ? change.apply(member) : item;
            if (changed != null) {
                out.add(changed);
            }
        }
        return object.with(key, out.build());
    }

    /** A change of one item of a list. */
    @FunctionalInterface
    interface Change {
        @Nullable
        JsonObject apply(JsonObject item);
    }
}
