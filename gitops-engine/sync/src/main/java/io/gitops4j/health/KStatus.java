package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.Health.Status;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.HealthCheck;
import java.util.Optional;

/**
 * Health by the rules of kstatus, which Flux and {@code kubectl wait}-like tools go by: every kind has one, from its observed
 * generation and the conditions {@code Reconciling}, {@code Stalled} and {@code Ready}; the workloads of Kubernetes have rules of
 * their own. Current is Healthy here, InProgress and Terminating are Progressing, Failed is Degraded.
 */
public final class KStatus implements HealthCheck {
    private static final KStatus CHECK = new KStatus();

    private KStatus() {}

    /** The check. */
    public static KStatus check() {
        return CHECK;
    }

    @Override
    public Optional<Health> assess(JsonObject live) {
        if (live.object("metadata").has("deletionTimestamp")) {
            return progressing("Resource scheduled for deletion");
        }
        return Optional.of(generic(live).or(() -> ofKind(live)).orElseGet(() -> ready(live)));
    }

    private static Optional<Health> generic(JsonObject live) {
        JsonObject status = live.object("status");
        long generation = number(live.object("metadata"), "generation", -1);
        long observed = number(status, "observedGeneration", -1);
        if (generation >= 0 && observed >= 0 && generation != observed) {
            return progressing(live.text("kind", "") + " generation is " + generation
                    + ", but latest observed generation is " + observed);
        }
        JsonObject stalled = condition(status, "Stalled");
        if (isTrue(stalled)) {
            return degraded(stalled.text("message", ""));
        }
        JsonObject reconciling = condition(status, "Reconciling");
        return isTrue(reconciling) ? progressing(reconciling.text("message", "")) : Optional.empty();
    }

    private static Health ready(JsonObject live) {
        JsonObject ready = condition(live.object("status"), "Ready");
        return ready.isEmpty() || isTrue(ready)
                ? new Health(Status.HEALTHY, ready.isEmpty() ? "Resource is current" : ready.text("message", ""))
                : new Health(Status.PROGRESSING, ready.text("message", ""));
    }

    private static Optional<Health> ofKind(JsonObject live) {
        String group = live.text("apiVersion", "").replaceFirst("/?v[0-9][a-z0-9]*$", "");
        return switch (group + "/" + live.text("kind", "")) {
            case "apps/Deployment" -> deployment(live);
            case "apps/StatefulSet" -> statefulSet(live);
            case "apps/DaemonSet" -> daemonSet(live);
            case "apps/ReplicaSet" -> replicaSet(live);
            case "batch/Job" -> job(live);
            case "/Pod" -> pod(live);
            case "/PersistentVolumeClaim" ->
                phase(live).equals("Bound")
                        ? healthy("PVC is Bound")
                        : progressing("PVC is not Bound. phase: " + phase(live));
            case "/Service" ->
                live.object("spec").text("type", "").equals("LoadBalancer")
                                && live.object("spec").text("clusterIP", "").isEmpty()
                        ? progressing("ClusterIP not set. Service type: LoadBalancer")
                        : healthy("Service is ready");
            case "policy/PodDisruptionBudget" -> budget(live);
            case "apiextensions.k8s.io/CustomResourceDefinition" -> definition(live);
            default -> Optional.empty();
        };
    }

    private static Optional<Health> deployment(JsonObject live) {
        JsonObject status = live.object("status");
        JsonObject progress = condition(status, "Progressing");
        if (progress.text("reason", "").equals("ProgressDeadlineExceeded")) {
            return degraded("Progress deadline exceeded");
        }
        long wanted = number(live.object("spec"), "replicas", 1);
        long replicas = number(status, "replicas", 0);
        long updated = number(status, "updatedReplicas", 0);
        long available = number(status, "availableReplicas", 0);
        if (wanted > replicas) {
            return progressing("replicas: " + replicas + "/" + wanted);
        }
        if (wanted > updated) {
            return progressing("Updated: " + updated + "/" + wanted);
        }
        if (replicas > wanted) {
            return progressing("Pending termination: " + (replicas - wanted));
        }
        if (updated > available) {
            return progressing("Available: " + available + "/" + updated);
        }
        if (wanted > number(status, "readyReplicas", 0)) {
            return progressing("Ready: " + number(status, "readyReplicas", 0) + "/" + wanted);
        }
        if (!progress.isEmpty() && !progress.text("reason", "").equals("NewReplicaSetAvailable")) {
            return progressing("ReplicaSet not Available");
        }
        return isTrue(condition(status, "Available"))
                ? healthy("Deployment is available. Replicas: " + replicas)
                : progressing("Deployment not Available");
    }

