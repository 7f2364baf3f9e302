/** Tests of taking and checking snapshots. */
@NullMarked
package io.gitops4j.recovery.snapshot;

import org.jspecify.annotations.NullMarked;
