/** Finds and reads files: confinement to roots, symlinks, repositories, kustomization files, resource files. */
@NullMarked
package io.gitops4j.kustomize.internal.load;

import org.jspecify.annotations.NullMarked;
