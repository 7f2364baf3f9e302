/** Replica arithmetic and traffic weights of the canary strategy: whole-number rules without state. Start reading at {@link io.gitops4j.rollout.canary.CanaryReplicas}. */
@NullMarked
package io.gitops4j.rollout.canary;

import org.jspecify.annotations.NullMarked;
