package io.gitops4j.rollout.controller;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.rollout.Observation;
import io.gitops4j.rollout.RolloutStatus;
import io.gitops4j.rollout.RolloutStatusJson;
import io.gitops4j.rollout.RolloutTree;
import io.gitops4j.rollout.Rollouts;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.RolloutSpec;
import io.gitops4j.spi.ClusterReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Rollout of a cluster with all that hangs below it, read once; whoever steps it, Argo's controller or ours. */
public final class RolloutView {
    private static final Gvk JOB = Gvk.of("batch/v1", "Job");

    private final RolloutSpec spec;
    private final RolloutStatus status;
    private final Observation seen;
    private final List<RolloutTree.Leaf> leaves = new ArrayList<>();

    private RolloutView(ClusterReader cluster, JsonObject rollout, RolloutSpec resolved) {
        this.spec = resolved;
        this.status = RolloutStatusJson.read(rollout.object("status"));
        this.seen =
                new ClusterObservation(cluster, spec, Routers.USUAL).read(status, Observation.Workload.NONE, List.of());
        pods(cluster);
        runs(cluster);
    }

    /** The Rollout of this name; empty when there is none. */
    public static Optional<RolloutView> of(ClusterReader cluster, String namespace, String name) {
        return cluster.get(ObjectRef.of(ArgoNames.ROLLOUT, namespace, name))
                .map(rollout -> new RolloutView(
                        cluster,
                        rollout,
                        ConfigTracking.of(
                                        RolloutController.resolve(cluster, RolloutSpec.of(rollout))
                                                .spec(),
                                        cluster)
                                .spec()));
    }

    /** Its spec, a workload reference resolved. */
    public RolloutSpec spec() {
        return spec;
    }

    /** Its status as stored. */
    public RolloutStatus status() {
        return status;
    }

    /** Its objects. */
    public Observation seen() {
        return seen;
    }

    /** Header and tree as {@code get rollout} shows them. */
    public String tree(Instant now) {
        return RolloutTree.print(spec, status, seen, leaves, now);
    }

    /** Why it is where it is, and what happens next. */
    public String explain(Instant now) {
        return Rollouts.explain(spec, status, seen, now);
    }

    private static List<JsonObject> list(ClusterReader cluster, Gvk gvk, String namespace) {
        try {
            return cluster.list(ListQuery.of(gvk).in(namespace)).items();
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return new ArrayList<>();
            }
            throw e;
        }
    }

    private static String owner(JsonObject object, String kind) {
        for (JsonObject owner : Fields.objects(object.object("metadata"), "ownerReferences")) {
            if (owner.text("kind", "").equals(kind)) {
                return owner.text("name", "");
            }
        }
        return "";
    }

    private static Instant created(JsonObject object) {
        return ClusterObservation.orEpoch(
                ClusterObservation.time(object.object("metadata").text("creationTimestamp")));
    }

    private void pods(ClusterReader cluster) {
        for (JsonObject pod : list(cluster, ArgoNames.POD, spec.namespace())) {
            String parent = owner(pod, "ReplicaSet");
            if (parent.startsWith(spec.name() + "-")) {
                leaves.add(pod(parent, pod));
            }
        }
    }

    private static RolloutTree.Leaf pod(String parent, JsonObject pod) {
        int ready = 0;
        int restarts = 0;
        String waiting = "";
        List<JsonObject> containers = Fields.objects(pod.object("status"), "containerStatuses");
        for (JsonObject container : containers) {
            ready += container.bool("ready", false) ? 1 : 0;
            restarts += Fields.integer(container, "restartCount", 0);
            String reason = container.object("state").object("waiting").text("reason", "");
            waiting = reason.isEmpty() ? waiting : reason;
        }
        int all = Fields.objects(pod.object("spec"), "containers").size();
        boolean gone = pod.object("metadata").has("deletionTimestamp");
        String phase =
                gone ? "Terminating" : waiting.isEmpty() ? pod.object("status").text("phase", "Pending") : waiting;
        boolean bad = phase.equals("Failed") || phase.contains("Err") || phase.contains("BackOff");
        String icon = bad ? "✖" : phase.equals("Running") && ready == all ? "✔" : "◌";
        return new RolloutTree.Leaf(
                parent,
                "□ " + pod.object("metadata").text("name", ""),
                "Pod",
                icon + " " + phase,
                created(pod),
                "ready:" + ready + "/" + all + (restarts == 0 ? "" : ",restarts:" + restarts));
    }

    private void runs(ClusterReader cluster) {
        for (JsonObject run : list(cluster, ArgoNames.ANALYSIS_RUN, spec.namespace())) {
            String name = run.object("metadata").text("name", "");
            leaves.add(new RolloutTree.Leaf(name, "", "AnalysisRun", "", created(run), counters(run)));
        }
        for (JsonObject job : list(cluster, JOB, spec.namespace())) {
            String parent = owner(job, "AnalysisRun");
            if (!parent.isEmpty()) {
                leaves.add(new RolloutTree.Leaf(
                        parent,
                        "⊞ " + job.object("metadata").text("name", ""),
                        "Job",
                        jobState(job),
                        created(job),
                        ""));
            }
        }
    }

    /** {@code ✔ 4,✖ 1,? 1,⚠ 1}: measurements that went well, badly, neither way, and not at all. */
    private static String counters(JsonObject run) {
        int[] counts = new int[4];
        String[] names = {"successful", "failed", "inconclusive", "error"};
        String[] icons = {"✔", "✖", "?", "⚠"};
        List<String> parts = new ArrayList<>();
        for (JsonObject result : Fields.objects(run.object("status"), "metricResults")) {
            for (int i = 0; i < names.length; i++) {
                counts[i] += Fields.integer(result, names[i], 0);
            }
        }
        for (int i = 0; i < names.length; i++) {
            if (counts[i] > 0) {
                parts.add(icons[i] + " " + counts[i]);
            }
        }
        return String.join(",", parts);
    }

    private static String jobState(JsonObject job) {
        for (JsonObject condition : Fields.objects(job.object("status"), "conditions")) {
            if (condition.text("status", "").equals("True")) {
                if (condition.text("type", "").equals("Complete")) {
                    return "✔ Successful";
                }
                if (condition.text("type", "").equals("Failed")) {
                    return "✖ Failed";
                }
            }
        }
        return "◌ Running";
    }
}
