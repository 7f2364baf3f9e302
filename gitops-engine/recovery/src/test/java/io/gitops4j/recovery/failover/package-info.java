/** Tests of failing over. */
@NullMarked
package io.gitops4j.recovery.failover;

import org.jspecify.annotations.NullMarked;
