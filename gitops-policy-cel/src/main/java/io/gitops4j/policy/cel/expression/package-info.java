/**
 * Kubernetes' CEL: the environment with its libraries, compiled expressions, the variables they see, and what they cost. Start
 * with {@link io.gitops4j.policy.cel.expression.KubernetesCel}. What policies make of expressions is one package up.
 */
@NullMarked
package io.gitops4j.policy.cel.expression;

import org.jspecify.annotations.NullMarked;
