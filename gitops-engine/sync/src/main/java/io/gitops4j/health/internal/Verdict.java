package io.gitops4j.health.internal;

import io.gitops4j.cluster.Health;

/**
 * What a rule says.
 *
 * @param health status and message
 * @param error whether the object could not be judged (the status is then Unknown)
 */
public record Verdict(Health health, boolean error) {}
