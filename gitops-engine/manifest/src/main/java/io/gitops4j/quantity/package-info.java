/**
 * Kubernetes resource quantities ({@code 500m}, {@code 1.5Gi}), and durations and times as Go writes them. Start with
 * {@link io.gitops4j.quantity.Quantity}.
 */
@NullMarked
package io.gitops4j.quantity;

import org.jspecify.annotations.NullMarked;
