/**
 * The outside world in memory: {@link io.gitops4j.testkit.FakeCluster}, an API server with the semantics of the real one,
 * {@link io.gitops4j.testkit.FakeGit} and the clock they share, {@link io.gitops4j.testkit.VirtualTime}. Nothing here reads
 * the real clock, draws a random number or starts a thread; only {@code io.gitops4j.testkit.http} opens a port. Start with
 * {@link io.gitops4j.testkit.FakeCluster#create()}.
 */
@NullMarked
package io.gitops4j.testkit;

import org.jspecify.annotations.NullMarked;
