package io.gitops4j.rollout.spec;

import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.quantity.GoDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One step of a canary. A step has one kind; {@link #kind()} names the one that decides its completion. */
public final class CanaryStep {
    private final JsonObject body;
    private final Kind kind;
    private final @Nullable Integer setWeight;
    private final @Nullable Integer pauseSeconds;
    private final @Nullable CanaryScale setCanaryScale;

    /** The kinds of step, in the order in which a step of several kinds is judged. */
    public enum Kind {
        PAUSE,
        SET_CANARY_SCALE,
        SET_WEIGHT,
        EXPERIMENT,
        ANALYSIS,
        SET_HEADER_ROUTE,
        SET_MIRROR_ROUTE,
        PLUGIN,
        GATE,
        NONE
    }

    /**
     * An explicit size of the canary. {@code matchTrafficWeight} beats {@code replicas} beats {@code weight}.
     *
     * @param replicas pods
     * @param weight percent of the rollout's replicas, may exceed 100
     * @param matchTrafficWeight back to the size that the traffic weight asks for
     */
    public record CanaryScale(
            @Nullable Integer replicas, @Nullable Integer weight, boolean matchTrafficWeight) {}

    private CanaryStep(JsonObject body) {
        this.body = body;
        this.setWeight = Fields.integer(body, "setWeight");
        JsonObject pause = Fields.objectOrNull(body, "pause");
        this.pauseSeconds = pause == null || !pause.has("duration") ? null : pauseSeconds(pause);
        JsonObject scale = Fields.objectOrNull(body, "setCanaryScale");
        this.setCanaryScale = scale == null
                ? null
                : new CanaryScale(
                        Fields.integer(scale, "replicas"),
                        Fields.integer(scale, "weight"),
                        scale.bool("matchTrafficWeight", false));
        this.kind = kindOf(body);
    }

    /** The step that a member of {@code steps} describes. */
    public static CanaryStep of(JsonObject body) {
        return new CanaryStep(body);
    }

    private static Kind kindOf(JsonObject body) {
        if (Fields.objectOrNull(body, "pause") != null) {
            return Kind.PAUSE;
        }
        if (Fields.objectOrNull(body, "setCanaryScale") != null) {
            return Kind.SET_CANARY_SCALE;
        }
        if (Fields.integer(body, "setWeight") != null) {
            return Kind.SET_WEIGHT;
        }
        String[] names = {"experiment", "analysis", "setHeaderRoute", "setMirrorRoute", "plugin", "gate"};
        Kind[] kinds = {
            Kind.EXPERIMENT, Kind.ANALYSIS, Kind.SET_HEADER_ROUTE, Kind.SET_MIRROR_ROUTE, Kind.PLUGIN, Kind.GATE
        };
        for (int i = 0; i < names.length; i++) {
            if (Fields.objectOrNull(body, names[i]) != null) {
                return kinds[i];
            }
        }
        return Kind.NONE;
    }

    /** The kind that decides when the step is complete. */
    public Kind kind() {
        return kind;
    }

    /** The step as written. */
    public JsonObject body() {
        return body;
    }

    /** {@code setWeight}, or {@code null}. */
    public @Nullable Integer setWeight() {
        return setWeight;
    }

    /** Seconds of a pause with a duration, -1 when it does not parse; {@code null} for a pause without end. */
    public @Nullable Integer pauseSeconds() {
        return pauseSeconds;
    }

    /** {@code setCanaryScale}, or {@code null}. */
    public @Nullable CanaryScale setCanaryScale() {
        return setCanaryScale;
    }

    /** The object below {@code key} ({@code analysis}, {@code experiment}, …), empty where there is none. */
    public JsonObject part(String key) {
        return body.object(key);
    }

    /**
     * The seconds of a pause: a number or a string of digits counts seconds, any other string is a Go duration; whole
     * seconds, 0 without a duration, -1 when it is garbage or beyond 32 bits.
     */
    public static int pauseSeconds(JsonObject pause) {
        if (pause.get("duration") instanceof JsonNumber number) {
            return number.intValueOr(-1);
        }
        if (!(pause.get("duration") instanceof JsonString text)) {
            return 0;
        }
        boolean digits = !text.value().isEmpty() && text.value().chars().allMatch(c -> c >= '0' && c <= '9');
        if (digits) {
            try {
                return Integer.parseInt(text.value());
            } catch (NumberFormatException e) {
                return -1;
            }
        }
        Duration duration = GoDuration.parse(text.value());
        if (duration == null || duration.isNegative() || duration.toSeconds() > Integer.MAX_VALUE) {
            return -1;
        }
        return (int) duration.toSeconds();
    }

    /** The step as people read it in {@code get rollout} and in events: {@code setWeight: 20}, {@code pause: 10s}. */
    public String display() {
        return switch (kind) {
            case PAUSE -> {
                String written = body.object("pause").get("duration") instanceof JsonString text
                        ? text.value()
                        : pauseSeconds + "s";
                yield pauseSeconds == null ? "pause" : "pause: " + written;
            }
            case SET_WEIGHT -> "setWeight: " + setWeight;
            case SET_CANARY_SCALE -> "setCanaryScale{" + scaleText() + "}";
            case EXPERIMENT -> "experiment";
            case ANALYSIS -> "analysis";
            case SET_HEADER_ROUTE -> "setHeaderRoute: " + part("setHeaderRoute").text("name", "");
            case SET_MIRROR_ROUTE -> "setMirrorRoute: " + part("setMirrorRoute").text("name", "");
            case PLUGIN -> "plugin: " + part("plugin").text("name", "");
            case GATE -> "gate: " + part("gate").text("name", "");
            case NONE -> "invalid";
        };
    }

    private String scaleText() {
        CanaryScale scale = setCanaryScale;
        if (scale == null || scale.matchTrafficWeight()) {
            return "matchTrafficWeight: true";
        }
        return scale.replicas() != null ? "replicas: " + scale.replicas() : "weight: " + scale.weight();
    }

    @Override
    public String toString() {
        return display();
    }
}
