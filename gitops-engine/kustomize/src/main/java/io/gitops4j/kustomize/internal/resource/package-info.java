/** Resources during a build: identity with its history, and the indexed, ordered map of them. */
@NullMarked
package io.gitops4j.kustomize.internal.resource;

import org.jspecify.annotations.NullMarked;
