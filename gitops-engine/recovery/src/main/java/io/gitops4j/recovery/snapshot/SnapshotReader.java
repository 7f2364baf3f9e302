package io.gitops4j.recovery.snapshot;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import org.jspecify.annotations.Nullable;

/** Reads the objects of a snapshot back. */
public final class SnapshotReader {
    private final SnapshotChain chain;
    private final @Nullable SecretOpener opener;

    /** A reader that opens Secrets with {@code opener}, or cannot when it is {@code null}. */
    public SnapshotReader(SnapshotChain chain, @Nullable SecretOpener opener) {
        this.chain = chain;
        this.opener = opener;
    }

    /** The object. Problems: {@code MISSING_BLOB}, {@code BAD_HASH}, {@code NO_IDENTITY} and others of the cipher. */
    public Outcome<JsonObject> read(SnapshotEntry entry) {
        Outcome<Bytes> blob = chain.blob(entry);
        Bytes content = blob.orNull();
        if (content == null) {
            return Outcome.failed(blob.errors());
        }
        if (!entry.sealed()) {
            return parse(entry, content.utf8());
        }
        if (opener == null) {
            return Outcome.failed(
                    Problem.error("NO_IDENTITY", entry.key() + " is encrypted and no identity was given"));
        }
        Outcome<SecretValue> value = opener.open(content);
        SecretValue plain = value.orNull();
        if (plain == null) {
            String code = value.errors().get(0).code();
            return Outcome.failed(Problem.error(code, entry.key() + " cannot be opened"));
        }
        try (plain) {
            return parse(entry, plain.revealUtf8());
        }
    }

    private static Outcome<JsonObject> parse(SnapshotEntry entry, String text) {
        Json json = JsonReader.parse(text).orNull();
        return json instanceof JsonObject object
                ? Outcome.of(object)
                : Outcome.failed(Problem.error("BAD_HASH", entry.key() + ": the blob holds no object"));
    }
}
