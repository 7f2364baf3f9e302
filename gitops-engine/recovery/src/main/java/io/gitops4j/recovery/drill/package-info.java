/**
 * Drills: the proof that a snapshot, with Git and the keys, brings a cluster back. Start with
 * {@link io.gitops4j.recovery.drill.DrDrill}. Source: secrets-dr-security §4.6.
 */
@NullMarked
package io.gitops4j.recovery.drill;

import org.jspecify.annotations.NullMarked;
