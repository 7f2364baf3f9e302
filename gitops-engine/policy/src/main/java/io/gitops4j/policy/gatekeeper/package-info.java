/**
 * Gatekeeper without a cluster: constraint templates, constraints, referential data, expansion, mutation and the {@code gator}
 * suites. Start with {@link io.gitops4j.policy.gatekeeper.Gatekeeper}. Source: rego §2.
 */
@NullMarked
package io.gitops4j.policy.gatekeeper;

import org.jspecify.annotations.NullMarked;
