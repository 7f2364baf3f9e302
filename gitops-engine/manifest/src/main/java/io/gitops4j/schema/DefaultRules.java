package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The rules of {@link KubernetesDefaults}, by definition. */
final class DefaultRules {
    private static final JsonObject EMPTY = JsonObject.empty();

    private DefaultRules() {}

    static void addTo(Map<String, UnaryOperator<JsonObject>> rules) {
        pods(rules);
        workloads(rules);
        services(rules);
        for (String version : List.of("v1", "v1beta1")) {
            webhooks(rules, "admissionregistration." + version + ".", version.equals("v1"));
        }
        rules.put("core.v1.Secret", secret -> put(secret, "type", "Opaque"));
        rules.put("core.v1.PersistentVolumeClaimSpec", spec -> put(spec, "volumeMode", "Filesystem"));
        rules.put(
                "core.v1.PersistentVolumeSpec",
                spec -> put(put(spec, "persistentVolumeReclaimPolicy", "Retain"), "volumeMode", "Filesystem"));
        rules.put(
                "core.v1.PersistentVolumeClaim",
                claim -> claim.with("status", put(claim.object("status"), "phase", "Pending")));
        rules.put(
                "storage.v1.StorageClass",
                c -> put(put(c, "reclaimPolicy", "Delete"), "volumeBindingMode", "Immediate"));
        rbac(rules);
        rules.put("networking.v1.NetworkPolicySpec", DefaultRules::policyTypes);
        rules.put("networking.v1.NetworkPolicyPort", port -> put(port, "protocol", "TCP"));
        for (String version : List.of("v1", "v2")) {
            rules.put("autoscaling." + version + ".HorizontalPodAutoscalerSpec", spec -> put(spec, "minReplicas", 1));
        }
        rules.put("autoscaling.v2.HorizontalPodAutoscalerSpec", DefaultRules::metrics);
    }

    private static void pods(Map<String, UnaryOperator<JsonObject>> rules) {
        rules.put("core.v1.PodSpec", DefaultRules::podSpec);
        rules.put("core.v1.Pod", pod -> in(pod, "spec", DefaultRules::onlyOfPods));
        UnaryOperator<JsonObject> container = DefaultRules::container;
        rules.put("core.v1.Container", container);
        rules.put("core.v1.EphemeralContainer", container);
        rules.put("core.v1.ContainerPort", port -> put(port, "protocol", "TCP"));
        rules.put(
                "core.v1.Probe",
                probe -> put(
                        put(put(put(probe, "timeoutSeconds", 1), "periodSeconds", 10), "successThreshold", 1),
                        "failureThreshold",
                        3));
        rules.put("core.v1.HTTPGetAction", get -> put(put(get, "path", "/"), "scheme", "HTTP"));
        rules.put("core.v1.GRPCAction", grpc -> put(grpc, "service", ""));
        rules.put("core.v1.ObjectFieldSelector", ref -> put(ref, "apiVersion", "v1"));
        rules.put("core.v1.FileKeySelector", ref -> put(ref, "optional", Json.of(false)));
        rules.put("core.v1.ResourceFieldSelector", ref -> put(ref, "divisor", "0"));
        rules.put(
                "core.v1.Volume",
                volume -> volume.size() == 1 && volume.has("name") ? volume.with("emptyDir", EMPTY) : volume);
        for (String source : List.of("Secret", "ConfigMap", "DownwardAPI")) {
            rules.put("core.v1." + source + "VolumeSource", v -> put(v, "defaultMode", 420));
        }
        rules.put("core.v1.ProjectedVolumeSource", v -> put(v, "defaultMode", 420));
        rules.put("core.v1.ServiceAccountTokenProjection", v -> put(v, "expirationSeconds", 3600));
        rules.put("core.v1.HostPathVolumeSource", v -> put(v, "type", ""));
        for (String source : List.of("Volume", "PersistentVolume")) {
            rules.put("core.v1.ISCSI" + source + "Source", v -> put(v, "iscsiInterface", "default"));
            rules.put(
                    "core.v1.RBD" + source + "Source",
                    v -> put(put(put(v, "pool", "rbd"), "user", "admin"), "keyring", "/etc/ceph/keyring"));
        }
        rules.put(
                "core.v1.AzureDiskVolumeSource",
                v -> put(
                        put(put(put(v, "cachingMode", "ReadWrite"), "kind", "Shared"), "fsType", "ext4"),
                        "readOnly",
                        Json.of(false)));
        rules.put("core.v1.ScaleIOVolumeSource", v -> put(put(v, "storageMode", "ThinProvisioned"), "fsType", "xfs"));
    }

