/**
 * From desired and live objects to a synced cluster: tracking, hooks, waves and kind order, the plan as a value
 * ({@link io.gitops4j.sync.Planner}), the sync operation as a state machine ({@link io.gitops4j.sync.SyncOperation}), and the
 * small driver that runs it against a cluster ({@link io.gitops4j.sync.SyncRunner}). Pure but for that driver, which calls
 * nothing but the cluster it is handed. Start with {@link io.gitops4j.sync.Planner}.
 */
@NullMarked
package io.gitops4j.sync;

import org.jspecify.annotations.NullMarked;
