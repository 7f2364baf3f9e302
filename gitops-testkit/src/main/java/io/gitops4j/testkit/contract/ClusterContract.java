package io.gitops4j.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiResource;
import io.gitops4j.cluster.ApiStatus;
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
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Cluster} does, whatever stands behind it. Each test wants a namespace of its own that exists and is empty; a
 * subclass gives both and cleans up if it has to.
 */
public abstract class ClusterContract {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final WriteOptions OPTIONS = WriteOptions.defaults().withFieldManager("contract");

    /** The cluster under test. */
    protected abstract Cluster cluster();

    /** The namespace of this test. */
    protected abstract String namespace();

    @Test
    void create_answersTheStoredObject_andASecondOneIsRefused() {
        JsonObject created = cluster().create(configMap("a", "1"), OPTIONS);

        assertThat(created.object("metadata").text("uid", "")).isNotEmpty();
        assertThat(created.object("metadata").text("resourceVersion", "")).isNotEmpty();
        assertThat(cluster().get(ref("a")).orElseThrow().get("data")).isEqualTo(created.get("data"));
        refused(() -> cluster().create(configMap("a", "2"), OPTIONS), 409, "AlreadyExists");
    }

    @Test
    void get_ofNothing_isEmpty_andWritesToItAreRefused() {
        assertThat(cluster().get(ref("none"))).isEmpty();
        refused(() -> cluster().replace(ref("none"), configMap("none", "1"), OPTIONS), 404, "NotFound");
        refused(() -> cluster().patch(ref("none"), PatchType.MERGE, data("1"), OPTIONS), 404, "NotFound");
        refused(() -> cluster().delete(ref("none"), DeleteOptions.defaults()), 404, "NotFound");
    }

    @Test
    void replace_withAStaleVersion_isAConflict() {
        JsonObject created = cluster().create(configMap("a", "1"), OPTIONS);
        JsonObject second = cluster().replace(ref("a"), created.with("data", dataOf("2")), OPTIONS);

        assertThat(second.get("data")).isEqualTo(dataOf("2"));
        refused(() -> cluster().replace(ref("a"), created.with("data", dataOf("3")), OPTIONS), 409, "Conflict");
    }

    @Test
    void aWriteThatChangesNothing_keepsTheVersion() {
        String version = version(cluster().apply(ref("a"), configMap("a", "1"), OPTIONS));

        assertThat(version(cluster().apply(ref("a"), configMap("a", "1"), OPTIONS)))
                .isEqualTo(version);
        assertThat(version(cluster().patch(ref("a"), PatchType.MERGE, data("1"), OPTIONS)))
                .isEqualTo(version);
    }

    @Test
    void aDryRun_changesNothing() {
        cluster().create(configMap("a", "1"), OPTIONS.withDryRun(true));
        assertThat(cluster().get(ref("a"))).isEmpty();

        String version = version(cluster().create(configMap("b", "1"), OPTIONS));
        JsonObject patched = cluster().patch(ref("b"), PatchType.MERGE, data("2"), OPTIONS.withDryRun(true));
        cluster().delete(ref("b"), DeleteOptions.defaults().withDryRun(true));
        assertThat(patched.get("data")).isEqualTo(dataOf("2"));
        assertThat(version(cluster().get(ref("b")).orElseThrow())).isEqualTo(version);
    }

