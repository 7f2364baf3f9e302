package io.gitops4j.recovery.snapshot;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.snapshot.VerifyResult.Code;
import io.gitops4j.source.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks the chain of manifests in a store that is not trusted. */
public final class SnapshotChain {
    private static final String FOLDER = "manifests/";
    private static final String JSON = ".json";

    private final SnapshotStore store;
    private final @Nullable SnapshotTrust trust;
    private final @Nullable SnapshotPin lastSeen;
    private final @Nullable SnapshotPin base;

    private SnapshotChain(
            SnapshotStore store,
            @Nullable SnapshotTrust trust,
            @Nullable SnapshotPin lastSeen,
            @Nullable SnapshotPin base) {
        this.store = store;
        this.trust = trust;
        this.lastSeen = lastSeen;
        this.base = base;
    }

    /** The chain in a store; signatures are not checked. */
    public static SnapshotChain in(SnapshotStore store) {
        return new SnapshotChain(store, null, null, null);
    }

    /** A copy that wants every manifest signed by somebody trusted. */
    public SnapshotChain trusting(@Nullable SnapshotTrust other) {
        return new SnapshotChain(store, other, lastSeen, base);
    }

    /** A copy that knows a snapshot which the store has held: the head must be it or follow it. */
    public SnapshotChain lastSeen(@Nullable SnapshotPin pin) {
        return new SnapshotChain(store, trust, pin, base);
    }

    /** A copy whose check ends at this snapshot, for a store that has dropped what is older. */
    public SnapshotChain from(@Nullable SnapshotPin pin) {
        return new SnapshotChain(store, trust, lastSeen, pin);
    }

    /** The newest manifest, with its digest checked. Problems: {@code NO_SNAPSHOT}, {@code BROKEN_CHAIN}. */
    public Outcome<SnapshotManifest> head() {
        Optional<String> head = store.head();
        return head.isEmpty()
                ? Outcome.failed(Problem.error("NO_SNAPSHOT", "the store holds no snapshot"))
                : manifest(head.get());
    }

    /** A manifest by its digest. Problem: {@code BROKEN_CHAIN}. */
    public Outcome<SnapshotManifest> manifest(String digest) {
        Optional<Bytes> bytes = Digests.isDigest(digest) ? store.get(SnapshotStore.manifest(digest)) : Optional.empty();
        if (bytes.isEmpty()) {
            return broken("manifest " + shortened(digest) + " is missing");
        }
        if (!Digests.sha256(bytes.get()).equals(digest)) {
            return broken("manifest " + shortened(digest) + " was changed");
        }
        Outcome<SnapshotManifest> parsed = SnapshotManifest.parse(bytes.get());
        SnapshotManifest manifest = parsed.orNull();
        if (manifest == null) {
            return broken("manifest " + shortened(digest) + ": "
                    + parsed.errors().get(0).text());
        }
        return manifest.rootFits() ? parsed : broken("the root of manifest " + shortened(digest) + " does not fit");
    }

    /** Checks signatures, chain and every blob. */
    public VerifyResult verify() {
        List<Problem> problems = new ArrayList<>();
        Map<String, SnapshotManifest> chain = new LinkedHashMap<>();
        walk(chain, problems);
        SnapshotManifest head =
                chain.isEmpty() ? null : chain.values().iterator().next();
        if (head != null) {
            compareWithLastSeen(head, chain, problems);
            lookBeside(head, chain, problems);
        }
        int blobs = checkBlobs(chain.values(), problems);
        if (trust == null && head != null) {
            problems.add(Problem.warning("SIGNATURE_NOT_CHECKED", "no key to check signatures with was given"));
        }
        Code code = problems.stream()
                .filter(Problem::isError)
                .findFirst()
                .map(p -> Code.valueOf(p.code()))
                .orElse(Code.OK);
        return new VerifyResult(code, problems, Optional.ofNullable(head), chain.size(), blobs);
    }

