package io.gitops4j.rollout.spec;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** {@code spec.strategy.blueGreen} with its defaults. */
public final class BlueGreenStrategy {
    private static final int DEFAULT_DELAY = 30;

    private final JsonObject body;
    private final String activeService;
    private final String previewService;
    private final @Nullable Integer previewReplicaCount;
    private final boolean autoPromotionEnabled;
    private final int autoPromotionSeconds;
    private final @Nullable Integer scaleDownDelaySeconds;
    private final @Nullable Integer scaleDownDelayRevisionLimit;
    private final int abortScaleDownDelaySeconds;
    private final @Nullable JsonObject prePromotionAnalysis;
    private final @Nullable JsonObject postPromotionAnalysis;

    private BlueGreenStrategy(JsonObject body) {
        this.body = body;
        this.activeService = body.text("activeService", "");
        this.previewService = body.text("previewService", "");
        this.previewReplicaCount = Fields.integer(body, "previewReplicaCount");
        this.autoPromotionEnabled = body.bool("autoPromotionEnabled", true);
        this.autoPromotionSeconds = Fields.integer(body, "autoPromotionSeconds", 0);
        this.scaleDownDelaySeconds = Fields.integer(body, "scaleDownDelaySeconds");
        this.scaleDownDelayRevisionLimit = Fields.integer(body, "scaleDownDelayRevisionLimit");
        this.abortScaleDownDelaySeconds = Fields.integer(body, "abortScaleDownDelaySeconds", DEFAULT_DELAY);
        this.prePromotionAnalysis = Fields.objectOrNull(body, "prePromotionAnalysis");
        this.postPromotionAnalysis = Fields.objectOrNull(body, "postPromotionAnalysis");
    }

    /** The strategy that an object describes. */
    public static BlueGreenStrategy of(JsonObject body) {
        return new BlueGreenStrategy(body);
    }

    /** The strategy as written. */
    public JsonObject body() {
        return body;
    }

    /** The service that users are sent to. */
    public String activeService() {
        return activeService;
    }

    /** The service that shows the new version, {@code ""} for none. */
    public String previewService() {
        return previewService;
    }

    /** Pods of the new version before it is promoted, or {@code null} for all. */
    public @Nullable Integer previewReplicaCount() {
        return previewReplicaCount;
    }

    /** Whether the switch needs nobody. */
    public boolean autoPromotionEnabled() {
        return autoPromotionEnabled;
    }

    /** Seconds to wait before an automatic switch. */
    public int autoPromotionSeconds() {
        return autoPromotionSeconds;
    }

    /** Seconds that the old ReplicaSet stays after the switch, 30 by default. */
    public int scaleDownDelaySeconds() {
        return scaleDownDelaySeconds == null ? DEFAULT_DELAY : scaleDownDelaySeconds;
    }

    /** Whether the delay is written in the spec. */
    public boolean scaleDownDelayExplicit() {
        return scaleDownDelaySeconds != null;
    }

    /** How many old ReplicaSets may wait for their scale-down, or {@code null} for any number. */
    public @Nullable Integer scaleDownDelayRevisionLimit() {
        return scaleDownDelayRevisionLimit;
    }

    /** Seconds that the preview stays after an abort, 30 by default; 0 means that it stays for good. */
    public int abortScaleDownDelaySeconds() {
        return abortScaleDownDelaySeconds;
    }

    /** The analysis before the switch, or {@code null}. */
    public @Nullable JsonObject prePromotionAnalysis() {
        return prePromotionAnalysis;
    }

    /** The analysis after the switch, or {@code null}. */
    public @Nullable JsonObject postPromotionAnalysis() {
        return postPromotionAnalysis;
    }

    /** Labels and annotations of active pods, or {@code null}. */
    public @Nullable JsonObject activeMetadata() {
        return Fields.objectOrNull(body, "activeMetadata");
    }

    /** Labels and annotations of preview pods, or {@code null}. */
    public @Nullable JsonObject previewMetadata() {
        return Fields.objectOrNull(body, "previewMetadata");
    }
}
