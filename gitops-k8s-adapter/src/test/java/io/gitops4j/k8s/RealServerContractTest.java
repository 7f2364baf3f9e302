package io.gitops4j.k8s;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.contract.ClusterContract;
import io.gitops4j.testkit.real.RealCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a real API server. */
class RealServerContractTest extends ClusterContract {
    private KubernetesCluster cluster;
    private String namespace;

    @BeforeEach
    void open() {
        cluster = Kubeconfig.read(RealCluster.named("cluster-a").kubeconfig())
                .orThrow()
                .open("", ClientOptions.defaults())
                .orThrow();
        namespace = "contract-" + Long.toString(System.nanoTime(), 36);
        JsonObject body = (JsonObject) YamlReader.kubectl()
                .read("", "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}")
                .orThrow();
        cluster.create(body, WriteOptions.defaults());
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            try {
                cluster.delete(ObjectRef.of(new Gvk("", "v1", "Namespace"), "", namespace), DeleteOptions.defaults());
            } catch (ApiException e) {
                // Another test run has taken it away.
            }
            cluster.close();
        }
    }

    @Override
    protected Cluster cluster() {
        return cluster;
    }

    @Override
    protected String namespace() {
        return namespace;
    }
}
