/**
 * Pod Security Standards: the levels baseline and restricted, check by check and version by version. Start with
 * {@link io.gitops4j.policy.pss.PodSecurity}. Source: rego §3.2.
 */
@NullMarked
package io.gitops4j.policy.pss;

import org.jspecify.annotations.NullMarked;
