/**
 * Canaries written for Flagger, as Rollouts: steps, gates, ranges and A/B tests in the terms of this engine. Start reading at
 * {@link io.gitops4j.rollout.flagger.FlaggerCanary}.
 */
@NullMarked
package io.gitops4j.rollout.flagger;

import org.jspecify.annotations.NullMarked;
