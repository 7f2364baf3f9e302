package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.Watch;
import io.gitops4j.testkit.real.FaultProxy;
import io.gitops4j.testkit.real.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the contract leaves open, on a real API server. */
class RealClusterTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final String NAMESPACE = "gitops4j-adapter";

    @TempDir
    Path folder;

    private KubernetesCluster cluster;

    @BeforeEach
    void open() {
        cluster = Kubeconfig.read(RealCluster.named("cluster-a").kubeconfig())
                .orThrow()
                .open("", ClientOptions.defaults().withRate(0, 1))
                .orThrow();
        JsonObject namespace = yaml("{apiVersion: v1, kind: Namespace, metadata: {name: " + NAMESPACE + "}}");
        cluster.apply(ObjectRef.of(namespace), namespace, WriteOptions.defaults());
        for (Gvk kind : List.of(CONFIG_MAP, DEPLOYMENT)) {
            for (JsonObject item :
                    cluster.list(ListQuery.of(kind).in(NAMESPACE)).items()) {
                cluster.delete(ObjectRef.of(item), DeleteOptions.defaults());
            }
        }
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void discoveryAndSchemas_ofARealServer() {
        assertThat(cluster.version()).startsWith("v1.");
        assertThat(cluster.resource(DEPLOYMENT).orElseThrow().shortNames()).containsExactly("deploy");
        assertThat(cluster.resources()).hasSizeGreaterThan(50);
        JsonObject schema = cluster.schema(DEPLOYMENT).orElseThrow();
        assertThat(schema.find(
                        "properties",
                        "spec",
                        "properties",
                        "template",
                        "properties",
                        "spec",
                        "properties",
                        "containers",
                        "x-kubernetes-list-map-keys",
                        "0"))
                .isEqualTo(Json.of("name"));
        assertThat(cluster.schema(new Gvk("none.io", "v1", "None"))).isEmpty();
    }

    @Test
    void apply_conflictForceAndDryRun_behaveAsKubernetesSays() {
        JsonObject one = yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: gitops4j-adapter},"
                + " data: {k: v}}");
        ObjectRef ref = ObjectRef.of(one);
        WriteOptions mine = WriteOptions.defaults().withFieldManager("mine");
        cluster.apply(ref, one, mine.withDryRun(true));
        assertThat(cluster.get(ref)).isEmpty();
        JsonObject stored = cluster.apply(ref, one, mine);
        JsonObject changed = one.with("data", JsonObject.of("k", Json.of("w")));
        assertThatThrownBy(() -> cluster.apply(ref, changed, mine.withFieldManager("theirs")))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.isConflict()).isTrue();
                    assertThat(e.status().causes())
                            .singleElement()
                            .satisfies(c -> assertThat(c.field()).isEqualTo(".data.k"));
                });
        cluster.apply(ref, changed, mine.withFieldManager("theirs").withForce(true));
        String version = stored.object("metadata").text("resourceVersion", "");
        assertThatThrownBy(() -> cluster.replace(ref, one, mine.withResourceVersion(version)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThatThrownBy(() -> cluster.delete(ref, DeleteOptions.defaults().withUid("other")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThatThrownBy(() -> cluster.apply(
                        ref,
                        one.with("unknown", Json.of(1)),
                        mine.withForce(true).withFieldValidation("Strict")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().code()).isIn(400, 500));
    }

    @Test
    void list_pagesAndSelectors() {
        for (int i = 0; i < 5; i++) {
            cluster.create(
                    yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: p" + i
                            + ", namespace: gitops4j-adapter, labels: {even: \"" + (i % 2 == 0) + "\"}}}"),
                    WriteOptions.defaults());
        }
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            ListPage page = cluster.list(ListQuery.of(CONFIG_MAP)
                    .in(NAMESPACE)
                    .labels("even in (true)")
                    .page(2, token));
            page.items().forEach(item -> names.add(item.object("metadata").text("name", "")));
            token = page.continueToken();
        } while (!token.isEmpty());
        assertThat(names).containsExactly("p0", "p2", "p4");
    }

    @Test
    void watch_seesEveryChangeInOrder() throws Exception {
        BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
        try (Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in(NAMESPACE).labels("watched"))) {
            watch.onAvailable(() -> {
                for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
                    if (event.get().type() != WatchEvent.Type.BOOKMARK) {
                        events.add(event.get());
                    }
                }
            });
            JsonObject map = yaml("{apiVersion: v1, kind: ConfigMap,"
                    + " metadata: {name: w, namespace: gitops4j-adapter, labels: {watched: yes-it-is}}}");
            ObjectRef ref = ObjectRef.of(map);
            cluster.create(map, WriteOptions.defaults());
            cluster.patch(ref, PatchType.MERGE, yaml("{data: {a: b}}"), WriteOptions.defaults());
            cluster.delete(ref, DeleteOptions.defaults());
            List<String> types = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                WatchEvent event = events.poll(10, TimeUnit.SECONDS);
                assertThat(event).isNotNull();
                types.add(event.type() + " " + event.object().object("metadata").text("name"));
            }
            assertThat(types).containsExactly("ADDED w", "MODIFIED w", "DELETED w");
        }
    }

    @Test
    void watch_cutAgainAndAgain_losesAndDoublesNothing() throws Exception {
        try (FaultProxy proxy = FaultProxy.before(RealCluster.named("cluster-a"));
                KubernetesCluster cut = Kubeconfig.read(
                                Files.writeString(folder.resolve("proxied"), proxy.kubeconfig("proxied")))
                        .orThrow()
                        .open("", ClientOptions.defaults().withRate(0, 1))
                        .orThrow();
                Watch watch = cut.watch(ListQuery.of(CONFIG_MAP).in(NAMESPACE).labels("cut=yes"))) {
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();
            watch.onAvailable(() -> {
                for (Optional<WatchEvent> e = watch.poll(); e.isPresent(); e = watch.poll()) {
                    if (e.get().type() != WatchEvent.Type.BOOKMARK) {
                        seen.add(e.get().type() + " "
                                + e.get().object().object("metadata").text("name"));
                    }
                }
            });
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                // Changed while no connection is open: between the cut and the next one.
                proxy.cutWatches();
                JsonObject map = yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: c" + i + ", namespace: "
                        + NAMESPACE + ", labels: {cut: 'yes'}}}");
                cluster.create(map, WriteOptions.defaults());
                cluster.delete(ObjectRef.of(map), DeleteOptions.defaults());
                all.add("ADDED c" + i);
                all.add("DELETED c" + i);
            }
            List<String> got = new ArrayList<>();
            while (got.size() < all.size()) {
                String next = seen.poll(60, TimeUnit.SECONDS);
                assertThat(next).as("after " + got).isNotNull();
                got.add(next);
            }
            assertThat(got).isEqualTo(all);
        }
    }

    @Test
    void scaleSubresource_changesTheReplicas() {
        JsonObject deployment = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: gitops4j-adapter}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: web:1}]}
                """);
        ObjectRef ref = ObjectRef.of(deployment);
        cluster.apply(ref, deployment, WriteOptions.defaults());
        cluster.patch(ref.sub("scale"), PatchType.MERGE, yaml("{spec: {replicas: 3}}"), WriteOptions.defaults());
        assertThat(cluster.get(ref).orElseThrow().find("spec", "replicas")).isEqualTo(Json.of(3));
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
