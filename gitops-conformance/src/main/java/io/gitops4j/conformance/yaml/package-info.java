/** The families {@code yaml} and {@code quantity}: the codec against what kubectl and kustomize made of the same bytes. */
@NullMarked
package io.gitops4j.conformance.yaml;

import org.jspecify.annotations.NullMarked;
