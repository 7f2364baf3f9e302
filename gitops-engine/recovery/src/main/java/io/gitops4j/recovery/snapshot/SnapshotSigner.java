package io.gitops4j.recovery.snapshot;

import io.gitops4j.source.Bytes;

/** Signs manifests. */
public interface SnapshotSigner {

    /** The detached signature of {@code manifest}. */
    Bytes sign(Bytes manifest);
}
