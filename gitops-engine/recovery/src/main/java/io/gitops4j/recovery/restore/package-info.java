/**
 * Restoring a snapshot into a cluster: what is dropped, renamed and put in which order, what happens to objects that are there
 * already, and the journal by which a killed run goes on. Start with {@link io.gitops4j.recovery.restore.Restorer}. Source:
 * secrets-dr-security §4.4.
 */
@NullMarked
package io.gitops4j.recovery.restore;

import org.jspecify.annotations.NullMarked;
