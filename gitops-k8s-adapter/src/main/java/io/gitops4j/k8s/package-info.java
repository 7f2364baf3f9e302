/**
 * The cluster SPI on a real API server, over the HTTP client of fabric8. Start with
 * {@link io.gitops4j.k8s.KubernetesCluster}; {@link io.gitops4j.k8s.Kubeconfig} opens the contexts of a kubeconfig,
 * {@link io.gitops4j.k8s.TypedObjects} goes to fabric8's model and back. No type of Jackson appears in a signature.
 */
@NullMarked
package io.gitops4j.k8s;

import org.jspecify.annotations.NullMarked;
