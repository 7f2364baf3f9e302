package io.gitops4j.cli;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.restore.JournalRecord;
import io.gitops4j.recovery.restore.RestoreJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A journal in a file, one JSON line a record; a last line that was cut off counts as not written. */
final class FileRestoreJournal implements RestoreJournal {
    private final Path file;

    FileRestoreJournal(Path file) {
        this.file = file;
    }

    @Override
    public List<JournalRecord> read() {
        List<JournalRecord> records = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (JsonReader.parse(line).orNull() instanceof JsonObject record) {
                        records.add(JournalRecord.from(record));
                    }
                }
            }
            return records;
        } catch (IOException e) {
            throw new GitOpsException("JOURNAL", "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void append(List<JournalRecord> records) {
        StringBuilder lines = new StringBuilder("\n");
        records.forEach(record -> lines.append(record.toJson().toJson()).append('\n'));
        try {
            Files.writeString(
                    file,
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
        } catch (IOException e) {
            throw new GitOpsException("JOURNAL", "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
