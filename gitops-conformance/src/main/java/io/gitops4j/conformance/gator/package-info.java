/** The family {@code gator}: the suites of policy libraries, run over Gatekeeper's engine. */
@NullMarked
package io.gitops4j.conformance.gator;

import org.jspecify.annotations.NullMarked;
