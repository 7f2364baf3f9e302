package io.gitops4j.recovery.snapshot;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of contents of one snapshot, linked to the one before it. Immutable; its bytes are canonical JSON (RFC 8785). */
public final class SnapshotManifest {
    static final String FORMAT = "gitops4j-snapshot/1";

    private final JsonObject json;
    private final List<SnapshotEntry> entries;

    private SnapshotManifest(JsonObject json) {
        this.json = json;
        List<SnapshotEntry> read = new ArrayList<>();
        for (Json entry : json.array("entries")) {
            if (entry instanceof JsonObject object) {
                read.add(SnapshotEntry.from(object));
            }
        }
        this.entries = List.copyOf(read);
    }

    static SnapshotManifest of(JsonObject json) {
        return new SnapshotManifest(json);
    }

    /** The manifest that {@code bytes} hold. Problems: {@code MANIFEST_INVALID}, {@code FORMAT_UNKNOWN}. */
    public static Outcome<SnapshotManifest> parse(Bytes bytes) {
        Outcome<Json> json = JsonReader.parse(bytes.utf8());
        if (!(json.orNull() instanceof JsonObject object)) {
            return Outcome.failed(Problem.error("MANIFEST_INVALID", "the manifest is no JSON object"));
        }
        String format = object.text("format", "");
        if (!format.equals(FORMAT)) {
            return Outcome.failed(Problem.error("FORMAT_UNKNOWN", "the manifest has the format '" + format + "'")
                    .hint("this release reads " + FORMAT));
        }
        SnapshotManifest manifest = new SnapshotManifest(object);
        if (manifest.seq() < 1 || manifest.instant().isEmpty()) {
            return Outcome.failed(Problem.error("MANIFEST_INVALID", "the manifest has no seq or no takenAt"));
        }
        return Outcome.of(manifest);
    }

    /** Canonical JSON. */
    public Bytes bytes() {
        return Bytes.utf8(json.canonical());
    }

    /** The digest of {@link #bytes()}. */
    public String digest() {
        return Digests.sha256(bytes());
    }

    /** A name that sorts by time and sequence. */
    public String id() {
        return json.text("snapshotId", "");
    }

    /** 1 for the first snapshot of a chain. */
    public long seq() {
        return json.get("seq") instanceof JsonNumber number ? number.longValue() : 0;
    }

    /** The digest of the manifest before this one; empty for the first. */
    public Optional<String> previous() {
        return Optional.ofNullable(json.text("prev"));
    }

    /** When the reading began. A clock may be wrong: the order of snapshots is that of {@link #seq()}. */
    public Instant takenAt() {
        return instant().orElseThrow(() -> new IllegalStateException("a manifest has a time"));
    }

    private Optional<Instant> instant() {
        try {
            return Optional.of(Instant.parse(json.text("takenAt", "")));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /** Milliseconds between the first read and the last: a snapshot is not one point in time. */
    public long skewMs() {
        return json.get("skewMs") instanceof JsonNumber number ? number.longValue() : 0;
    }

    /** The name of the cluster. */
    public String cluster() {
        return json.object("cluster").text("name", "");
    }

    /** Whether everything in scope was read. */
    public boolean complete() {
        return json.text("status", "").equals("OK");
    }

    /** The objects, by group, kind, namespace and name. */
    public List<SnapshotEntry> entries() {
        return entries;
    }

    /** How each kind was read, in the order of reading. */
    public List<KindReading> kinds() {
        List<KindReading> out = new ArrayList<>();
        for (Json kind : json.array("perKind")) {
            if (kind instanceof JsonObject object) {
                out.add(KindReading.from(object));
            }
        }
        return List.copyOf(out);
    }

    /** What Git holds and the snapshot only names. */
    public List<TrackedObject> tracked() {
        List<TrackedObject> out = new ArrayList<>();
        for (Json tracked : json.array("tracked")) {
            if (tracked instanceof JsonObject object) {
                out.add(TrackedObject.from(object));
            }
        }
        return List.copyOf(out);
    }

    /** Reason to number of objects that were left out. */
    public Map<String, Long> skipped() {
        Map<String, Long> out = new LinkedHashMap<>();
        for (Json skipped : json.array("skipped")) {
            if (skipped instanceof JsonObject object && object.get("count") instanceof JsonNumber count) {
                out.put(object.text("reason", ""), count.longValue());
            }
        }
        return out;
    }

    /** Application to the commit that it was synced to. */
    public Map<String, String> gitRevisions() {
        Map<String, String> out = new LinkedHashMap<>();
        json.object("gitRevisions").forEach((app, commit) -> {
            String text = commit.textOrNull();
            out.put(app, text == null ? "" : text);
        });
        return out;
    }

    /** What the Applications bring, as it was rendered when the snapshot was taken. */
    public List<RenderEntry> renders() {
        List<RenderEntry> out = new ArrayList<>();
        for (Json render : json.array("renders")) {
            if (render instanceof JsonObject object) {
                out.add(RenderEntry.from(object));
            }
        }
        return List.copyOf(out);
    }

    /** The claims and where their data is. */
    public List<VolumeEntry> volumes() {
        List<VolumeEntry> out = new ArrayList<>();
        for (Json volume : json.array("volumes")) {
            if (volume instanceof JsonObject object) {
                out.add(VolumeEntry.from(object));
            }
        }
        return List.copyOf(out);
    }

    /** What could not be read or kept, in words; nothing for a complete snapshot. */
    public List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        kinds().stream().filter(kind -> !kind.complete()).forEach(kind -> gaps.add(kind.gvk() + ": " + kind.failure()));
        volumes().stream()
                .filter(volume -> !volume.failure().isEmpty())
                .forEach(volume -> gaps.add("the data of " + volume.key() + ": " + volume.failure()));
        return gaps;
    }

    /** For whom the sealed objects are encrypted. */
    public List<String> recipients() {
        List<String> out = new ArrayList<>();
        for (Json recipient : json.array("recipients")) {
            String text = recipient.textOrNull();
            out.add(text == null ? "" : text);
        }
        return List.copyOf(out);
    }

    /** Whether the root over the entries is the stated one. */
    public boolean rootFits() {
        return rootOf(json.array("entries")).equals(json.text("merkleRoot", ""));
    }

    static String rootOf(JsonArray entries) {
        List<String> leaves = new ArrayList<>(entries.size());
        entries.forEach(entry -> leaves.add(entry.canonical()));
        return Digests.merkleRoot(leaves);
    }

    /** The manifest as it is kept. */
    public JsonObject toJson() {
        return json;
    }

    @Override
    public String toString() {
        return id() + " (" + entries.size() + " objects)";
    }
}
