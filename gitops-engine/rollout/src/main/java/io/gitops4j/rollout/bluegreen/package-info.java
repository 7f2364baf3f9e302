/** Replica arithmetic of the blue-green strategy. */
@NullMarked
package io.gitops4j.rollout.bluegreen;

import org.jspecify.annotations.NullMarked;