    /** What a pod's spec has beyond that of a template. */
    static JsonObject onlyOfPods(JsonObject spec) {
        JsonObject out = put(spec, "enableServiceLinks", Json.of(true));
        for (String list : List.of("containers", "initContainers")) {
            out = each(out, list, DefaultRules::requests);
        }
        return out;
    }

    private static JsonObject podSpec(JsonObject given) {
        JsonObject spec = put(given, "restartPolicy", "Always");
        spec = put(spec, "dnsPolicy", "ClusterFirst");
        spec = put(spec, "schedulerName", "default-scheduler");
        spec = put(spec, "securityContext", EMPTY);
        spec = put(spec, "terminationGracePeriodSeconds", 30);
        String name = spec.text("serviceAccountName", "");
        String old = spec.text("serviceAccount", "");
        if (!name.isEmpty()) {
            spec = spec.with("serviceAccount", name);
        } else if (!old.isEmpty()) {
            spec = spec.with("serviceAccountName", old);
        }
        if (spec.bool("hostNetwork", false)) {
            for (String list : List.of("containers", "initContainers")) {
                spec = each(
                        spec,
                        list,
                        c -> each(c, "ports", port -> {
                            Json number = port.get("containerPort");
                            return number == null ? port : put(port, "hostPort", number);
                        }));
            }
        }
        return spec;
    }

    private static JsonObject container(JsonObject given) {
        JsonObject container = put(given, "terminationMessagePath", "/dev/termination-log");
        container = put(container, "terminationMessagePolicy", "File");
        return put(container, "imagePullPolicy", pullPolicy(container.text("image", "")));
    }

    /** Images that name no tag, or the tag latest, are always pulled; a digest settles it. */
    private static String pullPolicy(String image) {
        if (image.isEmpty() || image.indexOf('@') >= 0) {
            return "IfNotPresent";
        }
        int colon = image.lastIndexOf(':');
        String tag = colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
        return tag.equals("latest") ? "Always" : "IfNotPresent";
    }

    private static JsonObject requests(JsonObject container) {
        JsonObject limits = container.object("resources").object("limits");
        if (limits.isEmpty()) {
            return container;
        }
        return in(container, "resources", resources -> {
            JsonObject requests = resources.object("requests");
            for (int i = 0; i < limits.size(); i++) {
                requests = put(requests, limits.keyAt(i), limits.valueAt(i));
            }
            return resources.with("requests", requests);
        });
    }

    private static void workloads(Map<String, UnaryOperator<JsonObject>> rules) {
        for (String version : List.of("apps.v1", "apps.v1beta2", "apps.v1beta1", "extensions.v1beta1")) {
            int history = version.equals("apps.v1beta1") ? 2 : 10;
            boolean old = version.endsWith("v1beta1");
            boolean extensions = version.startsWith("extensions");
            rules.put(version + ".DeploymentSpec", spec -> deployment(spec, history, extensions));
            rules.put(version + ".DaemonSetSpec", spec -> daemonSet(spec, extensions));
            rules.put(version + ".ReplicaSetSpec", spec -> put(spec, "replicas", 1));
            rules.put(version + ".StatefulSetSpec", spec -> statefulSet(spec, old));
            if (old) {
                for (String kind : List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")) {
                    rules.put(version + "." + kind, DefaultRules::labelsFromTemplate);
                }
            }
        }
        rules.put("core.v1.ReplicationControllerSpec", spec -> put(spec, "replicas", 1));
        rules.put("batch.v1.JobSpec", DefaultRules::job);
        for (String version : List.of("v1", "v1beta1")) {
            rules.put(
                    "batch." + version + ".CronJobSpec",
                    spec -> put(
                            put(
                                    put(put(spec, "concurrencyPolicy", "Allow"), "suspend", Json.of(false)),
                                    "successfulJobsHistoryLimit",
                                    3),
                            "failedJobsHistoryLimit",
                            1));
        }
    }

    /** Versions before apps/v1 took labels and selector from the template. */
    private static JsonObject labelsFromTemplate(JsonObject object) {
        JsonObject labels =
                object.object("spec").object("template").object("metadata").object("labels");
        if (labels.isEmpty()) {
            return object;
        }
        JsonObject out = object;
        if (!out.object("spec").has("selector")) {
            out = out.with("spec", out.object("spec").with("selector", JsonObject.of("matchLabels", labels)));
        }
        JsonObject metadata = out.object("metadata");
        return metadata.object("labels").isEmpty() ? out.with("metadata", metadata.with("labels", labels)) : out;
    }

