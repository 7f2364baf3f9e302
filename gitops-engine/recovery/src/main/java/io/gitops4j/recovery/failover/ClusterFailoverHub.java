package io.gitops4j.recovery.failover;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import java.util.Optional;

/**
 * Keeps the status in a ConfigMap of a cluster, so that it survives a restart and several processes share it. A write carries the
 * resourceVersion that was read: of two that write at once, one loses.
 */
public final class ClusterFailoverHub implements FailoverHub {
    private static final Gvk KIND = new Gvk("", "v1", "ConfigMap");
    private static final String KEY = "status.json";
    private static final WriteOptions WRITE = WriteOptions.defaults().withFieldManager("gitops4j-failover");

    private final Cluster cluster;
    private final ObjectRef ref;

    /**
     * A hub.
     *
     * @param cluster that keeps the status
     * @param namespace that exists there
     * @param name of the ConfigMap
     */
    public ClusterFailoverHub(Cluster cluster, String namespace, String name) {
        this.cluster = cluster;
        this.ref = ObjectRef.of(KIND, namespace, name);
    }

    /** The status. Throws {@code RECORD_UNREADABLE} for one that somebody broke: it must not look like a beginning. */
    @Override
    public FailoverStatus read() {
        return cluster.get(ref).map(this::status).orElse(FailoverStatus.empty());
    }

    private FailoverStatus status(JsonObject map) {
        Json json = JsonReader.parse(map.object("data").text(KEY, "")).orNull();
        Outcome<FailoverStatus> read = json instanceof JsonObject record
                ? FailoverRecord.read(record)
                : Outcome.failed(Problem.error("RECORD_UNREADABLE", "the kept status is no JSON object"));
        FailoverStatus status = read.orNull();
        if (status == null) {
            Problem problem = read.errors().get(0);
            throw new GitOpsException(problem.code(), ref.key() + " of " + cluster.name() + ": " + problem.text());
        }
        return status;
    }

    @Override
    public boolean replace(long revision, FailoverStatus next) {
        Optional<JsonObject> kept = cluster.get(ref);
        FailoverStatus before = kept.map(this::status).orElse(FailoverStatus.empty());
        if (before.revision() != revision) {
            return false;
        }
        JsonObject data = JsonObject.of(KEY, Json.of(FailoverRecord.write(next).toJson()));
        try {
            if (kept.isPresent()) {
                cluster.replace(ref, kept.get().with("data", data), WRITE);
            } else {
                cluster.create(
                        JsonObject.builder()
                                .put("apiVersion", "v1")
                                .put("kind", "ConfigMap")
                                .put(
                                        "metadata",
                                        JsonObject.builder()
                                                .put("name", ref.name())
                                                .put("namespace", ref.namespace())
                                                .build())
                                .put("data", data)
                                .build(),
                        WRITE);
            }
            return true;
        } catch (ApiException refusal) {
            if (refusal.status().code() == 409) {
                return false;
            }
            throw refusal;
        }
    }
}
