/**
 * The families over OPA's cases: what must be refused, and how ({@link io.gitops4j.conformance.regocheck.RegoErrorsFamily}).
 */
@NullMarked
package io.gitops4j.conformance.regocheck;

import org.jspecify.annotations.NullMarked;
