/**
 * The health of live objects: declarative rules for every kind that Argo CD knows, users' rules in the same form, the
 * worst-of aggregation with its causes, resource actions and debouncing. Start at {@link io.gitops4j.health.HealthChecks}; the rules
 * are resources in {@code io/gitops4j/health/rules}. What an application does with its health lives in {@code io.gitops4j.sync}.
 */
@NullMarked
package io.gitops4j.health;

import org.jspecify.annotations.NullMarked;