    private static Optional<Health> statefulSet(JsonObject live) {
        JsonObject spec = live.object("spec");
        JsonObject status = live.object("status");
        JsonObject strategy = spec.object("updateStrategy");
        if (strategy.text("type", "").equals("OnDelete")) {
            return healthy("StatefulSet is using the ondelete update strategy");
        }
        long wanted = number(spec, "replicas", 1);
        long replicas = number(status, "replicas", 0);
        if (wanted > replicas) {
            return progressing("Replicas: " + replicas + "/" + wanted);
        }
        if (wanted > number(status, "readyReplicas", 0)) {
            return progressing("Ready: " + number(status, "readyReplicas", 0) + "/" + wanted);
        }
        if (replicas > wanted) {
            return progressing("Pending termination: " + (replicas - wanted));
        }
        long partition = number(strategy.object("rollingUpdate"), "partition", -1);
        long updated = number(status, "updatedReplicas", 0);
        if (partition > 0) {
            return updated < wanted - partition
                    ? progressing("updated: " + updated + "/" + (wanted - partition))
                    : healthy("Partition rollout complete. updated: " + updated);
        }
        if (wanted > number(status, "currentReplicas", 0)) {
            return progressing("current: " + number(status, "currentReplicas", 0) + "/" + wanted);
        }
        return status.text("currentRevision", "").equals(status.text("updateRevision", ""))
                ? healthy("All replicas scheduled as expected. Replicas: " + replicas)
                : progressing("Waiting for updated revision to match current");
    }

    private static Optional<Health> daemonSet(JsonObject live) {
        JsonObject status = live.object("status");
        long wanted = number(status, "desiredNumberScheduled", -1);
        if (number(status, "observedGeneration", -1) < 0 || wanted < 0) {
            return progressing("Missing .status.desiredNumberScheduled");
        }
        for (String field :
                new String[] {"currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"}) {
            long count = number(status, field, 0);
            if (wanted > count) {
                return progressing(field + ": " + count + "/" + wanted);
            }
        }
        return healthy("All replicas scheduled as expected. Replicas: " + wanted);
    }

    private static Optional<Health> replicaSet(JsonObject live) {
        JsonObject status = live.object("status");
        if (isTrue(condition(status, "ReplicaFailure"))) {
            return progressing("Replica Failure condition. Check Pods");
        }
        long wanted = number(live.object("spec"), "replicas", 1);
        for (String field : new String[] {"fullyLabeledReplicas", "availableReplicas", "readyReplicas"}) {
            long count = number(status, field, 0);
            if (wanted > count) {
                return progressing(field + ": " + count + "/" + wanted);
            }
        }
        long replicas = number(status, "replicas", 0);
        return replicas > wanted
                ? progressing("Pending termination: " + (replicas - wanted))
                : healthy("ReplicaSet is available. Replicas: " + replicas);
    }

    private static Optional<Health> job(JsonObject live) {
        JsonObject status = live.object("status");
        JsonObject failed = condition(status, "Failed");
        if (isTrue(failed)) {
            return degraded("Job Failed. " + failed.text("message", ""));
        }
        if (isTrue(condition(status, "Complete"))) {
            return healthy("Job Completed");
        }
        return status.has("startTime") ? healthy("Job in progress") : progressing("Job not started");
    }

    private static Optional<Health> pod(JsonObject live) {
        JsonObject status = live.object("status");
        return switch (phase(live)) {
            case "Succeeded" -> healthy("Pod has completed successfully");
            case "Failed" -> degraded("Pod has completed, but not successfully");
            case "Running" -> {
                if (isTrue(condition(status, "Ready"))) {
                    yield healthy("Pod is Ready");
                }
                for (Json item : status.array("containerStatuses")) {
                    if (item instanceof JsonObject container
                            && container
                                    .object("state")
                                    .object("waiting")
                                    .text("reason", "")
                                    .equals("CrashLoopBackOff")) {
                        yield degraded("Containers in CrashLoop state: " + container.text("name", ""));
                    }
                }
                yield progressing("Pod is running but is not Ready");
            }
            case "Pending" -> progressing("Pod is in the Pending phase");
            default -> progressing("Pod phase not available");
        };
    }

    private static Optional<Health> budget(JsonObject live) {
        JsonObject status = live.object("status");
        long wanted = number(status, "desiredHealthy", -1);
        if (wanted < 0) {
            return progressing("Missing or zero .status.desiredHealthy");
        }
        long count = number(status, "currentHealthy", 0);
        return wanted > count
                ? progressing("Budget not met. healthy replicas: " + count + "/" + wanted)
                : healthy("AllowedDisruptions has been computed");
    }

    private static Optional<Health> definition(JsonObject live) {
        JsonObject status = live.object("status");
        JsonObject names = condition(status, "NamesAccepted");
        if (names.text("status", "").equals("False")) {
            return degraded(names.text("message", ""));
        }
        return isTrue(condition(status, "Established"))
                ? healthy("CRD is established")
                : progressing("Install in progress");
    }

    private static String phase(JsonObject live) {
        return live.object("status").text("phase", "");
    }

    private static JsonObject condition(JsonObject status, String type) {
        for (Json item : status.array("conditions")) {
            if (item instanceof JsonObject condition
                    && condition.text("type", "").equals(type)) {
                return condition;
            }
        }
        return JsonObject.empty();
    }

    private static boolean isTrue(JsonObject condition) {
        return condition.text("status", "").equals("True");
    }

    private static long number(JsonObject in, String field, long otherwise) {
        return in.get(field) instanceof JsonNumber number ? number.longValue() : otherwise;
    }

    private static Optional<Health> healthy(String message) {
        return Optional.of(new Health(Status.HEALTHY, message));
    }

    private static Optional<Health> progressing(String message) {
        return Optional.of(new Health(Status.PROGRESSING, message));
    }

    private static Optional<Health> degraded(String message) {
        return Optional.of(new Health(Status.DEGRADED, message));
    }
}
