package io.gitops4j.conformance.rollout;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.bluegreen.BlueGreenReplicas;
import io.gitops4j.rollout.canary.CanaryReplicas;
import io.gitops4j.rollout.canary.CanaryReplicas.Pods;
import io.gitops4j.rollout.canary.CanaryReplicas.Split;
import io.gitops4j.rollout.canary.CanaryWeight;
import io.gitops4j.rollout.canary.RollbackWindow;
import io.gitops4j.rollout.spec.CanaryStrategy;
import io.gitops4j.rollout.spec.Fields;
import io.gitops4j.rollout.spec.IntOrPercent;
import io.gitops4j.rollout.spec.ReplicaProgressThreshold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code rollout-canary-replicas}: the replica and weight arithmetic of canary and blue-green. */
public final class CanaryReplicasFamily extends VectorFamily {

    /** The family. */
    public CanaryReplicasFamily() {
        super("rollout-canary-replicas", "canary_replica_vectors.json");
    }

    @Override
    Json expected(String group, JsonObject vector) {
        if (group.equals("basicTrajectories")) {
            return vector.array("sequence");
        }
        if (group.equals("fullPromotionGate")) {
            return JsonObject.of(
                    "promote", Json.of(vector.bool("expect", false)), "reason", Json.of(vector.text("reason", "")));
        }
        return super.expected(group, vector);
    }

    @Override
    Json answer(String group, JsonObject v) {
        int replicas = Fields.integer(v, "replicas", 1);
        int max = Fields.integer(v, "maxWeight", 100);
        return switch (group) {
            case "basicCanaryCounts" -> basic(v, replicas, max);
            case "approximateWeight" ->
                split(CanaryReplicas.closest(
                        replicas, Fields.integer(v, "weight", 0), max, Fields.integer(v, "maxSurge", 0)));
            case "routedCanaryCounts" -> routed(v, replicas, steps(v, true));
            case "routedDynamicStable" -> dynamic(v, replicas);
            case "abortWeightDynamic" ->
                JsonObject.of(
                        "weight",
                        Json.of(CanaryWeight.stepDown(
                                canary(v), replicas, orZero(pods(v, "canary")), orZero(pods(v, "stable")))));
            case "weightToReplicas" -> Json.of(CanaryReplicas.ofWeight(Fields.integer(v, "weight", 0), replicas, max));
            case "replicaProgressThreshold" -> {
                Pods rs = pods(v, "rs");
                yield Json.of(ReplicaProgressThreshold.reached(
                        ReplicaProgressThreshold.of(Fields.objectOrNull(v, "threshold")),
                        rs != null,
                        orZero(rs).spec(),
                        orZero(rs).available(),
                        Fields.integer(v, "desired", 0)));
            }
            case "scaleDownCandidates" ->
                Json.of(CanaryReplicas.removable(pods(v, "rs"), v.bool("ignoreAvailability", false)));
            case "fenceposts" -> fenceposts(v, replicas);
            case "maxUnavailable" -> Json.of(budget(v, replicas).unavailable());
            case "maxSurge" -> Json.of(budget(v, replicas).surge());
            case "atDesiredCounts" -> atDesired(v, replicas);
            case "currentSetWeight" ->
                Json.of(CanaryWeight.currentSetWeight(
                        canary(v), Fields.integer(v, "currentStepIndex"), v.bool("abort", false)));
            case "replicasOrWeight" -> replicasOrWeight(v);
            case "blueGreenNewReplicaCount" ->
                Json.of(BlueGreenReplicas.ofNew(
                        replicas,
                        Fields.integer(v, "previewReplicaCount"),
                        v.text("newHash", ""),
                        v.text("activeSelector", ""),
                        v.text("currentPodHash", ""),
                        v.bool("scaleUpPreviewCheckPoint", false),
                        v.bool("promoteFull", false),
                        v.bool("paused", false)));
            case "rollbackWindow" -> rollbackWindow(v);
            case "fullPromotionGate" -> fullPromotion(v, replicas);
            case "routedWeightGate" -> {
                JsonObject body = JsonObject.of(
                        "trafficRouting",
                        JsonObject.of("plugins", JsonObject.empty(), "maxTrafficWeight", Json.of(max)),
                        "replicaProgressThreshold",
                        v.object("threshold"));
                CanaryStrategy canary = CanaryStrategy.of(
                        v.object("threshold").isEmpty() ? body.without("replicaProgressThreshold") : body);
                yield Json.of(CanaryWeight.carries(
                        canary,
                        replicas,
                        Fields.integer(v, "weight", 0),
                        new Pods(Fields.integer(v, "rsSpec", 0), Fields.integer(v, "rsAvailable", 0))));
            }
            case "basicTrajectories" -> trajectory(v, replicas);
            default -> throw new IllegalArgumentException("unknown group: " + group);
        };
    }