    /** The newest snapshot that is signed by somebody trusted and whole, even where a newer one is damaged. */
    public Optional<SnapshotManifest> newestVerified() {
        Map<String, SnapshotManifest> chain = new LinkedHashMap<>();
        walk(chain, new ArrayList<>());
        return chain.entrySet().stream()
                .filter(one -> signed(one.getKey(), one.getValue()))
                .filter(one -> {
                    List<Problem> problems = new ArrayList<>();
                    checkBlobs(List.of(one.getValue()), problems);
                    return problems.isEmpty();
                })
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private void walk(Map<String, SnapshotManifest> chain, List<Problem> problems) {
        Optional<String> next = store.head();
        if (next.isEmpty()) {
            boolean seen = lastSeen != null || !store.list(FOLDER).isEmpty();
            problems.add(
                    seen
                            ? Problem.error("ROLLED_BACK", "the store has lost its head")
                            : Problem.error("NO_SNAPSHOT", "the store holds no snapshot"));
            return;
        }
        long expected = -1;
        while (next.isPresent()) {
            String digest = next.get();
            Outcome<SnapshotManifest> read = manifest(digest);
            SnapshotManifest manifest = read.orNull();
            String place = expected < 0 ? "at the head" : "seq " + expected;
            if (manifest == null) {
                read.errors().forEach(p -> problems.add(Problem.error(p.code(), place + ": " + p.text())));
                return;
            }
            if (expected >= 0 && manifest.seq() != expected) {
                problems.add(Problem.error("BROKEN_CHAIN", place + ": the manifest says seq " + manifest.seq()));
                return;
            }
            if (!signed(digest, manifest)) {
                problems.add(Problem.error(
                        "BAD_SIGNATURE", "seq " + manifest.seq() + ": the signature is missing or not trusted"));
            }
            chain.put(digest, manifest);
            expected = manifest.seq() - 1;
            next = manifest.previous();
            if (base != null && base.digest().equals(digest)) {
                return;
            }
            if (next.isEmpty() != (expected == 0)) {
                problems.add(Problem.error("BROKEN_CHAIN", "seq " + expected + ": the chain has no right beginning"));
                return;
            }
        }
        if (base != null) {
            problems.add(Problem.error("BROKEN_CHAIN", "the chain does not come from seq " + base.seq()));
        }
    }

    private boolean signed(String digest, SnapshotManifest manifest) {
        if (trust == null) {
            return true;
        }
        Optional<Bytes> signature = store.get(SnapshotStore.signature(digest));
        return signature.isPresent() && trust.accepts(manifest.bytes(), signature.get());
    }

    private void compareWithLastSeen(
            SnapshotManifest head, Map<String, SnapshotManifest> chain, List<Problem> problems) {
        if (lastSeen == null) {
            return;
        }
        if (head.seq() < lastSeen.seq()) {
            problems.add(Problem.error(
                    "ROLLED_BACK", "the head is seq " + head.seq() + ", but seq " + lastSeen.seq() + " was seen"));
        } else if (problems.isEmpty() && !chain.containsKey(lastSeen.digest())) {
            problems.add(Problem.error(
                    "FORK", "the head does not follow manifest " + shortened(lastSeen.digest()) + ", which was seen"));
        }
    }

    /** Manifests outside of the chain: a newer one means that the head was set back, one beside it that there are two heads. */
    private void lookBeside(SnapshotManifest head, Map<String, SnapshotManifest> chain, List<Problem> problems) {
        Set<String> firsts = new LinkedHashSet<>();
        chain.values().forEach(m -> firsts.add(m.previous().orElse("")));
        for (String key : store.list(FOLDER)) {
            String digest = key.endsWith(JSON) ? key.substring(FOLDER.length(), key.length() - JSON.length()) : "";
            SnapshotManifest other = digest.isEmpty() || chain.containsKey(digest)
                    ? null
                    : manifest(digest).orNull();
            if (other == null || !signed(digest, other)) {
                continue;
            }
            String name = "seq " + other.seq() + " (" + shortened(digest) + ")";
            if (other.previous().equals(store.head())) {
                boolean known = lastSeen != null && lastSeen.digest().equals(head.digest());
                problems.add(
                        known
                                ? Problem.warning("UNFINISHED", name + " was written, but never became the head")
                                : Problem.error("ROLLED_BACK", name + " follows the head"));
            } else if (firsts.contains(other.previous().orElse("")) && (base == null || other.seq() > base.seq())) {
                problems.add(Problem.error("FORK", name + " stands beside the chain"));
            }
        }
    }

    private int checkBlobs(Collection<SnapshotManifest> manifests, List<Problem> problems) {
        Set<String> seen = new LinkedHashSet<>();
        for (SnapshotManifest manifest : manifests) {
            for (SnapshotEntry entry : manifest.entries()) {
                if (!seen.add(entry.blob())) {
                    continue;
                }
                blob(entry).errors().forEach(problems::add);
            }
            for (RenderEntry render : manifest.renders()) {
                for (String digest : List.of(render.blob(), render.secrets())) {
                    if (!digest.isEmpty() && seen.add(digest)) {
                        problems.addAll(
                                blob(digest, "the render of " + render.app()).errors());
                    }
                }
            }
        }
        return seen.size();
    }

    /** The content of an entry as it lies in the store. Problems: {@code MISSING_BLOB}, {@code BAD_HASH}. */
    public Outcome<Bytes> blob(SnapshotEntry entry) {
        return blob(entry.blob(), entry.key().toString());
    }

    /** The content with a digest, of which problems say that it is {@code what}. */
    Outcome<Bytes> blob(String digest, String what) {
        Optional<Bytes> content = Digests.isDigest(digest) ? store.get(SnapshotStore.blob(digest)) : Optional.empty();
        if (content.isEmpty()) {
            return Outcome.failed(
                    Problem.error("MISSING_BLOB", what + ": blob " + shortened(digest) + " is not in the store"));
        }
        return Digests.sha256(content.get()).equals(digest)
                ? Outcome.of(content.get())
                : Outcome.failed(Problem.error("BAD_HASH", what + ": blob " + shortened(digest) + " was changed"));
    }

    private static Outcome<SnapshotManifest> broken(String text) {
        return Outcome.failed(Problem.error("BROKEN_CHAIN", text));
    }

    private static String shortened(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }
}
