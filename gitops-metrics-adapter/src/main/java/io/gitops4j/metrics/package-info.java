/**
 * The questions of analyses and gates, asked over HTTP with the JDK's own client: Prometheus, web metrics, webhooks. What is
 * asked and what an answer means is the rollout engine's business. Start with {@link io.gitops4j.metrics.HttpMetrics}.
 */
@NullMarked
package io.gitops4j.metrics;

import org.jspecify.annotations.NullMarked;