    private static JsonObject deployment(JsonObject given, int history, boolean extensions) {
        JsonObject spec = put(given, "replicas", 1);
        JsonObject strategy = put(spec.object("strategy"), "type", "RollingUpdate");
        if (strategy.text("type", "").equals("RollingUpdate")) {
            Json one = extensions ? Json.of(1) : Json.of("25%");
            strategy = strategy.with(
                    "rollingUpdate",
                    put(put(strategy.object("rollingUpdate"), "maxUnavailable", one), "maxSurge", one));
        }
        spec = spec.with("strategy", strategy);
        spec = put(spec, "revisionHistoryLimit", extensions ? Integer.MAX_VALUE : history);
        return put(spec, "progressDeadlineSeconds", extensions ? Integer.MAX_VALUE : 600);
    }

    private static JsonObject daemonSet(JsonObject given, boolean extensions) {
        JsonObject strategy = put(given.object("updateStrategy"), "type", extensions ? "OnDelete" : "RollingUpdate");
        if (strategy.text("type", "").equals("RollingUpdate")) {
            strategy = strategy.with(
                    "rollingUpdate", put(put(strategy.object("rollingUpdate"), "maxUnavailable", 1), "maxSurge", 0));
        }
        return put(given.with("updateStrategy", strategy), "revisionHistoryLimit", 10);
    }

    private static JsonObject statefulSet(JsonObject given, boolean old) {
        JsonObject spec = put(given, "podManagementPolicy", "OrderedReady");
        JsonObject strategy = put(spec.object("updateStrategy"), "type", old ? "OnDelete" : "RollingUpdate");
        if (strategy.text("type", "").equals("RollingUpdate")) {
            strategy = strategy.with("rollingUpdate", put(strategy.object("rollingUpdate"), "partition", 0));
        }
        spec = spec.with("updateStrategy", strategy);
        JsonObject retention = put(spec.object("persistentVolumeClaimRetentionPolicy"), "whenDeleted", "Retain");
        spec = spec.with("persistentVolumeClaimRetentionPolicy", put(retention, "whenScaled", "Retain"));
        return put(put(spec, "replicas", 1), "revisionHistoryLimit", 10);
    }

