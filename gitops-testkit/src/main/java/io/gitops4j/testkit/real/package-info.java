/**
 * Real API servers for tests that must not trust a fake. They are asked for by the Maven profile {@code real}; without it, and
 * where the control plane has not been built, a test that wants one is skipped and says so. Start with
 * {@link io.gitops4j.testkit.real.RealCluster}; {@link io.gitops4j.testkit.real.FaultProxy} stands between a client and a
 * server and makes it slow, busy or unreachable.
 */
@NullMarked
package io.gitops4j.testkit.real;

import org.jspecify.annotations.NullMarked;
