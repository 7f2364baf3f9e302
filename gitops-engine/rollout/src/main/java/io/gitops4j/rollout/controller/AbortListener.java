package io.gitops4j.rollout.controller;

import io.gitops4j.rollout.RevertCommit;

/**
 * Told once when an update is aborted. The spec in Git still names the version that failed; {@link RevertCommit} is what a
 * listener needs to take it back.
 */
@FunctionalInterface
public interface AbortListener {

    /** An update was aborted. May throw nothing that shall not stop the reconciliation. */
    void aborted(RevertCommit revert);
}