    private static JsonObject job(JsonObject given) {
        JsonObject spec = given;
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec = spec.with("completions", Json.of(1));
        }
        spec = put(spec, "parallelism", 1);
        spec = put(spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        spec = put(spec, "completionMode", "NonIndexed");
        spec = put(spec, "suspend", Json.of(false));
        spec = put(spec, "manualSelector", Json.of(false));
        return put(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    }

    private static void services(Map<String, UnaryOperator<JsonObject>> rules) {
        rules.put("core.v1.ServiceSpec", given -> {
            JsonObject spec = put(put(given, "sessionAffinity", "None"), "type", "ClusterIP");
            if (spec.text("sessionAffinity", "").equals("ClientIP")) {
                spec = spec.with(
                        "sessionAffinityConfig",
                        in(
                                put(spec.object("sessionAffinityConfig"), "clientIP", EMPTY),
                                "clientIP",
                                c -> put(c, "timeoutSeconds", 10800)));
            }
            String type = spec.text("type", "");
            boolean balanced = type.equals("LoadBalancer");
            if (balanced || type.equals("NodePort")) {
                spec = put(spec, "externalTrafficPolicy", "Cluster");
            }
            if (!type.equals("ExternalName")) {
                spec = put(spec, "internalTrafficPolicy", "Cluster");
            }
            return balanced ? put(spec, "allocateLoadBalancerNodePorts", Json.of(true)) : spec;
        });
        rules.put("core.v1.ServicePort", given -> {
            JsonObject port = put(given, "protocol", "TCP");
            Json number = port.get("port");
            Json target = port.get("targetPort");
            boolean unset = target == null || target.equals(Json.of(0)) || "".equals(target.textOrNull());
            return unset && number != null ? port.with("targetPort", number) : port;
        });
        rules.put("core.v1.EndpointPort", port -> put(port, "protocol", "TCP"));
        rules.put("discovery.v1.EndpointPort", port -> put(put(port, "name", ""), "protocol", "TCP"));
    }

    private static void webhooks(Map<String, UnaryOperator<JsonObject>> rules, String api, boolean stable) {
        for (String kind : List.of("MutatingWebhook", "ValidatingWebhook")) {
            rules.put(api + kind, given -> {
                JsonObject hook = put(given, "failurePolicy", stable ? "Fail" : "Ignore");
                hook = put(hook, "matchPolicy", stable ? "Equivalent" : "Exact");
                hook = put(put(hook, "namespaceSelector", EMPTY), "objectSelector", EMPTY);
                hook = put(hook, "timeoutSeconds", stable ? 10 : 30);
                if (kind.startsWith("Mutating")) {
                    hook = put(hook, "reinvocationPolicy", "Never");
                }
                if (!stable) {
                    hook = put(hook, "sideEffects", "Unknown");
                    hook = put(hook, "admissionReviewVersions", JsonArray.of(Json.of("v1beta1")));
                }
                return each(hook, "rules", rule -> put(rule, "scope", "*"));
            });
        }
        rules.put(api + "ServiceReference", service -> put(service, "port", 443));
    }

    private static void rbac(Map<String, UnaryOperator<JsonObject>> rules) {
        String group = "rbac.authorization.k8s.io";
        for (String version : List.of("v1", "v1beta1")) {
            for (String kind : List.of("RoleBinding", "ClusterRoleBinding")) {
                rules.put(
                        "rbac." + version + "." + kind,
                        binding -> each(
                                in(binding, "roleRef", ref -> put(ref, "apiGroup", group)),
                                "subjects",
                                subject -> subject.text("kind", "").equals("User")
                                                || subject.text("kind", "").equals("Group")
                                        ? put(subject, "apiGroup", group)
                                        : subject));
            }
        }
    }

    private static JsonObject policyTypes(JsonObject spec) {
        if (!spec.array("policyTypes").isEmpty()) {
            return spec;
        }
        JsonArray types = spec.array("egress").isEmpty()
                ? JsonArray.of(Json.of("Ingress"))
                : JsonArray.of(Json.of("Ingress"), Json.of("Egress"));
        return spec.with("policyTypes", types);
    }

    private static JsonObject metrics(JsonObject given) {
        JsonObject spec = in(put(given, "minReplicas", 1), "behavior", DefaultRules::behavior);
        if (!spec.array("metrics").isEmpty()) {
            return spec;
        }
        JsonObject cpu = JsonObject.of(
                "name",
                Json.of("cpu"),
                "target",
                JsonObject.of("type", Json.of("Utilization"), "averageUtilization", Json.of(80)));
        return spec.with("metrics", JsonArray.of(JsonObject.of("type", Json.of("Resource"), "resource", cpu)));
    }

    private static JsonObject behavior(JsonObject given) {
        JsonObject up = put(put(given.object("scaleUp"), "stabilizationWindowSeconds", 0), "selectPolicy", "Max");
        JsonObject pods = policy("Pods", 4);
        JsonObject percent = policy("Percent", 100);
        if (up.array("policies").isEmpty()) {
            up = up.with("policies", JsonArray.of(pods, percent));
        }
        JsonObject down = put(given.object("scaleDown"), "selectPolicy", "Max");
        if (down.array("policies").isEmpty()) {
            down = down.with("policies", JsonArray.of(percent));
        }
        return given.with("scaleUp", up).with("scaleDown", down);
    }

    private static JsonObject policy(String type, int value) {
        return JsonObject.builder()
                .put("type", type)
                .put("value", value)
                .put("periodSeconds", 15)
                .build();
    }

    private static JsonObject put(JsonObject object, String key, Json value) {
        Json known = object.get(key);
        boolean unset =
                known == null || known.isNull() || ("".equals(known.textOrNull()) && value.textOrNull() != null);
        return unset ? object.with(key, value) : object;
    }

    private static JsonObject put(JsonObject object, String key, String value) {
        return put(object, key, Json.of(value));
    }

    private static JsonObject put(JsonObject object, String key, int value) {
        return put(object, key, Json.of(value));
    }

    private static JsonObject in(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        return object.get(key) instanceof JsonObject below ? object.with(key, change.apply(below)) : object;
    }

    private static JsonObject each(JsonObject object, String key, UnaryOperator<JsonObject> change) {
        if (!(object.get(key) instanceof JsonArray items)) {
            return object;
        }
        JsonArray out = items;
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof JsonObject item) {
                out = out.with(i, change.apply(item));
            }
        }
        return object.with(key, out);
    }
}
