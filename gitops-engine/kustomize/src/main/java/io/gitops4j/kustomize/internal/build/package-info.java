/** The pipeline of a build: layers, their accumulation, plugins by configuration, and the finishing of the top layer. */
@NullMarked
package io.gitops4j.kustomize.internal.build;

import org.jspecify.annotations.NullMarked;
