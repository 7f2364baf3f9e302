package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.recovery.snapshot.SkipRules;
import io.gitops4j.spi.ClusterReader;
import io.gitops4j.spi.ClusterWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A journal in ConfigMaps of the target cluster, one call a batch. No snapshot keeps them. */
public final class ConfigMapJournal implements RestoreJournal {
    private static final Gvk KIND = new Gvk("", "v1", "ConfigMap");
    private static final int RECORDS_A_MAP = 2000;

    private final ClusterReader reader;
    private final ClusterWriter writer;
    private final String namespace;
    private final String name;
    private int next = -1;

    /**
     * The journal of one restore.
     *
     * @param reader of the target cluster
     * @param writer of the target cluster
     * @param namespace that exists there
     * @param name of the restore; a name means the same restore again
     */
    public ConfigMapJournal(ClusterReader reader, ClusterWriter writer, String namespace, String name) {
        this.reader = reader;
        this.writer = writer;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public List<JournalRecord> read() {
        Map<String, JournalRecord> records = new TreeMap<>();
        ListQuery query = ListQuery.of(KIND).in(namespace).labels(SkipRules.JOURNAL_LABEL + "=" + name);
        for (JsonObject map : reader.list(query).items()) {
            map.object("data").forEach((key, value) -> {
                String text = value.textOrNull();
                Json json = JsonReader.parse(text == null ? "" : text).orNull();
                if (json instanceof JsonObject record) {
                    records.put(key, JournalRecord.from(record));
                }
            });
        }
        next = records.size();
        return List.copyOf(new ArrayList<>(records.values()));
    }

    @Override
    public void append(List<JournalRecord> records) {
        if (next < 0) {
            read();
        }
        int from = 0;
        while (from < records.size()) {
            int room = RECORDS_A_MAP - next % RECORDS_A_MAP;
            int to = Math.min(records.size(), from + room);
            write(next / RECORDS_A_MAP, records.subList(from, to));
            next += to - from;
            from = to;
        }
    }

    private void write(int map, List<JournalRecord> records) {
        JsonObject.Builder data = JsonObject.builder();
        int number = next;
        for (JournalRecord record : records) {
            data.put(
                    String.format(Locale.ROOT, "%08d", number++),
                    record.toJson().toJson());
        }
        String mapName = "restore-journal-" + name + "-" + map;
        ObjectRef ref = ObjectRef.of(KIND, namespace, mapName);
        JsonObject body = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", mapName)
                                .put("namespace", namespace)
                                .put("labels", JsonObject.of(SkipRules.JOURNAL_LABEL, Json.of(name)))
                                .build())
                .put("data", data.build())
                .build();
        WriteOptions options = WriteOptions.defaults().withFieldManager(Restorer.MANAGER);
        try {
            writer.patch(ref, PatchType.MERGE, body, options);
        } catch (ApiException refusal) {
            if (!refusal.isNotFound()) {
                throw refusal;
            }
            writer.create(body, options);
        }
    }
}
