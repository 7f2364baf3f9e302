package io.gitops4j.engine;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.OperationJournal;
import java.util.Locale;
import java.util.Optional;

/** An {@link OperationJournal} in ConfigMaps of a namespace of a cluster, one an open operation. */
public final class ClusterJournal implements OperationJournal {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final String KEY = "record.json";

    private final Cluster cluster;
    private final String namespace;

    /** A journal in a namespace that is there. */
    public ClusterJournal(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    private ObjectRef ref(String application) {
        String name = "gitops4j-operation-" + application.replace('/', '.').toLowerCase(Locale.ROOT);
        return ObjectRef.of(CONFIG_MAP, namespace, name);
    }

    @Override
    public Optional<JsonObject> read(String application) {
        Optional<JsonObject> stored = cluster.get(ref(application));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        Json record =
                JsonReader.parse(stored.get().object("data").text(KEY, "")).orNull();
        // what cannot be read is handed on as it is: the controller says so and does nothing
        return Optional.of(record instanceof JsonObject object ? object : JsonObject.of("unreadable", Json.of(true)));
    }

    @Override
    public void write(String application, JsonObject record) {
        ObjectRef ref = ref(application);
        JsonObject data = JsonObject.of(KEY, Json.of(record.toJson()));
        try {
            cluster.patch(ref, PatchType.MERGE, JsonObject.of("data", data), WriteOptions.defaults());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
            JsonObject object = JsonObject.builder()
                    .put("apiVersion", "v1")
                    .put("kind", "ConfigMap")
                    .put(
                            "metadata",
                            JsonObject.builder()
                                    .put("name", ref.name())
                                    .put("namespace", namespace)
                                    .build())
                    .put("data", data)
                    .build();
            cluster.create(object, WriteOptions.defaults());
        }
    }

    @Override
    public void clear(String application) {
        try {
            cluster.delete(ref(application), DeleteOptions.defaults());
        } catch (ApiException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
