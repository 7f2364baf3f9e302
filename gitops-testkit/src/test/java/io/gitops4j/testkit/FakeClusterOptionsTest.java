package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FakeClusterOptionsTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final WriteOptions OPTIONS = WriteOptions.defaults();

    @Test
    void aReplica_showsChangesOnlyAfterItsLag() {
        FakeCluster cluster = FakeCluster.create();
        Cluster replica = cluster.replica(Duration.ofSeconds(5));
        cluster.time().advance(Duration.ofMinutes(1));
        Watch watch = replica.watch(ListQuery.of(CONFIG_MAP));
        cluster.create(configMap("a"), OPTIONS);

        assertThat(replica.get(ref("a"))).isEmpty();
        assertThat(replica.list(ListQuery.of(CONFIG_MAP)).items()).isEmpty();
        assertThat(watch.poll()).isEmpty();
        cluster.time().advance(Duration.ofSeconds(5));
        assertThat(replica.get(ref("a"))).isPresent();
        assertThat(replica.list(ListQuery.of(CONFIG_MAP)).items()).hasSize(1);
        assertThat(watch.poll()).isPresent();
    }

    @Test
    void latency_movesTheClock() {
        FakeCluster cluster =
                FakeCluster.builder().latency(Duration.ofMillis(250)).build();
        cluster.create(configMap("a"), OPTIONS);
        cluster.get(ref("a"));

        assertThat(cluster.time().instant()).hasToString("2026-01-01T00:00:00.500Z");
    }

    @Test
    void rbac_letsAUserDoWhatARoleSays_andNothingElse() {
        FakeCluster cluster = FakeCluster.builder().rbac(true).build();
        cluster.create(Yaml.object("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata: {name: reader, namespace: default}
                        rules: [{apiGroups: [''], resources: [configmaps], verbs: [get, list]}]
                        """), OPTIONS);
        cluster.create(Yaml.object("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: reader, namespace: default}
                        roleRef: {kind: Role, name: reader}
                        subjects: [{kind: User, name: ann}]
                        """), OPTIONS);
        Cluster ann = cluster.as("ann");

        assertThat(ann.list(ListQuery.of(CONFIG_MAP).in("default")).items()).isEmpty();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> ann.create(configMap("a"), OPTIONS))
                .withMessage(
                        "configmaps \"a\" is forbidden: User \"ann\" cannot create resource \"configmaps\" in API group"
                                + " \"\" in the namespace \"default\"");
        JsonObject review = ann.create(Yaml.object("""
                        apiVersion: authorization.k8s.io/v1
                        kind: SelfSubjectAccessReview
                        spec: {resourceAttributes: {verb: get, resource: configmaps, namespace: default}}
                        """), OPTIONS);
        assertThat(review.find("status", "allowed")).hasToString("true");
    }

    @Test
    void aQuota_refusesWhatExceedsIt() {
        FakeCluster cluster = FakeCluster.create();
        cluster.create(Yaml.object("""
                        apiVersion: v1
                        kind: ResourceQuota
                        metadata: {name: q, namespace: default}
                        spec: {hard: {configmaps: '1', requests.cpu: '1'}}
                        """), OPTIONS);
        cluster.create(configMap("a"), OPTIONS);

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(configMap("b"), OPTIONS))
                .withMessage(
                        "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1,"
                                + " limited: configmaps=1");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(Yaml.object("""
                                apiVersion: v1
                                kind: Pod
                                metadata: {name: p, namespace: default}
                                spec: {containers: [{name: c, image: i, resources: {requests: {cpu: '2'}}}]}
                                """), OPTIONS))
                .withMessageContaining("requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1");
    }

    private static ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, "default", name);
    }

    private static JsonObject configMap(String name) {
        return Yaml.object("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: default}}");
    }
}
