/**
 * Policies in front of a plan. Each policy language has its own package: {@code gatekeeper}, {@code psp} and {@code pss}; what
 * they share is a {@link io.gitops4j.policy.Violation}.
 */
@NullMarked
package io.gitops4j.policy;

import org.jspecify.annotations.NullMarked;
