package io.gitops4j.conformance.ssalive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.conformance.Conformance;
import io.gitops4j.json.JsonObject;
import io.gitops4j.k8s.ClientOptions;
import io.gitops4j.k8s.Kubeconfig;
import io.gitops4j.k8s.KubernetesCluster;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import io.gitops4j.testkit.real.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded sequences through the cluster adapter, against the in-memory server over HTTP and against a real one: both give
 * what was recorded.
 */
class AdapterReplayTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private List<JsonObject> cases = List.of();
    private JsonObject crds = JsonObject.empty();

    @BeforeEach
    void readCases() throws IOException {
        Path visible = new SsaLiveFamily().defaultCases(Conformance.visibleCases());
        assumeTrue(Files.exists(visible), "no public cases at " + visible);
        List<JsonObject> read = new ArrayList<>();
        for (String line : Files.readAllLines(visible.resolve("visible.jsonl"))) {
            read.add((JsonObject) JsonReader.parse(line).orThrow());
        }
        cases = read;
        crds = (JsonObject)
                JsonReader.parse(Files.readString(visible.resolve("crds.json"))).orThrow();
    }

    @Test
    void visibleCases_throughTheAdapter_onTheInMemoryServer_answerAsRecorded() throws Exception {
        FakeCluster fake = FakeCluster.builder()
                .name("fake")
                .namespaces("t")
                .housekeeping(false)
                .build();
        try (FakeClusterServer server = FakeClusterServer.start(fake, 0)) {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
            assertThat(failures(kubeconfig, false)).isEmpty();
        }
    }

    @Test
    void visibleCases_throughTheAdapter_onARealServer_answerAsRecorded() throws Exception {
        assertThat(failures(RealCluster.bare("cluster-ssa").kubeconfig(), true)).isEmpty();
    }

    private List<String> failures(Path kubeconfig, boolean real) throws Exception {
        List<String> failures = new ArrayList<>();
        try (KubernetesCluster cluster = Kubeconfig.read(kubeconfig)
                .orThrow()
                .open(
                        "",
                        ClientOptions.defaults()
                                .withRate(0, 1)
                                .withRetries(0)
                                .withUserAgent("oracle/1")
                                .withWarnings(warnings::add))
                .orThrow()) {
            prepare(cluster, real);
            for (JsonObject each : cases) {
                if (real) {
                    clear(cluster, each);
                }
                String wrong = new AdapterReplay(cluster, each, warnings, real).firstDifference();
                clear(cluster, each);
                if (!wrong.isEmpty()) {
                    failures.add(each.text("name") + ": " + wrong);
                }
            }
        }
        return failures;
    }

    private void prepare(KubernetesCluster cluster, boolean real) throws InterruptedException {
        JsonObject namespace = (JsonObject)
                JsonReader.parse("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"t\"}}")
                        .orThrow();
        cluster.apply(ObjectRef.of(namespace), namespace, WriteOptions.defaults());
        Set<Gvk> awaited = new LinkedHashSet<>();
        crds.forEach((kind, crd) -> {
            JsonObject body = (JsonObject) crd;
            cluster.apply(ObjectRef.of(body), body, WriteOptions.defaults().withForce(true));
        });
        cases.forEach(each -> awaited.add(Gvk.of(each.text("apiVersion", ""), each.text("kind", ""))));
        for (Gvk gvk : awaited) {
            for (int i = 0; i < 100 && cluster.resource(gvk).isEmpty(); i++) {
                Thread.sleep(100);
                cluster.refreshDiscovery();
            }
        }
        if (real) {
            // A kind is served some moments before its schema is known.
            Thread.sleep(1500);
        }
    }

    /** Takes the object of the case away, whatever holds it. */
    private static void clear(KubernetesCluster cluster, JsonObject each) throws Exception {
        Gvk gvk = Gvk.of(each.text("apiVersion", ""), each.text("kind", ""));
        ObjectRef ref = ObjectRef.of(gvk, each.bool("namespaced", false) ? "t" : "", each.text("object", ""));
        for (int i = 0; i < 50 && cluster.get(ref).isPresent(); i++) {
            try {
                cluster.patch(
                        ref,
                        PatchType.MERGE,
                        JsonReader.parse("{\"metadata\":{\"finalizers\":null}}").orThrow(),
                        WriteOptions.defaults());
                cluster.delete(ref, new DeleteOptions(DeleteOptions.Propagation.BACKGROUND, false, 0, null, null));
            } catch (ApiException gone) {
                if (!gone.isNotFound()) {
                    throw gone;
                }
            }
            Thread.sleep(i == 0 ? 0 : 50);
        }
    }
}
