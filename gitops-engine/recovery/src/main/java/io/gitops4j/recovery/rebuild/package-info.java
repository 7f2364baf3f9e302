/**
 * A cluster from Git alone: {@link io.gitops4j.recovery.rebuild.RebuildPlan} puts the objects of all applications into stages,
 * {@link io.gitops4j.recovery.rebuild.Rebuilder} carries them out through the sync engine, waits where waiting is needed, and
 * goes on where a killed run stopped.
 */
@NullMarked
package io.gitops4j.recovery.rebuild;

import org.jspecify.annotations.NullMarked;
