package io.gitops4j.rollout.controller;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.EventSink;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody has subscribed to, by an annotation of the Rollout such as
 * {@code notifications.argoproj.io/subscribe.on-rollout-aborted.slack: channel;other}, and what has happened.
 *
 * <p>Source: Rollouts §5.2.
 *
 * @param trigger such as {@code on-rollout-aborted}
 * @param service such as {@code slack}, {@code ""} for the usual one
 * @param recipients as the annotation lists them
 * @param event what happened
 */
public record RolloutNotification(String trigger, String service, List<String> recipients, EventSink.Event event) {
    private static final String SUBSCRIBE = "notifications.argoproj.io/subscribe.";

    private static final ImmutableMap<String, String> TRIGGERS = ImmutableMap.<String, String>builder()
            .put("RolloutUpdated", "on-rollout-updated")
            .put("RolloutStepCompleted", "on-rollout-step-completed")
            .put("RolloutPaused", "on-rollout-paused")
            .put("RolloutAborted", "on-rollout-aborted")
            .put("RolloutCompleted", "on-rollout-completed")
            .put("ScalingReplicaSet", "on-scaling-replica-set")
            .put("AnalysisRunRunning", "on-analysis-run-running")
            .put("AnalysisRunFailed", "on-analysis-run-failed")
            .put("AnalysisRunError", "on-analysis-run-error")
            .buildOrThrow();

    /** A copy with an unmodifiable list. */
    public RolloutNotification {
        recipients = List.copyOf(recipients);
    }

    /** Takes notifications to where people read them. It may throw nothing. */
    @FunctionalInterface
    public interface Listener {

        /** One notification, once. */
        void notified(RolloutNotification notification);
    }

    /** The notifications that an event of a Rollout makes, in the order of the annotations. */
    public static List<RolloutNotification> of(JsonObject rollout, EventSink.Event event) {
        String trigger = TRIGGERS.get(event.type());
        if (trigger == null) {
            return List.of();
        }
        List<RolloutNotification> notifications = new ArrayList<>();
        JsonObject annotations = rollout.object("metadata").object("annotations");
        String wanted = SUBSCRIBE + trigger;
        for (String key : annotations.keys()) {
            boolean subscribed = key.equals(wanted) || key.startsWith(wanted + ".");
            if (subscribed) {
                String service = key.length() > wanted.length() ? key.substring(wanted.length() + 1) : "";
                notifications.add(
                        new RolloutNotification(trigger, service, recipients(annotations.text(key, "")), event));
            }
        }
        return List.copyOf(notifications);
    }

    private static List<String> recipients(String text) {
        List<String> recipients = new ArrayList<>();
        for (String one : Splitter.on(';').split(text)) {
            if (!one.isBlank()) {
                recipients.add(one.strip());
            }
        }
        return recipients;
    }
}
