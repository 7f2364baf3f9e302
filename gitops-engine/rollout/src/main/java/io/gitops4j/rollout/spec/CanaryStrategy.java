package io.gitops4j.rollout.spec;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.canary.CanaryReplicas;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.strategy.canary} with its defaults. */
public final class CanaryStrategy {
    private static final int DEFAULT_DELAY = 30;

    private final JsonObject body;
    private final List<CanaryStep> steps;
    private final @Nullable JsonObject trafficRouting;
    private final int maxTrafficWeight;
    private final @Nullable IntOrPercent maxSurge;
    private final @Nullable IntOrPercent maxUnavailable;
    private final boolean dynamicStableScale;
    private final @Nullable Integer minPodsPerReplicaSet;
    private final @Nullable ReplicaProgressThreshold threshold;
    private final @Nullable Integer scaleDownDelaySeconds;
    private final @Nullable Integer abortScaleDownDelaySeconds;
    private final @Nullable Integer scaleDownDelayRevisionLimit;
    private final @Nullable JsonObject analysis;

    private CanaryStrategy(JsonObject body) {
        this.body = body;
        List<CanaryStep> read = new ArrayList<>();
        for (JsonObject step : Fields.objects(body, "steps")) {
            read.add(CanaryStep.of(step));
        }
        this.steps = List.copyOf(read);
        this.trafficRouting = Fields.objectOrNull(body, "trafficRouting");
        this.maxTrafficWeight = trafficRouting == null ? 100 : Fields.integer(trafficRouting, "maxTrafficWeight", 100);
        this.maxSurge = body.has("maxSurge") ? IntOrPercent.parse(body.get("maxSurge")) : IntOrPercent.QUARTER;
        this.maxUnavailable =
                body.has("maxUnavailable") ? IntOrPercent.parse(body.get("maxUnavailable")) : IntOrPercent.QUARTER;
        this.dynamicStableScale = body.bool("dynamicStableScale", false);
        this.minPodsPerReplicaSet = Fields.integer(body, "minPodsPerReplicaSet");
        this.threshold = ReplicaProgressThreshold.of(Fields.objectOrNull(body, "replicaProgressThreshold"));
        this.scaleDownDelaySeconds = Fields.integer(body, "scaleDownDelaySeconds");
        this.abortScaleDownDelaySeconds = Fields.integer(body, "abortScaleDownDelaySeconds");
        this.scaleDownDelayRevisionLimit = Fields.integer(body, "scaleDownDelayRevisionLimit");
        this.analysis = Fields.objectOrNull(body, "analysis");
    }

    /** The strategy that an object describes. */
    public static CanaryStrategy of(JsonObject body) {
        return new CanaryStrategy(body);
    }

    /** The strategy as written. */
    public JsonObject body() {
        return body;
    }

    /** The steps, in order. */
    public List<CanaryStep> steps() {
        return steps;
    }

    /** {@code trafficRouting}, or {@code null} for a canary by pod counts alone. */
    public @Nullable JsonObject trafficRouting() {
        return trafficRouting;
    }

    /** Whether weights are set on a traffic router. */
    public boolean routed() {
        return trafficRouting != null;
    }

    /** The weight that means everything: 100 unless the router says otherwise. */
    public int maxTrafficWeight() {
        return maxTrafficWeight;
    }

    /** The surge and unavailability budget for {@code replicas}. */
    public CanaryReplicas.Fenceposts budget(int replicas) {
        return CanaryReplicas.budget(maxSurge, maxUnavailable, replicas);
    }

    /** Whether stable shrinks as traffic leaves it. */
    public boolean dynamicStableScale() {
        return dynamicStableScale;
    }

    /** {@code minPodsPerReplicaSet}, or {@code null}. */
    public @Nullable Integer minPodsPerReplicaSet() {
        return minPodsPerReplicaSet;
    }

    /** {@code replicaProgressThreshold}, or {@code null}. */
    public @Nullable ReplicaProgressThreshold threshold() {
        return threshold;
    }

    /** Seconds that an old ReplicaSet stays after promotion: 30 with a router, 0 without or where stable shrinks on the way. */
    public int scaleDownDelaySeconds() {
        return !routed() || dynamicStableScale
                ? 0
                : scaleDownDelaySeconds == null ? DEFAULT_DELAY : scaleDownDelaySeconds;
    }

    /** {@code abortScaleDownDelaySeconds} as written, or {@code null}. */
    public @Nullable Integer abortScaleDownDelay() {
        return abortScaleDownDelaySeconds;
    }

    /** Seconds that the canary stays after an abort: 30 with a router; 0 means that it stays for good. */
    public int abortScaleDownDelaySeconds() {
        return abortScaleDownDelaySeconds == null ? DEFAULT_DELAY : abortScaleDownDelaySeconds;
    }

    /** How many old ReplicaSets may wait for their scale-down, or {@code null} for any number. */
    public @Nullable Integer scaleDownDelayRevisionLimit() {
        return scaleDownDelayRevisionLimit;
    }

    /** The background analysis, or {@code null}. */
    public @Nullable JsonObject analysis() {
        return analysis;
    }

    /** The step from which the background analysis runs. */
    public int startingStep() {
        return analysis == null ? 0 : Fields.integer(analysis, "startingStep", 0);
    }

    /** {@code canaryService}, or {@code ""}. */
    public String canaryService() {
        return body.text("canaryService", "");
    }

    /** {@code stableService}, or {@code ""}. */
    public String stableService() {
        return body.text("stableService", "");
    }

    /** {@code pingPong}, or {@code null}. */
    public @Nullable JsonObject pingPong() {
        return Fields.objectOrNull(body, "pingPong");
    }

    /** Labels and annotations of canary pods, or {@code null}. */
    public @Nullable JsonObject canaryMetadata() {
        return Fields.objectOrNull(body, "canaryMetadata");
    }

    /** Labels and annotations of stable pods, or {@code null}. */
    public @Nullable JsonObject stableMetadata() {
        return Fields.objectOrNull(body, "stableMetadata");
    }
}
