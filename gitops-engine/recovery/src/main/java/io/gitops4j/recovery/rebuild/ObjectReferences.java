package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an object needs to be there before it, as far as the object itself says so. Source: secrets-dr-security §4.2. */
final class ObjectReferences {
    private static final Set<String> CLUSTER_WIDE = Set.of(
            "Namespace",
            "CustomResourceDefinition",
            "StorageClass",
            "PriorityClass",
            "PersistentVolume",
            "ClusterRole",
            "ClusterSecretStore",
            "IngressClass");

    private final String namespace;
    private final List<Reference> found = new ArrayList<>();

    /**
     * One object by its kind.
     *
     * @param namespace {@code ""} for a kind without namespaces
     */
    record Reference(String kind, String namespace, String name) {
        static Reference to(String kind, String namespace, String name) {
            return new Reference(kind, CLUSTER_WIDE.contains(kind) ? "" : namespace, name);
        }
    }

    private ObjectReferences(String namespace) {
        this.namespace = namespace;
    }

    /** What {@code object} refers to; {@code namespace} is where it stands. */
    static List<Reference> of(JsonObject object, String namespace) {
        ObjectReferences references = new ObjectReferences(namespace);
        references.add("Namespace", namespace);
        for (Json owner : object.object("metadata").array("ownerReferences")) {
            references.named(owner, item -> item.text("kind", ""), item -> item.text("name", ""));
        }
        references.ofKind(object);
        return references.found;
    }

    /** What tells a part of an item, such as its name. */
    private interface Part {
        String of(JsonObject item);
    }

    private void ofKind(JsonObject object) {
        JsonObject spec = object.object("spec");
        switch (object.text("kind", "")) {
            case "Pod" -> pod(spec);
            case "Deployment", "ReplicaSet", "DaemonSet", "Job", "ReplicationController" -> template(spec);
            case "StatefulSet" -> {
                add("Service", spec.text("serviceName", ""));
                template(spec);
            }
            case "CronJob" -> template(spec.object("jobTemplate").object("spec"));
            case "RoleBinding", "ClusterRoleBinding" -> binding(object);
            case "PersistentVolumeClaim" -> {
                add("StorageClass", spec.text("storageClassName", ""));
                add("PersistentVolume", spec.text("volumeName", ""));
            }
            case "PersistentVolume" -> add("StorageClass", spec.text("storageClassName", ""));
            case "HorizontalPodAutoscaler" ->
                add(
                        spec.object("scaleTargetRef").text("kind", ""),
                        spec.object("scaleTargetRef").text("name", ""));
            case "APIService" -> service(spec.object("service"));
            case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration" -> {
                for (Json webhook : object.array("webhooks")) {
                    if (webhook instanceof JsonObject some) {
                        service(some.object("clientConfig").object("service"));
                    }
                }
            }
            case "ExternalSecret" ->
                add(
                        spec.object("secretStoreRef").text("kind", "SecretStore"),
                        spec.object("secretStoreRef").text("name", ""));
            case "Ingress" -> add("IngressClass", spec.text("ingressClassName", ""));
            case "HTTPRoute", "GRPCRoute" -> {
                for (Json parent : spec.array("parentRefs")) {
                    named(parent, item -> item.text("kind", "Gateway"), item -> item.text("name", ""));
                }
            }
            default -> {}
        }
    }

    private void template(JsonObject spec) {
        pod(spec.object("template").object("spec"));
    }

    private void pod(JsonObject spec) {
        add("ServiceAccount", spec.text("serviceAccountName", ""));
        add("PriorityClass", spec.text("priorityClassName", ""));
        for (Json secret : spec.array("imagePullSecrets")) {
            named(secret, item -> "Secret", item -> item.text("name", ""));
        }
        for (Json item : spec.array("volumes")) {
            if (item instanceof JsonObject volume) {
                volume(volume);
                for (Json source : volume.object("projected").array("sources")) {
                    if (source instanceof JsonObject some) {
                        volume(some);
                    }
                }
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            for (Json container : spec.array(list)) {
                if (container instanceof JsonObject some) {
                    environment(some);
                }
            }
        }
    }

    private void volume(JsonObject volume) {
        add("ConfigMap", volume.object("configMap").text("name", ""));
        add("Secret", volume.object("secret").text("secretName", ""));
        add("Secret", volume.object("secret").text("name", ""));
        add("PersistentVolumeClaim", volume.object("persistentVolumeClaim").text("claimName", ""));
    }

    private void environment(JsonObject container) {
        for (Json item : container.array("envFrom")) {
            named(item, from -> "ConfigMap", from -> from.object("configMapRef").text("name", ""));
            named(item, from -> "Secret", from -> from.object("secretRef").text("name", ""));
        }
        for (Json item : container.array("env")) {
            named(
                    item,
                    from -> "ConfigMap",
                    from -> from.object("valueFrom").object("configMapKeyRef").text("name", ""));
            named(
                    item,
                    from -> "Secret",
                    from -> from.object("valueFrom").object("secretKeyRef").text("name", ""));
        }
    }

    private void binding(JsonObject binding) {
        JsonObject role = binding.object("roleRef");
        add(role.text("kind", ""), role.text("name", ""));
        for (Json item : binding.array("subjects")) {
            if (item instanceof JsonObject subject && subject.text("kind", "").equals("ServiceAccount")) {
                found.add(
                        Reference.to("ServiceAccount", subject.text("namespace", namespace), subject.text("name", "")));
            }
        }
    }

    private void service(JsonObject service) {
        if (!service.text("name", "").isEmpty()) {
            found.add(Reference.to("Service", service.text("namespace", namespace), service.text("name", "")));
        }
    }

    private void named(Json item, Part kind, Part name) {
        if (item instanceof JsonObject object) {
            add(kind.of(object), name.of(object));
        }
    }

    private void add(String kind, String name) {
        if (!kind.isEmpty() && !name.isEmpty()) {
            found.add(Reference.to(kind, namespace, name));
        }
    }
}
