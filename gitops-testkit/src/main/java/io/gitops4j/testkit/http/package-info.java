/**
 * {@link io.gitops4j.testkit.FakeCluster} over HTTP on the loopback address, so that {@code kubectl} and client libraries can
 * drive it: JSON and YAML bodies, tables, discovery, OpenAPI, streamed watches. This is the only package of the testkit that
 * opens a port and starts threads. Start with {@link io.gitops4j.testkit.http.FakeClusterServer}.
 */
@NullMarked
package io.gitops4j.testkit.http;

import org.jspecify.annotations.NullMarked;
