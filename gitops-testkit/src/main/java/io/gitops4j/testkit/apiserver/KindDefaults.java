package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Defaults of the built-in kinds.
 *
 * <p>Source: k8s-apply §5.9.
 */
final class KindDefaults {
    private static final JsonObject EMPTY = JsonObject.empty();

    private KindDefaults() {}

    static JsonObject apply(String resource, JsonObject object) {
        return switch (resource) {
            case "pods" -> podIp(Edit.into(object, "spec", PodDefaults::pod));
            case "nodes" ->
                Edit.in(
                        object,
                        "status",
                        status -> status.object("allocatable").isEmpty() && status.has("capacity")
                                ? status.with("allocatable", status.object("capacity"))
                                : status);
            case "podtemplates" -> Edit.in(object, "template", KindDefaults::template);
            case "deployments.apps" -> Edit.into(object, "spec", KindDefaults::deployment);
            case "replicasets.apps" ->
                Edit.into(object, "spec", spec -> Edit.byDefault(templated(spec), "replicas", 1));
            case "daemonsets.apps" -> daemonSet(object);
            case "statefulsets.apps" -> Edit.into(object, "spec", KindDefaults::statefulSet);
            case "replicationcontrollers" -> replicationController(object);
            case "jobs.batch" -> job(object);
            case "cronjobs.batch" -> Edit.into(object, "spec", KindDefaults::cronJob);
            case "services" -> balancer(Edit.into(object, "spec", KindDefaults::service));
            case "secrets" -> secret(object);
            case "endpoints" ->
                Edit.each(
                        object,
                        "subsets",
                        subset -> Edit.each(subset, "ports", port -> Edit.byDefault(port, "protocol", "TCP")));
            case "endpointslices.discovery.k8s.io" ->
                Edit.each(
                        object,
                        "ports",
                        port -> Edit.byDefault(Edit.byDefault(port, "name", Json.of("")), "protocol", "TCP"));
            case "persistentvolumeclaims" ->
                Edit.into(object, "spec", spec -> Edit.byDefault(spec, "volumeMode", "Filesystem"));
            case "persistentvolumes" -> Edit.into(object, "spec", PodDefaults::volume);
            case "limitranges" -> Edit.in(object, "spec", spec -> Edit.each(spec, "limits", KindDefaults::limit));
            case "horizontalpodautoscalers.autoscaling" -> autoscaler(object);
            case "networkpolicies.networking.k8s.io" -> Edit.into(object, "spec", KindDefaults::networkPolicy);
            case "storageclasses.storage.k8s.io" ->
                Edit.byDefault(Edit.byDefault(object, "reclaimPolicy", "Delete"), "volumeBindingMode", "Immediate");
            case "priorityclasses.scheduling.k8s.io" ->
                Edit.byDefault(object, "preemptionPolicy", "PreemptLowerPriority");
            case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io" ->
                binding(object);
            default -> other(resource, object);
        };
    }

    private static JsonObject other(String resource, JsonObject object) {
        return switch (resource) {
            case "validatingwebhookconfigurations.admissionregistration.k8s.io" ->
                Edit.each(object, "webhooks", KindDefaults::webhook);
            case "mutatingwebhookconfigurations.admissionregistration.k8s.io" ->
                Edit.each(
                        object, "webhooks", webhook -> Edit.byDefault(webhook(webhook), "reinvocationPolicy", "Never"));
            case "validatingadmissionpolicies.admissionregistration.k8s.io",
                    "mutatingadmissionpolicies.admissionregistration.k8s.io" ->
                Edit.into(object, "spec", KindDefaults::admissionPolicy);
            case "validatingadmissionpolicybindings.admissionregistration.k8s.io",
                    "mutatingadmissionpolicybindings.admissionregistration.k8s.io" ->
                Edit.in(object, "spec", spec -> Edit.in(spec, "matchResources", KindDefaults::matchResources));
            case "customresourcedefinitions.apiextensions.k8s.io" -> Edit.into(object, "spec", KindDefaults::crd);
            case "csidrivers.storage.k8s.io" -> Edit.into(object, "spec", KindDefaults::csiDriver);
            default -> object;
        };
    }

    /** The first of several addresses is the address. */
    private static JsonObject podIp(JsonObject pod) {
        return Edit.in(pod, "status", status -> {
            JsonArray all = status.array("podIPs");
            if (!all.isEmpty() && all.get(0) instanceof JsonObject first && first.has("ip")) {
                return status.with("podIP", Json.of(first.text("ip", "")));
            }
            String one = status.text("podIP", "");
            return one.isEmpty() ? status : status.with("podIPs", JsonArray.of(JsonObject.of("ip", Json.of(one))));
        });
    }

    private static JsonObject template(JsonObject template) {
        return Edit.into(template, "spec", PodDefaults::template);
    }

