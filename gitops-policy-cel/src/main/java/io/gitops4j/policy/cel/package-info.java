/**
 * Policies written in CEL: Gatekeeper's {@code K8sNativeValidation} ({@link io.gitops4j.policy.cel.GatekeeperCel}), and the
 * admission policies of Kubernetes ({@link io.gitops4j.policy.cel.AdmissionPolicies}) as a gate in front of plans and writes.
 * The language itself is in {@code expression}, its functions in {@code library}.
 */
@NullMarked
package io.gitops4j.policy.cel;

import org.jspecify.annotations.NullMarked;
