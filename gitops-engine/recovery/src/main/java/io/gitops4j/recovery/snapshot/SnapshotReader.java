package io.gitops4j.recovery.snapshot;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.List;
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
        return read(entry.blob(), entry.sealed(), entry.key().toString());
    }

    /** The objects of an Application as they were rendered. Problems as for {@link #read(SnapshotEntry)}. */
    public Outcome<List<JsonObject>> read(RenderEntry render) {
        String what = "the render of " + render.app();
        List<JsonObject> objects = new ArrayList<>();
        Outcome<JsonObject> open = read(render.blob(), false, what);
        Outcome<JsonObject> sealed = render.secrets().isEmpty()
                ? Outcome.of(JsonObject.empty())
                : read(render.secrets(), true, "the Secrets in " + what);
        for (Outcome<JsonObject> part : List.of(open, sealed)) {
            JsonObject list = part.orNull();
            if (list == null) {
                return Outcome.failed(part.errors());
            }
            for (Json item : list.array("objects")) {
                if (item instanceof JsonObject object) {
                    objects.add(object);
                }
            }
        }
        return Outcome.of(objects);
    }

    private Outcome<JsonObject> read(String digest, boolean encrypted, String what) {
        Outcome<Bytes> blob = chain.blob(digest, what);
        Bytes content = blob.orNull();
        if (content == null) {
            return Outcome.failed(blob.errors());
        }
        if (!encrypted) {
            return parse(what, content.utf8());
        }
        if (opener == null) {
            return Outcome.failed(Problem.error("NO_IDENTITY", what + " is encrypted and no identity was given"));
        }
        Outcome<SecretValue> value = opener.open(content);
        SecretValue plain = value.orNull();
        if (plain == null) {
            String code = value.errors().get(0).code();
            return Outcome.failed(Problem.error(code, what + " cannot be opened"));
        }
        try (plain) {
            return parse(what, plain.revealUtf8());
        }
    }

    private static Outcome<JsonObject> parse(String what, String text) {
        Json json = JsonReader.parse(text).orNull();
        return json instanceof JsonObject object
                ? Outcome.of(object)
                : Outcome.failed(Problem.error("BAD_HASH", what + ": the blob holds no object"));
    }
}
