package io.gitops4j.recovery.restore;

import java.util.ArrayList;
import java.util.List;

/** A journal in memory, for drills and tests. */
public final class MemoryRestoreJournal implements RestoreJournal {
    private final List<JournalRecord> records = new ArrayList<>();

    @Override
    public List<JournalRecord> read() {
        return List.copyOf(records);
    }

    @Override
    public void append(List<JournalRecord> more) {
        records.addAll(more);
    }
}
