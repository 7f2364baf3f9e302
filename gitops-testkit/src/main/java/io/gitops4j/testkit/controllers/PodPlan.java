package io.gitops4j.testkit.controllers;

import io.gitops4j.json.JsonObject;
import java.time.Duration;
import java.util.function.Function;

/**
 * What becomes of a pod.
 *
 * @param end how it ends up
 * @param after how long after it was scheduled
 */
public record PodPlan(End end, Duration after) {

    /** How a pod ends up. */
    public enum End {
        /** Its containers run and are ready. */
        READY,
        /** Its containers run and are never ready. */
        RUNNING_NOT_READY,
        /** Its image cannot be had. */
        IMAGE_PULL_BACK_OFF,
        /** Its containers crash again and again. */
        CRASH_LOOP,
        /** Its containers have ended well. */
        SUCCEEDED,
        /** Its containers have ended badly. */
        FAILED
    }

    /** Ready after a second; a pod that is not restarted ends well after two. */
    public static Function<JsonObject, PodPlan> usual() {
        return pod -> pod.object("spec").text("restartPolicy", "Always").equals("Always")
                ? new PodPlan(End.READY, Duration.ofSeconds(1))
                : new PodPlan(End.SUCCEEDED, Duration.ofSeconds(2));
    }

    /** As usual, but pods with an image that contains {@code text} end up as {@code end}. */
    public static Function<JsonObject, PodPlan> images(String text, End end) {
        Function<JsonObject, PodPlan> usual = usual();
        return pod -> pod.object("spec").array("containers").items().stream()
                        .anyMatch(container -> container instanceof JsonObject c
                                && c.text("image", "").contains(text))
                ? new PodPlan(end, Duration.ofSeconds(1))
                : usual.apply(pod);
    }
}
