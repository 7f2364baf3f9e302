/**
 * PodSecurityPolicy as Kubernetes had it until 1.24: validation of pods and pod templates, and the nearest Pod Security Standard.
 * Start with {@link io.gitops4j.policy.psp.PodSecurityPolicy}. Source: rego §3.1.
 */
@NullMarked
package io.gitops4j.policy.psp;

import org.jspecify.annotations.NullMarked;
