package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.selector.LabelSelector;
import java.util.List;
import java.util.Set;

/** What Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs, CronJobs and Pods must be. */
final class WorkloadRules {
    private static final Set<String> CHANGEABLE_OF_STATEFUL_SET = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private final Checks checks;

    WorkloadRules(Checks checks) {
        this.checks = checks;
    }

    void deployment(JsonObject spec) {
        checks.nonNegative(spec, "replicas", "spec");
        selector(spec, "deployment");
        template(spec.object("template"), "spec.template");
        JsonObject strategy = spec.object("strategy");
        String type = strategy.text("type", "");
        if (type.equals("Recreate") && strategy.has("rollingUpdate")) {
            checks.add(FieldError.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        } else if (type.equals("RollingUpdate")) {
            rollingUpdate(strategy.object("rollingUpdate"), "spec.strategy.rollingUpdate");
        } else if (!type.equals("Recreate")) {
            checks.supported(strategy, "type", "spec.strategy", "Recreate", "RollingUpdate");
        }
        checks.nonNegative(spec, "minReadySeconds", "spec");
        checks.nonNegative(spec, "revisionHistoryLimit", "spec");
        checks.nonNegative(spec, "progressDeadlineSeconds", "spec");
        if (spec.get("progressDeadlineSeconds") instanceof JsonNumber deadline
                && deadline.longValue() <= Checks.number(spec, "minReadySeconds", 0)) {
            checks.add(FieldError.invalid(
                    "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
        }
    }

    void replicaSet(JsonObject spec) {
        checks.nonNegative(spec, "replicas", "spec");
        checks.nonNegative(spec, "minReadySeconds", "spec");
        selector(spec, "deployment");
        template(spec.object("template"), "spec.template");
    }

    void daemonSet(JsonObject spec) {
        selector(spec, "daemonset");
        template(spec.object("template"), "spec.template");
        checks.nonNegative(spec, "minReadySeconds", "spec");
        checks.nonNegative(spec, "revisionHistoryLimit", "spec");
    }

    void statefulSet(JsonObject spec) {
        checks.supported(spec, "podManagementPolicy", "spec", "OrderedReady", "Parallel");
        JsonObject strategy = spec.object("updateStrategy");
        String type = strategy.text("type", "");
        if (type.equals("OnDelete") && strategy.get("rollingUpdate") instanceof JsonObject rolling) {
            Json partition = rolling.get("partition");
            Json unavailable = rolling.get("maxUnavailable");
            String printed = "{\"Partition\":" + (partition == null ? "0" : partition.toJson()) + ",\"MaxUnavailable\":"
                    + (unavailable == null ? "null" : unavailable.toJson()) + "}";
            checks.add(FieldError.invalidText(
                    "spec.updateStrategy.rollingUpdate", printed, "only allowed for updateStrategy 'RollingUpdate'"));
        } else if (type.equals("RollingUpdate")) {
            checks.nonNegative(strategy.object("rollingUpdate"), "partition", "spec.updateStrategy.rollingUpdate");
        } else if (!type.equals("OnDelete")) {
            checks.add(FieldError.invalid("spec.updateStrategy", strategy, "must be 'RollingUpdate' or 'OnDelete'"));
        }
        serviceName(spec.text("serviceName", ""));
        checks.nonNegative(spec, "replicas", "spec");
        checks.nonNegative(spec, "minReadySeconds", "spec");
        selector(spec, "statefulset");
        template(spec.object("template"), "spec.template");
    }

    private void serviceName(String name) {
        if (name.isEmpty()) {
            return;
        }
        if (name.length() > 63) {
            checks.add(FieldError.invalid("spec.serviceName", name, "must be no more than 63 characters"));
        } else if (name.indexOf('.') >= 0) {
            checks.add(FieldError.invalid("spec.serviceName", name, "must not contain dots"));
        } else {
            checks.label(name, "spec.serviceName");
        }
    }

    void job(JsonObject spec, String path) {
        for (String field : List.of(
                "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished")) {
            checks.nonNegative(spec, field, path);
        }
        JsonObject pod = spec.object("template").object("spec");
        new PodRules(checks).spec(pod, path + ".template.spec");
        String policy = pod.text("restartPolicy", "");
        if (policy.equals("Always")) {
            checks.add(FieldError.required(
                    path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
        }
    }

    void cronJob(JsonObject spec) {
        String schedule = spec.text("schedule", "");
        if (schedule.isEmpty()) {
            checks.add(FieldError.required("spec.schedule"));
        } else if (!schedule.startsWith("@") && schedule.strip().split("\\s+", -1).length != 5) {
            checks.add(FieldError.invalid(
                    "spec.schedule",
                    schedule,
                    "expected exactly 5 fields, found " + schedule.strip().split("\\s+", -1).length + ": ["
                            + schedule.strip() + "]"));
        }
        checks.supported(spec, "concurrencyPolicy", "spec", "Allow", "Forbid", "Replace");
        job(spec.object("jobTemplate").object("spec"), "spec.jobTemplate.spec");
    }

    void pod(JsonObject spec) {
        new PodRules(checks).spec(spec, "spec");
    }

    void statefulSetUpdate(JsonObject spec, JsonObject old) {
        if (!without(spec).equals(without(old))) {
            checks.add(FieldError.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                            + " 'minReadySeconds' are forbidden"));
        }
    }

    private static JsonObject without(JsonObject spec) {
        JsonObject out = spec;
        for (String field : CHANGEABLE_OF_STATEFUL_SET) {
            out = out.without(field);
        }
        return out;
    }

    void jobUpdate(JsonObject spec, JsonObject old) {
        if (!"Indexed".equals(old.text("completionMode"))) {
            checks.immutable(spec.get("completions"), old.get("completions"), "spec.completions");
        }
        checks.immutable(spec.get("selector"), old.get("selector"), "spec.selector");
        checks.immutable(spec.get("template"), old.get("template"), "spec.template");
        checks.immutable(spec.get("completionMode"), old.get("completionMode"), "spec.completionMode");
    }

    void podUpdate(JsonObject spec, JsonObject old) {
        if (!podCore(spec).equals(podCore(old))) {
            checks.add(FieldError.forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions"
                            + " to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it"
                            + " was previously negative)"));
        }
    }

    private static JsonObject podCore(JsonObject spec) {
        JsonObject out = spec.without("activeDeadlineSeconds")
                .without("tolerations")
                .without("schedulingGates")
                .without("nodeName")
                .without("ephemeralContainers");
        for (String list : new String[] {"containers", "initContainers"}) {
            out = Edit.each(out, list, container -> container.without("image"));
        }
        return out;
    }

    private void selector(JsonObject spec, String kind) {
        Json selector = spec.get("selector");
        JsonObject labels = spec.object("template").object("metadata").object("labels");
        boolean matches = false;
        if (!(selector instanceof JsonObject object)) {
            checks.add(FieldError.required("spec.selector"));
        } else {
            checks.labelSelector(object, "spec.selector");
            if (object.object("matchLabels").isEmpty()
                    && object.array("matchExpressions").isEmpty()) {
                checks.add(FieldError.invalid("spec.selector", object, "empty selector is invalid for " + kind));
            }
            LabelSelector parsed = LabelSelector.of(object).orNull();
            matches = parsed == null || parsed.matches(labels);
        }
        if (!matches) {
            checks.add(FieldError.invalid(
                    "spec.template.metadata.labels",
                    labels.isEmpty() ? Json.nul() : labels,
                    "`selector` does not match template `labels`"));
        }
    }

    private void template(JsonObject template, String path) {
        JsonObject metadata = template.object("metadata");
        MetadataRules.labels(metadata.object("labels"), path + ".labels", checks.errors());
        MetadataRules.annotations(metadata.object("annotations"), path + ".annotations", checks.errors());
        JsonObject spec = template.object("spec");
        new PodRules(checks).spec(spec, path + ".spec");
        String policy = spec.text("restartPolicy", "");
        if (policy.equals("OnFailure") || policy.equals("Never")) {
            checks.add(FieldError.notSupported(path + ".spec.restartPolicy", policy, "Always"));
        }
        if (spec.has("activeDeadlineSeconds")) {
            checks.add(FieldError.forbidden(
                    path + ".spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported"));
        }
    }

    private void rollingUpdate(JsonObject rolling, String path) {
        checks.numberOrPercent(rolling, "maxUnavailable", path);
        checks.numberOrPercent(rolling, "maxSurge", path);
        if (isZero(rolling.get("maxUnavailable")) && isZero(rolling.get("maxSurge"))) {
            checks.add(FieldError.invalid(
                    path + ".maxUnavailable", rolling.get("maxUnavailable"), "may not be 0 when `maxSurge` is 0"));
        }
    }

    private static boolean isZero(@org.jspecify.annotations.Nullable Json value) {
        String text = value == null ? "" : value.textOrNull() == null ? value.toJson() : value.textOrNull();
        return "0".equals(text) || "0%".equals(text);
    }
}
