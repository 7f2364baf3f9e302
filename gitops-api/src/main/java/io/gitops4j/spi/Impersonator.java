package io.gitops4j.spi;

/** Gives a cluster as somebody else sees it. */
public interface Impersonator {

    /**
     * The cluster under another identity, for every call: reads, dry runs and writes.
     *
     * @param user such as {@code system:serviceaccount:shop:deployer}
     */
    Cluster as(Cluster cluster, String user);
}