    private static JsonObject templated(JsonObject spec) {
        return Edit.into(spec, "template", KindDefaults::template);
    }

    private static JsonObject deployment(JsonObject spec) {
        JsonObject out = Edit.byDefault(templated(spec), "replicas", 1);
        out = Edit.into(out, "strategy", strategy -> {
            JsonObject changed = Edit.byDefault(strategy, "type", "RollingUpdate");
            return changed.text("type", "").equals("RollingUpdate")
                    ? Edit.into(
                            changed,
                            "rollingUpdate",
                            rolling -> Edit.byDefault(
                                    Edit.byDefault(rolling, "maxUnavailable", Json.of("25%")),
                                    "maxSurge",
                                    Json.of("25%")))
                    : changed;
        });
        out = Edit.byDefault(out, "revisionHistoryLimit", 10);
        return Edit.byDefault(out, "progressDeadlineSeconds", 600);
    }

    private static JsonObject daemonSet(JsonObject object) {
        JsonObject out = Edit.into(object, "spec", spec -> {
            JsonObject changed = Edit.into(templated(spec), "updateStrategy", strategy -> {
                JsonObject s = Edit.byDefault(strategy, "type", "RollingUpdate");
                return s.text("type", "").equals("RollingUpdate")
                        ? Edit.into(
                                s,
                                "rollingUpdate",
                                rolling -> Edit.byDefault(Edit.byDefault(rolling, "maxUnavailable", 1), "maxSurge", 0))
                        : s;
            });
            return Edit.byDefault(changed, "revisionHistoryLimit", 10);
        });
        return Edit.into(
                out,
                "metadata",
                metadata -> Edit.into(
                        metadata,
                        "annotations",
                        annotations ->
                                Edit.byDefault(annotations, "deprecated.daemonset.template.generation", Json.of("0"))));
    }

    private static JsonObject statefulSet(JsonObject spec) {
        JsonObject out = Edit.byDefault(templated(spec), "podManagementPolicy", "OrderedReady");
        out = Edit.into(out, "updateStrategy", strategy -> {
            JsonObject changed = Edit.byDefault(strategy, "type", "RollingUpdate");
            return changed.text("type", "").equals("RollingUpdate")
                    ? Edit.into(changed, "rollingUpdate", rolling -> Edit.byDefault(rolling, "partition", 0))
                    : changed;
        });
        out = Edit.into(
                out,
                "persistentVolumeClaimRetentionPolicy",
                policy -> Edit.byDefault(Edit.byDefault(policy, "whenDeleted", "Retain"), "whenScaled", "Retain"));
        out = Edit.byDefault(out, "replicas", 1);
        out = Edit.byDefault(out, "revisionHistoryLimit", 10);
        return Edit.each(out, "volumeClaimTemplates", claim -> {
            JsonObject changed = claim.with("apiVersion", Json.of("v1")).with("kind", Json.of("PersistentVolumeClaim"));
            changed = Edit.into(changed, "spec", s -> Edit.byDefault(s, "volumeMode", "Filesystem"));
            return Edit.into(changed, "status", s -> Edit.byDefault(s, "phase", "Pending"));
        });
    }

    private static JsonObject replicationController(JsonObject object) {
        JsonObject out = Edit.into(object, "spec", spec -> {
            JsonObject changed = spec.has("template") ? Edit.in(spec, "template", KindDefaults::template) : spec;
            JsonObject labels = labels(changed);
            changed = labels.isEmpty() || !changed.object("selector").isEmpty()
                    ? changed
                    : changed.with("selector", labels);
            return Edit.byDefault(changed, "replicas", 1);
        });
        return labelled(out, labels(out.object("spec")));
    }

    private static JsonObject labels(JsonObject spec) {
        return spec.object("template").object("metadata").object("labels");
    }

    private static JsonObject labelled(JsonObject object, JsonObject labels) {
        return labels.isEmpty() || !object.object("metadata").object("labels").isEmpty()
                ? object
                : Edit.into(object, "metadata", metadata -> metadata.with("labels", labels));
    }

    private static JsonObject job(JsonObject object) {
        JsonObject out = Edit.into(object, "spec", KindDefaults::jobSpec);
        return labelled(out, labels(out.object("spec")));
    }

