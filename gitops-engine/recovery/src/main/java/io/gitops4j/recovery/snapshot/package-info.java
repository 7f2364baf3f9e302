/**
 * Snapshots of what a cluster holds and Git does not: taking them, the stores that keep them, the chain of signed manifests
 * and its verification. Nothing is restored here. Start with {@link io.gitops4j.recovery.snapshot.Snapshotter}. Source:
 * secrets-dr-security §4.3.
 */
@NullMarked
package io.gitops4j.recovery.snapshot;

import org.jspecify.annotations.NullMarked;
