package io.gitops4j.k8s;

import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.contract.ClusterContract;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract through the whole adapter: kubeconfig, HTTP client, and the in-memory API server at the other end. */
class FakeServerContractTest extends ClusterContract {
    @TempDir
    Path folder;

    private FakeClusterServer server;
    private KubernetesCluster cluster;

    @BeforeEach
    void serve() throws Exception {
        server = FakeClusterServer.start(
                FakeCluster.builder().name("fake").namespaces("contract").build(), 0);
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        cluster = Kubeconfig.read(kubeconfig)
                .orThrow()
                .open("", ClientOptions.defaults())
                .orThrow();
    }

    @AfterEach
    void stop() {
        cluster.close();
        server.close();
    }

    @Override
    protected Cluster cluster() {
        return cluster;
    }

    @Override
    protected String namespace() {
        return "contract";
    }
}
