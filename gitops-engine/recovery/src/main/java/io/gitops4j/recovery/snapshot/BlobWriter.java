package io.gitops4j.recovery.snapshot;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects as blobs, each content once. Ciphertext differs with every encryption and no hash of the plain text is kept
 * (it could be guessed), so a Secret that has the uid and version it had last time keeps the blob it had.
 */
final class BlobWriter {
    private final SnapshotStore store;
    private final @Nullable SecretSealer sealer;
    private final boolean withSecrets;
    private final boolean sameRecipients;
    private final Map<String, SnapshotEntry> sealed = new HashMap<>();
    private int added;
    private long bytes;

    BlobWriter(
            SnapshotStore store,
            @Nullable SecretSealer sealer,
            boolean withSecrets,
            @Nullable SnapshotManifest previous) {
        this.store = store;
        this.sealer = sealer;
        this.withSecrets = withSecrets;
        this.sameRecipients =
                sealer != null && previous != null && previous.recipients().equals(sealer.recipients());
        if (previous != null && sameRecipients && withSecrets) {
            previous.entries().stream().filter(SnapshotEntry::sealed).forEach(this::remember);
        }
    }

    static boolean isSecretKind(Gvk gvk) {
        return gvk.group().isEmpty() && gvk.kind().equals("Secret");
    }

    int added() {
        return added;
    }

    long bytes() {
        return bytes;
    }

    /** Problems: {@code SECRETS_WITHOUT_RECIPIENT}, and those of the sealer. */
    Outcome<SnapshotEntry> write(ObjectRef ref, JsonObject object) {
        JsonObject metadata = object.object("metadata");
        String uid = metadata.text("uid", "");
        String version = metadata.text("resourceVersion", "");
        List<String> owners = ownerUids(metadata);
        Bytes plain = Bytes.utf8(ObjectForm.normalised(object).canonical());
        if (!isSecretKind(ref.gvk())) {
            return Outcome.of(new SnapshotEntry(ref, uid, version, owners, keep(plain), false));
        }
        if (sealer == null || sealer.recipients().isEmpty()) {
            return Outcome.failed(Problem.error(
                            "SECRETS_WITHOUT_RECIPIENT",
                            "Secret " + ref.namespace() + "/" + ref.name() + " can be kept only encrypted")
                    .hint("name a recipient (age1…), or exclude secrets"));
        }
        SnapshotEntry known = sealed.get(uid + "@" + version);
        if (known != null && !uid.isEmpty() && store.has(SnapshotStore.blob(known.blob()))) {
            return Outcome.of(new SnapshotEntry(ref, uid, version, owners, known.blob(), true));
        }
        return seal(plain).map(digest -> {
            SnapshotEntry entry = new SnapshotEntry(ref, uid, version, owners, digest, true);
            remember(entry);
            return entry;
        });
    }

    /** Whether there is somebody to encrypt for. */
    boolean seals() {
        return withSecrets && sealer != null && !sealer.recipients().isEmpty();
    }

    /** Whether a blob of the snapshot before is there and encrypted for the same recipients. */
    boolean sealedBefore(String digest) {
        return sameRecipients && !digest.isEmpty() && store.has(SnapshotStore.blob(digest));
    }

    /** Keeps something secret. Problems: those of the sealer. */
    Outcome<String> seal(Bytes plain) {
        SecretSealer known = sealer;
        if (known == null) {
            throw new IllegalStateException("there is nobody to encrypt for");
        }
        try (SecretValue value = SecretValue.of(plain.toByteArray())) {
            return known.seal(value).map(this::keep);
        }
    }

    private void remember(SnapshotEntry entry) {
        sealed.put(entry.uid() + "@" + entry.resourceVersion(), entry);
    }

    /** Keeps something that is no secret, or not any more; its digest. */
    String keep(Bytes content) {
        String digest = Digests.sha256(content);
        String key = SnapshotStore.blob(digest);
        if (!store.has(key)) {
            store.put(key, content);
            added++;
            bytes += content.length();
        }
        return digest;
    }

    private static List<String> ownerUids(JsonObject metadata) {
        List<String> uids = new ArrayList<>();
        for (Json owner : metadata.array("ownerReferences")) {
            if (owner instanceof JsonObject reference) {
                uids.add(reference.text("uid", ""));
            }
        }
        return List.copyOf(uids);
    }
}
