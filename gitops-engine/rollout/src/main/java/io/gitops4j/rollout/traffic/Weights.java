package io.gitops4j.rollout.traffic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.CanaryWeights;
import org.jspecify.annotations.Nullable;

/** Small questions about weights and the objects that carry them. */
final class Weights {
    private Weights() {}

    /** The weight that a service gets, or {@code null} when it is none of the rollout's. */
    static @Nullable Integer of(CanaryWeights weights, String service) {
        if (service.equals(weights.canary().serviceName())) {
            return weights.canary().weight();
        }
        if (service.equals(weights.stable().serviceName())) {
            return weights.stable().weight();
        }
        for (CanaryWeights.Destination other : weights.additional()) {
            if (service.equals(other.serviceName())) {
                return other.weight();
            }
        }
        return null;
    }

    /** The generation of an object, 0 without one. */
    static long generation(JsonObject object) {
        return number(object.object("metadata").get("generation"));
    }

    /** A whole number, also where it is written as text as 64-bit numbers are; 0 for anything else. */
    static long number(@Nullable Json value) {
        if (value instanceof JsonNumber number) {
            return number.isLong() ? number.longValue() : 0;
        }
        String text = value == null ? null : value.textOrNull();
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Text as a regular expression that matches it and nothing else. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if ("\\^$.|?*+()[]{}".indexOf(text.charAt(i)) >= 0) {
                out.append('\\');
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }
}
