/**
 * The family {@code argocd}: recorded behaviour of Argo CD, one class for each group of its sub-families. Start with
 * {@link io.gitops4j.conformance.argocd.ArgocdFamily}.
 */
@NullMarked
package io.gitops4j.conformance.argocd;

import org.jspecify.annotations.NullMarked;
