package io.gitops4j.recovery.restore;

import java.util.List;

/** Remembers how far a restore came, so that a killed one goes on and does nothing twice. */
public interface RestoreJournal {

    /** All records, oldest first. */
    List<JournalRecord> read();

    /** Adds records; when this returns they are safe. */
    void append(List<JournalRecord> records);
}
