/** Tests of drills and reports. */
@NullMarked
package io.gitops4j.recovery.drill;

import org.jspecify.annotations.NullMarked;
