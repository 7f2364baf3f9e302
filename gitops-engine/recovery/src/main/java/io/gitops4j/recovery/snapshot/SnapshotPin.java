package io.gitops4j.recovery.snapshot;

/**
 * A snapshot that the caller remembers outside of the store, so that an older or another head is noticed.
 *
 * @param seq its place in the chain
 * @param digest the digest of its manifest
 */
public record SnapshotPin(long seq, String digest) {

    /** The pin of a manifest. */
    public static SnapshotPin of(SnapshotManifest manifest) {
        return new SnapshotPin(manifest.seq(), manifest.digest());
    }
}
