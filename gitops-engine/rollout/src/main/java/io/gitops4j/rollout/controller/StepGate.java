package io.gitops4j.rollout.controller;

import io.gitops4j.json.JsonObject;

/**
 * Says whether a canary may pass a {@code gate} step: a webhook, a calendar, a person's approval. Asked again every few seconds
 * while it is closed; it may throw nothing, a gate that cannot be reached is closed.
 */
@FunctionalInterface
public interface StepGate {

    /**
     * Whether the gate is open.
     *
     * @param rollout the Rollout with its status
     * @param gate the step's {@code gate} object: its {@code name}, and what the gate needs to know ({@code url}, …)
     */
    boolean open(JsonObject rollout, JsonObject gate);
}
