/** The families {@code sealed}, {@code age} and {@code sops}: vectors of the three secret formats. */
@NullMarked
package io.gitops4j.conformance.secrets;

import org.jspecify.annotations.NullMarked;
