/** The families of Rego: OPA's evaluation cases and the unit tests of Gatekeeper's library. */
@NullMarked
package io.gitops4j.conformance.rego;

import org.jspecify.annotations.NullMarked;
