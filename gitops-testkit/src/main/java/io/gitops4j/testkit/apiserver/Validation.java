package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ResourceType.Trait;
import java.util.ArrayList;
import java.util.List;

/** Whether an object is what its kind must be. */
final class Validation {
    /** Adds what is wrong with a new object. */
    void create(WriteContext write, JsonObject object, List<FieldError> errors) {
        CustomType custom = write.type.crd();
        if (custom != null) {
            errors.addAll(new SchemaRules(custom.schema(write.version)).check(object, null));
            return;
        }
        Checks checks = new Checks(errors);
        always(write.type.qualifiedResource(), object, checks);
    }

    /** Adds what is wrong with a changed object. */
    void update(WriteContext write, JsonObject object, JsonObject old, List<FieldError> errors) {
        CustomType custom = write.type.crd();
        if (custom != null) {
            errors.addAll(new SchemaRules(custom.schema(write.version)).check(object, old));
            return;
        }
        if (write.subresource().equals("status") && write.type.has(Trait.STATUS)) {
            return;
        }
        Checks checks = new Checks(errors);
        JsonObject spec = object.object("spec");
        JsonObject before = old.object("spec");
        String resource = write.type.qualifiedResource();
        if (resource.equals("secrets")) {
            new ConfigRules(checks).secretUpdate(object, old);
        }
        if (!resource.equals("pods") && !resource.equals("jobs.batch")) {
            always(resource, object, checks);
        }
        switch (resource) {
            case "deployments.apps", "replicasets.apps", "daemonsets.apps" ->
                checks.immutable(spec.get("selector"), before.get("selector"), "spec.selector");
            case "statefulsets.apps" -> new WorkloadRules(checks).statefulSetUpdate(spec, before);
            case "jobs.batch" -> new WorkloadRules(checks).jobUpdate(spec, before);
            case "pods" -> {
                if (write.subresource().isEmpty()) {
                    new WorkloadRules(checks).podUpdate(spec, before);
                }
            }
            case "services" -> new ServiceRules(checks).update(spec, before);
            case "configmaps" -> new ConfigRules(checks).frozen(object, old, "data", "binaryData");
            case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io" ->
                new ConfigRules(checks).bindingUpdate(object, old);
            case "storageclasses.storage.k8s.io" -> {
                checks.immutable(object.get("parameters"), old.get("parameters"), "parameters");
                checks.immutable(object.get("provisioner"), old.get("provisioner"), "provisioner");
                checks.immutable(object.get("reclaimPolicy"), old.get("reclaimPolicy"), "reclaimPolicy");
                checks.immutable(object.get("volumeBindingMode"), old.get("volumeBindingMode"), "volumeBindingMode");
            }
            case "priorityclasses.scheduling.k8s.io" ->
                checks.immutable(object.get("value"), old.get("value"), "value");
            case "ingressclasses.networking.k8s.io" ->
                checks.immutable(spec.get("controller"), before.get("controller"), "spec.controller");
            case "persistentvolumeclaims" -> claimUpdate(spec, before, checks);
            case "customresourcedefinitions.apiextensions.k8s.io" -> {
                checks.immutable(spec.get("group"), before.get("group"), "spec.group");
                checks.immutable(spec.get("scope"), before.get("scope"), "spec.scope");
                checks.immutable(
                        spec.object("names").get("plural"),
                        before.object("names").get("plural"),
                        "spec.names.plural");
                checks.immutable(
                        spec.object("names").get("kind"), before.object("names").get("kind"), "spec.names.kind");
            }
            default -> {}
        }
    }

    private static void claimUpdate(JsonObject spec, JsonObject before, Checks checks) {
        JsonObject now =
                spec.without("resources").without("volumeAttributesClassName").without("volumeName");
        JsonObject then =
                before.without("resources").without("volumeAttributesClassName").without("volumeName");
        if (!now.equals(then)) {
            checks.add(FieldError.forbidden(
                    "spec",
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound"
                            + " claims"));
        }
    }

    private void always(String resource, JsonObject object, Checks checks) {
        JsonObject spec = object.object("spec");
        switch (resource) {
            case "pods" -> new WorkloadRules(checks).pod(spec);
            case "deployments.apps" -> new WorkloadRules(checks).deployment(spec);
            case "replicasets.apps" -> new WorkloadRules(checks).replicaSet(spec);
            case "daemonsets.apps" -> new WorkloadRules(checks).daemonSet(spec);
            case "statefulsets.apps" -> new WorkloadRules(checks).statefulSet(spec);
            case "jobs.batch" -> new WorkloadRules(checks).job(spec, "spec");
            case "cronjobs.batch" -> new WorkloadRules(checks).cronJob(spec);
            case "services" -> new ServiceRules(checks).spec(spec);
            case "configmaps" -> new ConfigRules(checks).configMap(object);
            case "secrets" -> new ConfigRules(checks).secret(object);
            case "ingresses.networking.k8s.io" -> new ConfigRules(checks).ingress(spec);
            case "horizontalpodautoscalers.autoscaling" -> new ConfigRules(checks).autoscaler(spec);
            case "roles.rbac.authorization.k8s.io" -> new ConfigRules(checks).roles(object, false);
            case "clusterroles.rbac.authorization.k8s.io" -> new ConfigRules(checks).roles(object, true);
            case "customresourcedefinitions.apiextensions.k8s.io" -> DefinitionRules.check(object, checks);
            default -> {}
        }
    }

    /** Errors of a Scale. */
    static List<FieldError> scale(JsonObject scale) {
        List<FieldError> errors = new ArrayList<>();
        new Checks(errors).nonNegative(scale.object("spec"), "replicas", "spec");
        return errors;
    }
}
