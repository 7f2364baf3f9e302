/**
 * Moving applications away from members that failed, and back into order when these return: {@link
 * io.gitops4j.recovery.failover.Failover#step} is pure and decides everything; {@link
 * io.gitops4j.recovery.failover.FailoverForecast} plays a failure through. Doing the actions is the caller's part. Start with
 * {@link io.gitops4j.recovery.failover.FailoverSpec}.
 */
@NullMarked
package io.gitops4j.recovery.failover;

import org.jspecify.annotations.NullMarked;
