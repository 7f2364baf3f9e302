package io.gitops4j.testkit.contract;

import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;

class FakeClusterContractTest extends ClusterContract {
    private final FakeCluster cluster =
            FakeCluster.builder().namespaces("contract").build();

    @Override
    protected Cluster cluster() {
        return cluster;
    }

    @Override
    protected String namespace() {
        return "contract";
    }
}
