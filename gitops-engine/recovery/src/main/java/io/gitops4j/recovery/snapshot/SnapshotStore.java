package io.gitops4j.recovery.snapshot;

import io.gitops4j.source.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Keeps snapshots. Content lies under keys: {@code blobs/DIGEST} for objects, {@code manifests/DIGEST.json} for manifests and
 * {@code manifests/DIGEST.sig} for their signatures, where DIGEST is the lower-case hex SHA-256 of the content that is
 * addressed. One pointer, the head, names the newest manifest. A store need not be trusted: {@link SnapshotChain} checks all
 * that it answers. Not safe for use by several threads.
 */
public interface SnapshotStore {

    /** The content under a key. */
    Optional<Bytes> get(String key);

    /** Whether there is content under a key. */
    default boolean has(String key) {
        return get(key).isPresent();
    }

    /** Keeps content under a key; keeping the same again changes nothing. It may be written only at the next {@link #cas}. */
    void put(String key, Bytes content);

    /** The keys in the folder {@code prefix}, {@code blobs/} or {@code manifests/}, sorted. */
    List<String> list(String prefix);

    /** The digest of the newest manifest; empty for a store without one. */
    Optional<String> head();

    /**
     * Moves the head, if it still is {@code expected}.
     *
     * @return whether it was moved; {@code false} means that somebody else was faster
     */
    boolean cas(Optional<String> expected, String next);

    /** The key of a blob. */
    static String blob(String digest) {
        return "blobs/" + digest;
    }

    /** The key of a manifest. */
    static String manifest(String digest) {
        return "manifests/" + digest + ".json";
    }

    /** The key of the signature of a manifest. */
    static String signature(String digest) {
        return "manifests/" + digest + ".sig";
    }
}
