/** Tests of restoring. */
@NullMarked
package io.gitops4j.recovery.restore;

import org.jspecify.annotations.NullMarked;
