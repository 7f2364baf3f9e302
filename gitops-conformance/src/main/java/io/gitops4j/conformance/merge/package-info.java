/**
 * The families on patches, server-side apply and diff: {@code k8s-merge}, {@code kubectl-apply}, {@code argocd-diff}. Start with
 * {@link io.gitops4j.conformance.merge.K8sMergeFamily}.
 */
@NullMarked
package io.gitops4j.conformance.merge;

import org.jspecify.annotations.NullMarked;
