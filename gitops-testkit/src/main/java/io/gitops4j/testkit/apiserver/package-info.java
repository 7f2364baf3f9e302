/**
 * The API server behind {@link io.gitops4j.testkit.FakeCluster}: requests in the server's own terms, storage with history,
 * and every step between (decoding, defaulting, admission, validation, ownership). Start with
 * {@link io.gitops4j.testkit.apiserver.ApiServer#handle}. The HTTP front and the conformance program call it directly.
 */
@NullMarked
package io.gitops4j.testkit.apiserver;

import org.jspecify.annotations.NullMarked;
