/**
 * Experiments: short-lived ReplicaSets beside a rollout, with analyses of their own, as a pure machine. Start reading at
 * {@link io.gitops4j.rollout.experiment.ExperimentMachine}.
 */
@NullMarked
package io.gitops4j.rollout.experiment;

import org.jspecify.annotations.NullMarked;
