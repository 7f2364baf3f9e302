package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.json.JsonObject;
import io.gitops4j.spi.HistoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes down what was deployed. */
final class DeploymentHistory {
    private DeploymentHistory() {}

    /** Adds an entry, unless the last one is of the same revisions; the oldest go beyond the Application's limit. */
    static void record(HistoryStore history, Application application, String revision, Instant now) {
        List<JsonObject> entries = new ArrayList<>(history.entries(application.qualifiedName()));
        HistoryEntry last = entries.isEmpty() ? null : HistoryEntry.from(entries.get(entries.size() - 1));
        List<String> revisions = List.of(revision.split(",", -1));
        if (last != null && last.revisions().equals(revisions)) {
            return;
        }
        entries.add(new HistoryEntry(last == null ? 0 : last.id() + 1, revisions, now).toJson());
        int limit = Math.max(1, application.revisionHistoryLimit());
        history.replace(
                application.qualifiedName(), entries.subList(Math.max(0, entries.size() - limit), entries.size()));
    }
}
