/**
 * Progressive delivery as a pure state machine: {@link io.gitops4j.rollout.RolloutEngine} takes a spec, a status and what
 * was observed and gives the next status and the actions to take. Start reading at {@link io.gitops4j.rollout.Rollouts}.
 * Nothing here does I/O, knows a clock or talks to a cluster; {@code controller} drives the engine through the cluster SPI.
 */
@NullMarked
package io.gitops4j.rollout;

import org.jspecify.annotations.NullMarked;
