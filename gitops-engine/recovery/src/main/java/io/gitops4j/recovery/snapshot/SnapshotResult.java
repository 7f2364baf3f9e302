package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Problem;
import java.util.List;

/**
 * A snapshot that was taken.
 *
 * @param manifest its table of contents
 * @param blobsAdded blobs that were not in the store before
 * @param bytesAdded their size
 * @param problems warnings: what could not be read
 */
public record SnapshotResult(SnapshotManifest manifest, int blobsAdded, long bytesAdded, List<Problem> problems) {

    /** A result of these parts. */
    public SnapshotResult {
        problems = List.copyOf(problems);
    }

    /** {@code OK} or {@code PARTIAL}. */
    public String status() {
        return manifest.complete() ? "OK" : "PARTIAL";
    }
}
