package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a check of a store found.
 *
 * @param code the gravest finding, or OK
 * @param problems every finding, the gravest first; warnings too
 * @param head the newest manifest, when it can be read
 * @param manifests manifests checked
 * @param blobs different blobs checked
 */
public record VerifyResult(
        Code code, List<Problem> problems, Optional<SnapshotManifest> head, int manifests, int blobs) {

    /** Findings; their names are stable. */
    public enum Code {
        /** Signatures, chain and content are as they were written. */
        OK,
        /** There is no snapshot. */
        NO_SNAPSHOT,
        /** A manifest is missing, was changed, or does not follow the one before it. */
        BROKEN_CHAIN,
        /** A signature is missing, was changed, or is not by somebody trusted. */
        BAD_SIGNATURE,
        /** The head is older than one that was seen before. */
        ROLLED_BACK,
        /** Two manifests follow the same one. */
        FORK,
        /** An object of a manifest is not in the store. */
        MISSING_BLOB,
        /** An object of a manifest was changed. */
        BAD_HASH
    }

    /** A result of these parts. */
    public VerifyResult {
        problems = List.copyOf(problems);
    }

    /** Whether the code is OK. */
    public boolean ok() {
        return code == Code.OK;
    }

    /** For machines. */
    public JsonObject toJson() {
        JsonArray.Builder found = JsonArray.builder();
        problems.forEach(p -> found.add(
                JsonObject.builder().put("code", p.code()).put("text", p.text()).build()));
        JsonObject.Builder out = JsonObject.builder().put("code", code.name());
        head.ifPresent(h -> out.put("snapshotId", h.id()).put("seq", h.seq()).put("digest", h.digest()));
        return out.put("manifests", manifests)
                .put("blobs", blobs)
                .put("problems", found.build())
                .build();
    }

    /** One line, and one more for each problem. */
    @Override
    public String toString() {
        String first = code + ": " + manifests + " manifests, " + blobs + " blobs checked";
        return problems.isEmpty()
                ? first
                : first + "\n"
                        + problems.stream()
                                .map(p -> "  " + p.code() + " " + p.text())
                                .collect(Collectors.joining("\n"));
    }
}