    private static JsonObject jobSpec(JsonObject spec) {
        JsonObject out = templated(spec);
        if (!out.has("completions") && !out.has("parallelism")) {
            out = out.with("completions", Json.of(1));
        }
        out = Edit.byDefault(out, "parallelism", 1);
        boolean perIndex = out.has("backoffLimitPerIndex");
        out = Edit.byDefault(out, "backoffLimit", perIndex ? Integer.MAX_VALUE : 6);
        out = Edit.byDefault(out, "completionMode", "NonIndexed");
        out = Edit.byDefault(out, "suspend", Json.of(false));
        return Edit.byDefault(
                out, "podReplacementPolicy", out.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    }

    private static JsonObject cronJob(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "concurrencyPolicy", "Allow");
        out = Edit.byDefault(out, "suspend", Json.of(false));
        out = Edit.byDefault(out, "successfulJobsHistoryLimit", 3);
        out = Edit.byDefault(out, "failedJobsHistoryLimit", 1);
        return Edit.into(out, "jobTemplate", job -> Edit.into(job, "spec", KindDefaults::templated));
    }

    private static JsonObject service(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "sessionAffinity", "None");
        if (out.text("sessionAffinity", "").equals("None")) {
            out = out.without("sessionAffinityConfig");
        } else {
            out = Edit.into(
                    out,
                    "sessionAffinityConfig",
                    config -> Edit.into(config, "clientIP", ip -> Edit.byDefault(ip, "timeoutSeconds", 10800)));
        }
        out = Edit.byDefault(out, "type", "ClusterIP");
        out = Edit.each(out, "ports", port -> {
            JsonObject changed = Edit.byDefault(port, "protocol", "TCP");
            Json target = changed.get("targetPort");
            boolean unset =
                    target == null || target.isNull() || target.equals(Json.of(0)) || target.equals(Json.of(""));
            Json number = changed.get("port");
            return unset && number != null ? changed.with("targetPort", number) : changed;
        });
        String type = out.text("type", "");
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            out = Edit.byDefault(out, "externalTrafficPolicy", "Cluster");
        }
        if (!type.equals("ExternalName")) {
            out = Edit.byDefault(out, "internalTrafficPolicy", "Cluster");
        }
        return type.equals("LoadBalancer") ? Edit.byDefault(out, "allocateLoadBalancerNodePorts", Json.of(true)) : out;
    }

    private static JsonObject balancer(JsonObject object) {
        return Edit.in(
                object,
                "status",
                status -> Edit.in(
                        status,
                        "loadBalancer",
                        balancer -> Edit.each(
                                balancer,
                                "ingress",
                                each -> each.has("ip") ? Edit.byDefault(each, "ipMode", "VIP") : each)));
    }

    private static JsonObject secret(JsonObject object) {
        JsonObject out = object;
        JsonObject text = object.object("stringData");
        if (object.has("stringData")) {
            JsonObject data = object.object("data");
            for (int i = 0; i < text.size(); i++) {
                String value = text.valueAt(i).textOrNull();
                byte[] bytes = (value == null ? "" : value).getBytes(StandardCharsets.UTF_8);
                data = data.with(text.keyAt(i), Json.of(Base64.getEncoder().encodeToString(bytes)));
            }
            out = out.without("stringData");
            out = data.isEmpty() ? out : out.with("data", data);
        }
        return Edit.byDefault(out, "type", "Opaque");
    }

    private static JsonObject limit(JsonObject limit) {
        if (!limit.text("type", "").equals("Container")) {
            return limit;
        }
        JsonObject defaults = limit.object("default");
        JsonObject requests = limit.object("defaultRequest");
        JsonObject max = limit.object("max");
        for (int i = 0; i < max.size(); i++) {
            defaults = Edit.byDefault(defaults, max.keyAt(i), max.valueAt(i));
        }
        for (int i = 0; i < defaults.size(); i++) {
            requests = Edit.byDefault(requests, defaults.keyAt(i), defaults.valueAt(i));
        }
        JsonObject min = limit.object("min");
        for (int i = 0; i < min.size(); i++) {
            requests = Edit.byDefault(requests, min.keyAt(i), min.valueAt(i));
        }
        JsonObject out = defaults.isEmpty() ? limit : limit.with("default", defaults);
        return requests.isEmpty() ? out : out.with("defaultRequest", requests);
    }

    private static JsonObject autoscaler(JsonObject object) {
        return object.text("apiVersion", "").endsWith("/v1")
                ? Edit.into(object, "spec", spec -> Edit.byDefault(spec, "minReplicas", 1))
                : Edit.into(object, "spec", KindDefaults::autoscalerSpec);
    }

    private static JsonObject autoscalerSpec(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "minReplicas", 1);
        if (out.array("metrics").isEmpty()) {
            JsonObject target = JsonObject.builder()
                    .put("type", "Utilization")
                    .put("averageUtilization", 80)
                    .build();
            JsonObject resource = JsonObject.builder()
                    .put("name", "cpu")
                    .put("target", target)
                    .build();
            out = out.with(
                    "metrics",
                    JsonArray.of(JsonObject.builder()
                            .put("type", "Resource")
                            .put("resource", resource)
                            .build()));
        }
        return Edit.in(
                out,
                "behavior",
                behavior -> Edit.into(
                        Edit.into(behavior, "scaleUp", rules -> scaling(rules, true)),
                        "scaleDown",
                        rules -> scaling(rules, false)));
    }

    private static JsonObject scaling(JsonObject rules, boolean up) {
        JsonObject out = up ? Edit.byDefault(rules, "stabilizationWindowSeconds", 0) : rules;
        out = Edit.byDefault(out, "selectPolicy", "Max");
        JsonArray.Builder policies = JsonArray.builder().add(policy("Percent", 100));
        if (up) {
            policies = JsonArray.builder().add(policy("Pods", 4)).add(policy("Percent", 100));
        }
        return out.array("policies").isEmpty() ? out.with("policies", policies.build()) : out;
    }

    private static JsonObject policy(String type, int value) {
        return JsonObject.builder()
                .put("type", type)
                .put("value", value)
                .put("periodSeconds", 15)
                .build();
    }

    private static JsonObject networkPolicy(JsonObject spec) {
        JsonObject out = spec;
        for (String list : new String[] {"ingress", "egress"}) {
            out = Edit.each(
                    out, list, rule -> Edit.each(rule, "ports", port -> Edit.byDefault(port, "protocol", "TCP")));
        }
        if (!out.array("policyTypes").isEmpty()) {
            return out;
        }
        JsonArray.Builder types = JsonArray.builder().add("Ingress");
        if (!out.array("egress").isEmpty()) {
            types.add("Egress");
        }
        return out.with("policyTypes", types.build());
    }

    private static JsonObject binding(JsonObject object) {
        String group = "rbac.authorization.k8s.io";
        JsonObject out = Edit.in(object, "roleRef", ref -> Edit.byDefault(ref, "apiGroup", group));
        return Edit.each(out, "subjects", subject -> switch (subject.text("kind", "")) {
            case "User", "Group" -> Edit.byDefault(subject, "apiGroup", group);
            default -> subject;
        });
    }

    private static JsonObject webhook(JsonObject webhook) {
        JsonObject out = Edit.byDefault(webhook, "failurePolicy", "Fail");
        out = Edit.byDefault(out, "matchPolicy", "Equivalent");
        out = Edit.byDefault(out, "namespaceSelector", EMPTY);
        out = Edit.byDefault(out, "objectSelector", EMPTY);
        out = Edit.byDefault(out, "timeoutSeconds", 10);
        out = Edit.each(out, "rules", rule -> Edit.byDefault(rule, "scope", "*"));
        return Edit.in(out, "clientConfig", client -> Edit.in(client, "service", s -> Edit.byDefault(s, "port", 443)));
    }

    private static JsonObject admissionPolicy(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "failurePolicy", "Fail");
        return Edit.in(out, "matchConstraints", KindDefaults::matchResources);
    }

    private static JsonObject matchResources(JsonObject match) {
        JsonObject out = Edit.byDefault(match, "matchPolicy", "Equivalent");
        out = Edit.byDefault(out, "namespaceSelector", EMPTY);
        out = Edit.byDefault(out, "objectSelector", EMPTY);
        for (String rules : new String[] {"resourceRules", "excludeResourceRules"}) {
            out = Edit.each(out, rules, rule -> Edit.byDefault(rule, "scope", "*"));
        }
        return out;
    }

    private static JsonObject crd(JsonObject spec) {
        JsonObject out = Edit.into(spec, "names", names -> {
            String kind = names.text("kind", "");
            JsonObject changed = Edit.byDefault(names, "singular", kind.toLowerCase(Locale.ROOT));
            return Edit.byDefault(changed, "listKind", kind + "List");
        });
        out = Edit.into(out, "conversion", conversion -> Edit.byDefault(conversion, "strategy", "None"));
        return Edit.in(
                out,
                "conversion",
                conversion -> Edit.in(
                        conversion,
                        "webhook",
                        webhook -> Edit.in(
                                webhook,
                                "clientConfig",
                                client -> Edit.in(client, "service", s -> Edit.byDefault(s, "port", 443)))));
    }

    private static JsonObject csiDriver(JsonObject spec) {
        JsonObject out = Edit.byDefault(spec, "attachRequired", Json.of(true));
        out = Edit.byDefault(out, "podInfoOnMount", Json.of(false));
        out = Edit.byDefault(out, "storageCapacity", Json.of(false));
        out = Edit.byDefault(out, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        out = Edit.byDefault(out, "requiresRepublish", Json.of(false));
        out = Edit.byDefault(out, "seLinuxMount", Json.of(false));
        return out.array("volumeLifecycleModes").isEmpty()
                ? out.with("volumeLifecycleModes", JsonArray.of(Json.of("Persistent")))
                : out;
    }
}
