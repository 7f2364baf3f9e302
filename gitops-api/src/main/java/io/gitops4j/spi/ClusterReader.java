package io.gitops4j.spi;

import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PartialMetadata;
import io.gitops4j.json.JsonObject;
import java.util.Optional;

/** Reading from a cluster. Every method throws {@link io.gitops4j.cluster.ApiException} when the server refuses. */
public interface ClusterReader {

    /** The object or subresource, or empty when it does not exist. */
    Optional<JsonObject> get(ObjectRef ref);

    /** One page. A token or version that is too old is refused with 410 {@code Expired}. */
    ListPage list(ListQuery query);

    /** A stream of changes. With an empty {@code resourceVersion} the present objects come first, as ADDED. */
    Watch watch(ListQuery query);

    /**
     * As {@link #list}, but of each object only {@code apiVersion}, {@code kind} and {@code metadata}. A cluster that cannot be
     * asked for these alone reads whole objects and leaves the rest away.
     */
    default ListPage listMetadata(ListQuery query) {
        return PartialMetadata.of(list(query));
    }

    /** As {@link #watch}, but of each object only what {@link #listMetadata} gives of it. */
    default Watch watchMetadata(ListQuery query) {
        return new MetadataWatch(watch(query));
    }
}
