package io.gitops4j.recovery.snapshot;

import io.gitops4j.source.Bytes;

/** Decides whether a signature is good. */
public interface SnapshotTrust {

    /** Whether {@code signature} is by somebody trusted and fits {@code manifest}. */
    boolean accepts(Bytes manifest, Bytes signature);
}
