/**
 * The family {@code ssa-live}: sequences of writes recorded from a real API server, replayed against
 * {@link io.gitops4j.testkit.FakeCluster}. Start with {@link io.gitops4j.conformance.ssalive.SsaLiveFamily}.
 */
@NullMarked
package io.gitops4j.conformance.ssalive;

import org.jspecify.annotations.NullMarked;