    @Test
    void apply_conflictsWithTheOwner_unlessForced() {
        cluster().apply(ref("a"), configMap("a", "1"), OPTIONS.withFieldManager("one"));
        ApiException conflict = refused(
                () -> cluster().apply(ref("a"), configMap("a", "2"), OPTIONS.withFieldManager("two")), 409, "Conflict");

        assertThat(conflict.status().causes())
                .extracting(ApiStatus.Cause::reason, ApiStatus.Cause::field)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("FieldManagerConflict", ".data.k"));
        JsonObject forced = cluster()
                .apply(
                        ref("a"),
                        configMap("a", "2"),
                        OPTIONS.withFieldManager("two").withForce(true));
        assertThat(forced.get("data")).isEqualTo(dataOf("2"));
    }

    @Test
    void apply_removesWhatItNoLongerNames() {
        cluster().apply(ref("a"), configMap("a", "1"), OPTIONS);
        JsonObject less = cluster().apply(ref("a"), configMap("a", "1").without("data"), OPTIONS);

        assertThat(less.has("data")).isFalse();
    }

    @Test
    void everyPatchFormat_isUnderstood() {
        cluster().create(deployment(), OPTIONS);
        ObjectRef ref = ObjectRef.of(DEPLOYMENT, namespace(), "web");
        cluster().patch(ref, PatchType.MERGE, yaml("{spec: {replicas: 2}}"), OPTIONS);
        cluster()
                .patch(
                        ref,
                        PatchType.STRATEGIC,
                        yaml("{spec: {template: {spec: {containers: [{name: c, image: 'web:2'}]}}}}"),
                        OPTIONS);
        JsonObject patched = cluster()
                .patch(
                        ref,
                        PatchType.JSON,
                        yaml("{p: [{op: add, path: /metadata/labels, value: {x: 'y'}}]}")
                                .array("p"),
                        OPTIONS);

        assertThat(patched.find("spec", "replicas")).isEqualTo(Json.of(2));
        assertThat(patched.find("spec", "template", "spec", "containers", "0", "image"))
                .isEqualTo(Json.of("web:2"));
        assertThat(patched.find("metadata", "labels", "x")).isEqualTo(Json.of("y"));
        assertThat(patched.find("spec", "strategy", "type")).isEqualTo(Json.of("RollingUpdate"));
    }

    @Test
    void anInvalidObject_isRefusedWithItsCauses() {
        JsonObject bad = (JsonObject) deployment().without(io.gitops4j.json.JsonPointer.of("spec", "selector"));
        ApiException refusal = refused(() -> cluster().create(bad, OPTIONS), 422, "Invalid");

        assertThat(refusal.status().causes()).extracting(ApiStatus.Cause::field).contains("spec.selector");
    }

    @Test
    void delete_honoursTheUid() {
        JsonObject created = cluster().create(configMap("a", "1"), OPTIONS);
        refused(
                () -> cluster()
                        .delete(ref("a"), DeleteOptions.defaults().withUid("00000000-0000-4000-8000-000000000000")),
                409,
                "Conflict");
        cluster()
                .delete(
                        ref("a"),
                        DeleteOptions.defaults()
                                .withUid(created.object("metadata").text("uid")));

        assertThat(cluster().get(ref("a"))).isEmpty();
    }

    @Test
    void evict_takesAPodAway_andOneThatIsNotThereIsNotFound() {
        JsonObject pod = yaml("{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: " + namespace()
                + "}, spec: {containers: [{name: a, image: a}]}}");
        ObjectRef ref = ObjectRef.of(pod);
        cluster().create(pod, OPTIONS);

        cluster().evict(ref, DeleteOptions.defaults().withDryRun(true));
        assertThat(cluster().get(ref)).isPresent();
        cluster().evict(ref, DeleteOptions.defaults());
        assertThat(cluster().get(ref)).isEmpty();
        refused(() -> cluster().evict(ref, DeleteOptions.defaults()), 404, "NotFound");
    }

    @Test
    void aFinalizer_holdsADeletedObject() {
        cluster().create(configMap("a", "1"), OPTIONS);
        cluster().patch(ref("a"), PatchType.MERGE, yaml("{metadata: {finalizers: [contract.test/f]}}"), OPTIONS);
        cluster().delete(ref("a"), DeleteOptions.defaults());

        assertThat(cluster().get(ref("a")).orElseThrow().object("metadata").has("deletionTimestamp"))
                .isTrue();
        cluster().patch(ref("a"), PatchType.MERGE, yaml("{metadata: {finalizers: null}}"), OPTIONS);
        assertThat(cluster().get(ref("a"))).isEmpty();
    }

    @Test
    void list_selectsByLabelAndPages() {
        for (String name : List.of("c-a", "c-b", "c-c")) {
            cluster().create(configMap(name, "1"), OPTIONS);
        }
        cluster().patch(ref("c-b"), PatchType.MERGE, yaml("{metadata: {labels: {pick: 'me'}}}"), OPTIONS);
        ListQuery query = ListQuery.of(CONFIG_MAP).in(namespace());

        assertThat(names(cluster().list(query.labels("pick in (me)")).items())).containsExactly("c-b");
        assertThat(names(cluster().list(query.fields("metadata.name=c-c")).items()))
                .containsExactly("c-c");
        ListPage first = cluster().list(query.page(2, ""));
        ListPage rest = cluster().list(query.page(500, first.continueToken()));
        List<String> all = new ArrayList<>(names(first.items()));
        all.addAll(names(rest.items()));
        assertThat(first.items()).hasSize(2);
        assertThat(all).contains("c-a", "c-b", "c-c").isSorted();
        assertThat(first.items().get(0).text("kind")).isEqualTo("ConfigMap");
    }

    @Test
    void watch_showsEveryChangeInOrder() throws InterruptedException {
        cluster().create(configMap("a", "1"), OPTIONS);
        String version =
                cluster().list(ListQuery.of(CONFIG_MAP).in(namespace())).resourceVersion();
        try (Watch watch =
                cluster().watch(ListQuery.of(CONFIG_MAP).in(namespace()).after(version))) {
            Semaphore news = new Semaphore(0);
            watch.onAvailable(news::release);
            cluster().create(configMap("b", "1"), OPTIONS);
            cluster().patch(ref("a"), PatchType.MERGE, data("2"), OPTIONS);
            cluster().delete(ref("a"), DeleteOptions.defaults());

            assertThat(events(watch, news, 3)).containsExactly("ADDED b", "MODIFIED a", "DELETED a");
        }
    }

    @Test
    void metadataAlone_isListedInPages_andWatched() throws InterruptedException {
        for (String name : List.of("a", "b", "c")) {
            cluster().create(configMap(name, "1"), OPTIONS);
        }
        ListQuery query = ListQuery.of(CONFIG_MAP).in(namespace());
        ListPage page = cluster()
                .listMetadata(query.fields("metadata.name!=kube-root-ca.crt").page(2, ""));
        assertThat(page.items()).hasSize(2);
        assertThat(page.continueToken()).isNotEmpty();
        JsonObject first = page.items().get(0);
        JsonObject whole = cluster().get(ref("a")).orElseThrow();
        assertThat(first.keys()).containsExactly("apiVersion", "kind", "metadata");
        assertThat(first.text("apiVersion") + " " + first.text("kind")).isEqualTo("v1 ConfigMap");
        assertThat(first.object("metadata")).isEqualTo(whole.object("metadata"));

        String version = cluster().listMetadata(query.page(1, "")).resourceVersion();
        try (Watch watch = cluster().watchMetadata(query.after(version))) {
            Semaphore news = new Semaphore(0);
            watch.onAvailable(news::release);
            cluster().patch(ref("a"), PatchType.MERGE, data("2"), OPTIONS);
            cluster().delete(ref("b"), DeleteOptions.defaults());
            List<WatchEvent> events = raw(watch, news, 2);
            assertThat(events)
                    .extracting(WatchEvent::type)
                    .containsExactly(WatchEvent.Type.MODIFIED, WatchEvent.Type.DELETED);
            assertThat(events)
                    .allSatisfy(event ->
                            assertThat(event.object().keys()).containsExactly("apiVersion", "kind", "metadata"));
            assertThat(ObjectRef.of(events.get(1).object())).isEqualTo(ref("b"));
        }
    }

    @Test
    void theScale_isASubresource() {
        cluster().create(deployment(), OPTIONS);
        ObjectRef ref = ObjectRef.of(DEPLOYMENT, namespace(), "web");
        JsonObject scale = cluster().patch(ref.sub("scale"), PatchType.MERGE, yaml("{spec: {replicas: 3}}"), OPTIONS);

        assertThat(scale.text("kind")).isEqualTo("Scale");
        assertThat(cluster().get(ref).orElseThrow().find("spec", "replicas")).isEqualTo(Json.of(3));
        assertThat(cluster().get(ref.sub("scale")).orElseThrow().find("spec", "replicas"))
                .isEqualTo(Json.of(3));
    }

    @Test
    void schemas_ofBuiltInKinds_areWhole() {
        JsonObject spec = cluster()
                .schema(DEPLOYMENT)
                .orElseThrow()
                .object("properties")
                .object("spec")
                .object("properties");
        assertThat(spec.object("replicas").text("type")).isEqualTo("integer");
        JsonObject containers = spec.object("template")
                .object("properties")
                .object("spec")
                .object("properties")
                .object("containers");
        assertThat(containers.text("x-kubernetes-list-type")).isEqualTo("map");
        assertThat(containers.array("x-kubernetes-list-map-keys").toJson()).isEqualTo("[\"name\"]");
        assertThat(containers
                        .object("items")
                        .object("properties")
                        .object("image")
                        .text("type"))
                .isEqualTo("string");
        assertThat(cluster().schema(new Gvk("nowhere.example.com", "v1", "Nothing")))
                .isEmpty();
    }

    @Test
    void discovery_knowsTheUsualKinds() {
        ApiResource deployments = cluster().resource(DEPLOYMENT).orElseThrow();

        assertThat(deployments.plural()).isEqualTo("deployments");
        assertThat(deployments.namespaced()).isTrue();
        assertThat(deployments.verbs()).contains("list", "watch", "patch");
        assertThat(cluster().resource(new Gvk("none.test", "v1", "None"))).isEmpty();
        assertThat(cluster().version()).startsWith("v1.");
    }

    private static List<String> events(Watch watch, Semaphore news, int count) throws InterruptedException {
        List<String> events = new ArrayList<>();
        for (WatchEvent event : raw(watch, news, count)) {
            events.add(event.type() + " " + event.object().object("metadata").text("name", ""));
        }
        return events;
    }

    private static List<WatchEvent> raw(Watch watch, Semaphore news, int count) throws InterruptedException {
        List<WatchEvent> events = new ArrayList<>();
        while (events.size() < count) {
            Optional<WatchEvent> event = watch.poll();
            if (event.isPresent()) {
                WatchEvent.Type type = event.get().type();
                String name = event.get().object().object("metadata").text("name", "");
                if (type != WatchEvent.Type.BOOKMARK && !name.equals("kube-root-ca.crt")) {
                    events.add(event.get());
                }
            } else if (!news.tryAcquire(10, TimeUnit.SECONDS)) {
                break;
            }
        }
        return events;
    }

    private static ApiException refused(Runnable call, int code, String reason) {
        ApiException[] caught = new ApiException[1];
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.status().reason()).isEqualTo(reason))
                .satisfies(e -> caught[0] = e);
        return caught[0];
    }

    private static String version(JsonObject object) {
        return object.object("metadata").text("resourceVersion", "");
    }

    private static List<String> names(List<JsonObject> items) {
        return items.stream()
                .map(item -> item.object("metadata").text("name", ""))
                .toList();
    }

    private ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, namespace(), name);
    }

    private JsonObject configMap(String name, String value) {
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", name)
                                .put("namespace", namespace())
                                .build())
                .put("data", dataOf(value))
                .build();
    }

    private static JsonObject dataOf(String value) {
        return JsonObject.of("k", Json.of(value));
    }

    private static JsonObject data(String value) {
        return JsonObject.of("data", dataOf(value));
    }

    private JsonObject deployment() {
        return yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: NAMESPACE}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: 'web:1'}]}
                """.replace("NAMESPACE", namespace()));
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("contract", text).orThrow();
    }
}
