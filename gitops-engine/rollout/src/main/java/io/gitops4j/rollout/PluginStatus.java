package io.gitops4j.rollout;

import io.gitops4j.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one operation of a step plugin.
 *
 * @param index of the step
 * @param name of the plugin
 * @param operation {@code Run}, {@code Abort} or {@code Terminate}
 * @param phase {@code Running}, {@code Successful}, {@code Failed} or {@code Error}
 * @param message of the plugin
 * @param startedAt when it was first called
 * @param updatedAt when it was last called
 * @param backoff seconds until it may be called again
 * @param payload what the plugin wants to be told next time
 * @param disabled whether the step was passed without a call
 * @param executions how often it was called
 */
public record PluginStatus(
        int index,
        String name,
        String operation,
        String phase,
        String message,
        @Nullable Instant startedAt,
        @Nullable Instant updatedAt,
        long backoff,
        Json payload,
        boolean disabled,
        int executions) {}
