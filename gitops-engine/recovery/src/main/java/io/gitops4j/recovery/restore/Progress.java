package io.gitops4j.recovery.restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal of a run as it is used: what earlier runs did, and records gathered into batches. */
final class Progress {
    private static final int BATCH = 100;

    private final RestoreJournal journal;
    private final List<JournalRecord> batch = new ArrayList<>();
    private final Map<String, String> existing = new LinkedHashMap<>();
    private final Map<String, String> done = new LinkedHashMap<>();
    private final Map<String, String> relaxed = new LinkedHashMap<>();
    private final Set<String> hooksBegun = new LinkedHashSet<>();
    private final Set<String> hooksDone = new LinkedHashSet<>();
    private String snapshot = "";
    private boolean ended;

    Progress(RestoreJournal journal) {
        this.journal = journal;
        journal.read().forEach(this::apply);
    }

    private void apply(JournalRecord record) {
        switch (record.step()) {
            case "begin" -> snapshot = record.subject();
            case "existing" -> existing.put(record.subject(), record.detail());
            case "item" -> done.put(record.subject(), record.detail());
            case "relaxed" -> relaxed.put(record.subject(), record.detail());
            case "tightened" -> relaxed.remove(record.subject());
            case "hook" -> hooksBegun.add(record.subject());
            case "hooked" -> hooksDone.add(record.subject());
            case "end" -> ended = true;
            default -> {}
        }
    }

    /** The digest of the snapshot of an earlier run; {@code ""} for the first. */
    String snapshot() {
        return snapshot;
    }

    boolean begun() {
        return !snapshot.isEmpty();
    }

    boolean ended() {
        return ended;
    }

    void begin(String digest, Map<String, String> existingUids) {
        List<JournalRecord> records = new ArrayList<>();
        existingUids.forEach((id, uid) -> records.add(new JournalRecord("existing", id, uid)));
        // Last, so that a run that was killed while writing these has not begun.
        records.add(new JournalRecord("begin", digest, ""));
        journal.append(records);
        records.forEach(this::apply);
    }

    /** The uid that an object of the target had before the first run; {@code null} when there was none. */
    @Nullable
    String uidBefore(String id) {
        return existing.get(id);
    }

    /** Result and uid of an object that an earlier run has finished; {@code null} for others. */
    @Nullable
    String result(String id) {
        return done.get(id);
    }

    void item(String id, String detail) {
        done.put(id, detail);
        batch.add(new JournalRecord("item", id, detail));
        if (batch.size() >= BATCH) {
            flush();
        }
    }

    /** Configurations whose webhooks fail open, and how they failed before. */
    Map<String, String> relaxed() {
        return new LinkedHashMap<>(relaxed);
    }

    void relax(String id, String before) {
        now(new JournalRecord("relaxed", id, before));
    }

    void tightened(String id) {
        now(new JournalRecord("tightened", id, ""));
    }

    boolean hookBegun(String hook) {
        return hooksBegun.contains(hook);
    }

    boolean hookDone(String hook) {
        return hooksDone.contains(hook);
    }

    void hookBegins(String hook) {
        now(new JournalRecord("hook", hook, ""));
    }

    void hookEnds(String hook) {
        now(new JournalRecord("hooked", hook, ""));
    }

    void end() {
        now(new JournalRecord("end", "", ""));
    }

    private void now(JournalRecord record) {
        batch.add(record);
        flush();
        apply(record);
    }

    void flush() {
        if (!batch.isEmpty()) {
            journal.append(List.copyOf(batch));
            batch.clear();
        }
    }
}
