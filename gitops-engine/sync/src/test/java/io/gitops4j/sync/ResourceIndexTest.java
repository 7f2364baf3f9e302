package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceIndexTest {
    private final FakeCluster cluster = FakeCluster.create();

    @Test
    void read_sideBySide_findsWhatOneAfterTheOtherFinds() {
        for (String kind : List.of("ConfigMap", "Secret", "ServiceAccount")) {
            cluster.create(
                    (JsonObject) YamlReader.kubectl()
                            .read("", "{apiVersion: v1, kind: " + kind + ", metadata: {name: a, namespace: default}}")
                            .orThrow(),
                    WriteOptions.defaults());
        }
        Kinds kinds = Kinds.of(cluster);
        List<Integer> sizes = new ArrayList<>();

        ResourceIndex plain = ResourceIndex.read(cluster, kinds, ResourceTracking.byAnnotation());
        ResourceIndex backwards = ResourceIndex.read(cluster, kinds, ResourceTracking.byAnnotation(), calls -> {
            sizes.add(calls.size());
            List<SyncAction.Result> results = new ArrayList<>();
            for (int i = calls.size() - 1; i >= 0; i--) {
                results.add(0, calls.get(i).get());
            }
            return results;
        });

        assertThat(sizes).containsExactly(kinds.preferred().size());
        assertThat(backwards.all()).isEqualTo(plain.all()).hasSizeGreaterThan(3);
    }

    @Test
    void read_sideBySide_passesFailuresOn() {
        assertThatThrownBy(
                        () -> ResourceIndex.read(cluster, Kinds.of(cluster), ResourceTracking.byAnnotation(), calls -> {
                            throw new GitOpsException("TIMEOUT", "too late");
                        }))
                .isInstanceOf(GitOpsException.class)
                .hasMessageContaining("too late");
    }
}
