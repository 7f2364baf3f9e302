/** The family {@code health}: kinds' health, resource actions and the health of applications. Start at {@code HealthFamily}. */
@NullMarked
package io.gitops4j.conformance.health;

import org.jspecify.annotations.NullMarked;
