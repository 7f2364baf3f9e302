package io.gitops4j.sync;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.spi.ClusterWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The comparison that asks the server: what a server-side apply of the target would make of the live object, found by a dry run.
 * Defaults and webhooks of the server are so part of the prediction. Needs the cluster at plan time; an error of the server is
 * thrown as it comes.
 *
 * <p>Source: argocd §5.1.
 */
public final class ServerSideComparer implements ResourceComparer {
    private static final String MANAGER = "argocd-controller";

    private final ClusterWriter cluster;
    private final ResourceComparer merging;

    /** A comparison over a cluster; {@code merging} says what a client-side apply stores. */
    public ServerSideComparer(ClusterWriter cluster, ResourceComparer merging) {
        this.cluster = cluster;
        this.merging = merging;
    }

    @Override
    public Comparison compare(JsonObject target, JsonObject live) {
        WriteOptions dry = WriteOptions.defaults()
                .withFieldManager(MANAGER)
                .withForce(true)
                .withDryRun(true);
        JsonObject predicted = cluster.apply(ObjectRef.of(live), target.without("status"), dry);
        List<FieldChange> changes = new ArrayList<>();
        StructuralComparer.difference(normal(live), normal(predicted), JsonPointer.root(), changes);
        return new Comparison(!changes.isEmpty(), changes);
    }

    @Override
    public JsonObject merge(JsonObject target, JsonObject live) {
        return merging.merge(target, live);
    }

    private static JsonObject normal(JsonObject object) {
        JsonObject metadata = object.object("metadata")
                .without("managedFields")
                .without("resourceVersion")
                .without("generation")
                .without("creationTimestamp");
        return ResourceTracking.without(
                object.without("status").with("metadata", metadata), "annotations", StructuralComparer.LAST_APPLIED);
    }
}