    private static Json split(Split split) {
        return JsonObject.of("canary", Json.of(split.canary()), "stable", Json.of(split.stable()));
    }

    private static @Nullable Pods pods(JsonObject v, String key) {
        JsonObject rs = Fields.objectOrNull(v, key);
        return rs == null ? null : new Pods(Fields.integer(rs, "spec", 1), Fields.integer(rs, "available", 0));
    }

    private static Pods orZero(@Nullable Pods pods) {
        return pods == null ? new Pods(0, 0) : pods;
    }

    private static CanaryReplicas.Fenceposts budget(JsonObject v, int replicas) {
        return CanaryReplicas.budget(
                IntOrPercent.parse(v.get("maxSurge")), IntOrPercent.parse(v.get("maxUnavailable")), replicas);
    }

    private static Json fenceposts(JsonObject v, int replicas) {
        for (String key : new String[] {"maxSurge", "maxUnavailable"}) {
            Json value = v.get(key);
            if (value != null && !value.isNull() && IntOrPercent.parse(value) == null) {
                return Json.of("error");
            }
        }
        CanaryReplicas.Fenceposts posts = CanaryReplicas.fenceposts(
                IntOrPercent.parse(v.get("maxSurge")), IntOrPercent.parse(v.get("maxUnavailable")), replicas);
        return JsonObject.of("surge", Json.of(posts.surge()), "unavailable", Json.of(posts.unavailable()));
    }

    /** A strategy of the single step that a vector describes, or of its steps. */
    private static CanaryStrategy steps(JsonObject v, boolean routed) {
        JsonObject step = JsonObject.empty();
        Integer weight = Fields.integer(v, "setWeight");
        step = weight == null ? step : step.with("setWeight", Json.of(weight));
        step = v.object("setCanaryScale").isEmpty() ? step : step.with("setCanaryScale", v.object("setCanaryScale"));
        return canary(v.with("steps", JsonArray.of(step)).with("trafficRouting", Json.of(routed)));
    }

    private static CanaryStrategy canary(JsonObject v) {
        JsonObject body = JsonObject.of("steps", v.array("steps"));
        for (String key :
                new String[] {"maxSurge", "maxUnavailable", "minPodsPerReplicaSet", "abortScaleDownDelaySeconds"}) {
            Json value = v.get(key);
            body = value == null || value.isNull() ? body : body.with(key, value);
        }
        boolean dynamic = v.bool("dynamicStableScale", false);
        body = dynamic ? body.with("dynamicStableScale", Json.of(true)) : body;
        if (dynamic || v.bool("trafficRouting", false)) {
            Integer max = Fields.integer(v, "maxWeight");
            JsonObject routing = JsonObject.of("plugins", JsonObject.empty());
            body = body.with("trafficRouting", max == null ? routing : routing.with("maxTrafficWeight", Json.of(max)));
        }
        return CanaryStrategy.of(body);
    }

    private static Json basic(JsonObject v, int replicas, int max) {
        boolean same = v.bool("stableIsCanary", false);
        CanaryStrategy canary = steps(v, false);
        int weight = CanaryWeight.effective(
                canary, new CanaryWeight.Position(0, v.bool("abort", false), v.bool("promoteFull", false), same));
        List<Pods> older = new ArrayList<>();
        for (JsonObject rs : Fields.objects(v, "older")) {
            older.add(new Pods(Fields.integer(rs, "spec", 0), Fields.integer(rs, "available", 0)));
        }
        return split(CanaryReplicas.basic(
                replicas, weight, max, budget(v, replicas), pods(v, "canary"), same ? null : pods(v, "stable"), older));
    }

    private static Json routed(JsonObject v, int replicas, CanaryStrategy canary) {
        CanaryWeight.Position position =
                new CanaryWeight.Position(0, v.bool("abort", false), v.bool("promoteFull", false), false);
        return split(CanaryWeight.routed(canary, replicas, position, null, pods(v, "canary"), pods(v, "stable")));
    }

