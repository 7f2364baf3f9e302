/**
 * The tree that a build works on: {@link io.gitops4j.kustomize.internal.tree.Node}, read by
 * {@link io.gitops4j.kustomize.internal.tree.NodeReader}. It keeps what kustomize's rules need and JSON does not have.
 */
@NullMarked
package io.gitops4j.kustomize.internal.tree;

import org.jspecify.annotations.NullMarked;
