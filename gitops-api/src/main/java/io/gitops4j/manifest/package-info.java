/**
 * Kubernetes objects as values: {@link io.gitops4j.manifest.Manifest} and the ordered, duplicate-free
 * {@link io.gitops4j.manifest.ManifestSet}. Reading and printing files is the codec's work, in {@code gitops-manifest}.
 */
@NullMarked
package io.gitops4j.manifest;

import org.jspecify.annotations.NullMarked;
