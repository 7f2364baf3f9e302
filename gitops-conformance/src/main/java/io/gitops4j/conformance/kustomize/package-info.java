/** The {@code kustomize} family: cases as trees in JSON lines, and the batch form over directories on disk. */
@NullMarked
package io.gitops4j.conformance.kustomize;

import org.jspecify.annotations.NullMarked;
