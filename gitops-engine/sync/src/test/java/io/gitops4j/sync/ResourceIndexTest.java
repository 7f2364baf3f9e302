package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
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
    void read_pagesThatExpireOnTheWay_beginTheKindAgain_andLoseNothing() {
        for (int i = 0; i < 600; i++) {
            cluster.create(
                    (JsonObject) YamlReader.kubectl()
                            .read(
                                    "",
                                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c" + i
                                            + ", namespace: default}}")
                            .orThrow(),
                    WriteOptions.defaults());
        }
        cluster.inject(Fault.status(410, "Expired", "the token has expired")
                .on("list")
                .kind("ConfigMap")
                .after(1)
                .times(1));

        ResourceIndex index = ResourceIndex.read(cluster, Kinds.of(cluster), ResourceTracking.byAnnotation());

        assertThat(index.keysOf("", "ConfigMap")).hasSizeGreaterThanOrEqualTo(600);
    }

    @Test
    void read_ofAKindThatExpiresForever_isRefused() {
        cluster.inject(Fault.status(410, "Expired", "gone").on("list").kind("ConfigMap"));
        assertThatThrownBy(() -> ResourceIndex.read(cluster, Kinds.of(cluster), ResourceTracking.byAnnotation()))
                .isInstanceOf(ApiException.class);
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
