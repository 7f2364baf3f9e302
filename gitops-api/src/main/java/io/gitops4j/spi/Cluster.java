package io.gitops4j.spi;

/** A whole cluster: reading, writing and discovery under one name. */
public interface Cluster extends ClusterReader, ClusterWriter, ClusterDiscovery {

    /** The name that Applications and reports use. */
    String name();

    /** The URL of the API server, {@code https://kubernetes.default.svc} for the cluster itself. */
    String server();
}
