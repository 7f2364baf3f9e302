/**
 * Rollouts under virtual time: a cluster in memory with pods that come up as a model says, metric curves, an operator's hands,
 * and the timeline that comes of it. Start reading at {@link io.gitops4j.rollout.simulate.SimulatedCluster}.
 */
@NullMarked
package io.gitops4j.rollout.simulate;

import org.jspecify.annotations.NullMarked;