    private static Json dynamic(JsonObject v, int replicas) {
        JsonObject actual = v.object("actualWeights");
        CanaryWeight.Position position =
                new CanaryWeight.Position(Fields.integer(v, "currentStepIndex"), v.bool("abort", false), false, false);
        return split(CanaryWeight.routed(
                canary(v),
                replicas,
                position,
                new Split(Fields.integer(actual, "canary", 0), Fields.integer(actual, "stable", 0)),
                pods(v, "canary"),
                pods(v, "stable")));
    }

    private static Json atDesired(JsonObject v, int replicas) {
        boolean routed = v.bool("trafficRouting", false);
        CanaryStrategy canary = steps(v, routed);
        Pods stable = pods(v, "stable");
        Pods next = pods(v, "canary");
        List<Pods> older = new ArrayList<>();
        for (JsonObject rs : Fields.objects(v, "older")) {
            older.add(new Pods(Fields.integer(rs, "spec", 0), Fields.integer(rs, "available", 0)));
        }
        Split target = routed
                ? CanaryWeight.routed(
                        canary, replicas, new CanaryWeight.Position(0, false, false, false), null, next, stable)
                : CanaryReplicas.basic(
                        replicas, Fields.integer(v, "setWeight", 0), 100, budget(v, replicas), next, stable, older);
        return Json.of(CanaryWeight.atDesired(
                canary,
                target,
                next,
                stable,
                Fields.integer(v.object("stable"), "statusReplicas", 0),
                older.stream().mapToInt(Pods::available).sum()));
    }

    private static Json replicasOrWeight(JsonObject v) {
        boolean settled =
                v.text("stableHash", "").isEmpty() || v.text("stableHash", "").equals(v.text("currentHash", ""));
        CanaryWeight.ReplicasOrWeight given = CanaryWeight.replicasOrWeight(
                canary(v),
                new CanaryWeight.Position(
                        Fields.integer(v, "currentStepIndex"),
                        v.bool("abort", false),
                        v.bool("promoteFull", false),
                        settled));
        return JsonObject.of(
                "replicas",
                given.replicas() == null ? Json.nul() : Json.of(given.replicas()),
                "weight",
                Json.of(given.weight()));
    }

    private static Json rollbackWindow(JsonObject v) {
        Instant now = Instant.EPOCH.plusSeconds(1_000_000);
        List<RollbackWindow.Revision> all = new ArrayList<>();
        RollbackWindow.Revision stable = null;
        RollbackWindow.Revision wanted = null;
        for (JsonObject rs : Fields.objects(v, "replicaSets")) {
            RollbackWindow.Revision revision = new RollbackWindow.Revision(
                    rs.text("name", ""),
                    now.minusSeconds(60L * Fields.integer(rs, "ageMinutes", 0)),
                    rs.bool("experiment", false));
            all.add(revision);
            stable = revision.name().equals(v.text("stable")) ? revision : stable;
            wanted = revision.name().equals(v.text("new")) ? revision : wanted;
        }
        return Json.of(RollbackWindow.contains(Fields.integer(v, "windowRevisions"), wanted, stable, all));
    }

    private static Json fullPromotion(JsonObject v, int replicas) {
        boolean available = CanaryWeight.fullyAvailable(
                ReplicaProgressThreshold.of(Fields.objectOrNull(v, "threshold")),
                new Pods(Fields.integer(v, "newSpec", 0), Fields.integer(v, "newAvailable", 0)),
                replicas);
        boolean promote = available && v.bool("stepsCompleted", false);
        return JsonObject.of(
                "promote", Json.of(promote), "reason", Json.of(promote ? "Completed all 1 canary steps" : ""));
    }

    private static Json trajectory(JsonObject v, int replicas) {
        int canary = Fields.integer(v.object("start"), "canary", 0);
        int stable = Fields.integer(v.object("start"), "stable", 0);
        JsonArray.Builder out = JsonArray.builder();
        out.add(JsonArray.of(Json.of(canary), Json.of(stable)));
        for (int pass = 0; pass < 2 * replicas + 10; pass++) {
            Split next = CanaryReplicas.basic(
                    replicas,
                    Fields.integer(v, "weight", 0),
                    100,
                    budget(v, replicas),
                    new Pods(canary, canary),
                    new Pods(stable, stable),
                    List.of());
            if (next.stable() != stable) {
                stable = next.stable();
            } else if (next.canary() != canary) {
                canary = next.canary();
            } else {
                break;
            }
            out.add(JsonArray.of(Json.of(canary), Json.of(stable)));
        }
        return out.build();
    }
}
