/** The families of progressive delivery: replica arithmetic, analysis, and traces of the real controller. */
@NullMarked
package io.gitops4j.conformance.rollout;

import org.jspecify.annotations.NullMarked;
