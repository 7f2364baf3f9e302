package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.DeleteOptions;
import io.gitops4j.cluster.ListPage;
import io.gitops4j.cluster.ListQuery;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WatchEvent;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeClusterTest {
    private static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");
    private static final WriteOptions OPTIONS = WriteOptions.defaults();

    private final FakeCluster cluster = FakeCluster.create();

    @Test
    void create_givesUidVersionAndTime_refusesASecondOne() {
        JsonObject created = cluster.create(configMap("a", "1"), OPTIONS);

        JsonObject metadata = created.object("metadata");
        assertThat(metadata.text("uid")).hasSize(36);
        assertThat(metadata.text("creationTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(Long.parseLong(metadata.text("resourceVersion", ""))).isPositive();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(configMap("a", "2"), OPTIONS))
                .withMessage("configmaps \"a\" already exists")
                .satisfies(e -> assertThat(e.status().reason()).isEqualTo("AlreadyExists"));
    }

    @Test
    void replace_withAStaleVersion_isAConflict() {
        JsonObject created = cluster.create(configMap("a", "1"), OPTIONS);
        JsonObject second = cluster.replace(ref("a"), withData(created, "2"), OPTIONS);

        assertThat(second.find("data", "k")).isEqualTo(Json.of("2"));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.replace(ref("a"), withData(created, "3"), OPTIONS))
                .withMessage(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
    }

    @Test
    void aWriteThatChangesNothing_keepsTheVersion_andIsNoChange() {
        JsonObject created = cluster.create(configMap("a", "1"), OPTIONS);
        cluster.journal().clear();

        JsonObject patched = cluster.patch(ref("a"), PatchType.MERGE, json("{'data':{'k':'1'}}"), OPTIONS);

        assertThat(patched.find("metadata", "resourceVersion")).isEqualTo(created.find("metadata", "resourceVersion"));
        assertThat(cluster.journal().writes()).hasSize(1);
        assertThat(cluster.journal().changes()).isEmpty();
    }

    @Test
    void aDryRun_answersAndStoresNothing() {
        JsonObject answer = cluster.create(configMap("a", "1"), OPTIONS.withDryRun(true));

        assertThat(answer.object("metadata").has("uid")).isTrue();
        assertThat(cluster.get(ref("a"))).isEmpty();
    }

    @Test
    void anUnknownKindOrNamespace_isNotFound() {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.list(ListQuery.of(new Gvk("x", "v1", "Nope"))))
                .withMessage("the server could not find the requested resource");
        JsonObject elsewhere =
                (JsonObject) json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'n'}}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(elsewhere, OPTIONS))
                .withMessage("namespaces \"n\" not found");
    }

    @Test
    void list_inPages_showsTheStateOfTheFirst_andExpires() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            cluster.create(configMap(name, "1"), OPTIONS);
        }
        ListQuery query = ListQuery.of(CONFIG_MAP).in("default");
        ListPage first = cluster.list(query.page(2, ""));
        cluster.delete(ref("c"), DeleteOptions.defaults());
        cluster.create(configMap("ca", "1"), OPTIONS);
        ListPage second = cluster.list(query.page(2, first.continueToken()));

        assertThat(names(first.items())).containsExactly("a", "b");
        assertThat(first.remaining()).isEqualTo(3);
        assertThat(names(second.items())).containsExactly("c", "d");
        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
        cluster.compact();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.list(query.page(2, second.continueToken())))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(410));
    }

    @Test
    void watch_showsThePresentThenEveryChange() {
        cluster.create(configMap("a", "1"), OPTIONS);
        Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).in("default"));
        List<String> woken = new ArrayList<>();
        watch.onAvailable(() -> woken.add("!"));
        cluster.create(configMap("b", "1"), OPTIONS);
        cluster.patch(ref("a"), PatchType.MERGE, json("{'data':{'k':'2'}}"), OPTIONS);
        cluster.delete(ref("a"), DeleteOptions.defaults());

        assertThat(drain(watch)).containsExactly("ADDED a", "ADDED b", "MODIFIED a", "DELETED a");
        assertThat(woken).hasSize(3);
    }

    @Test
    void watch_fromAVersion_startsAfterIt_tooOldIsExpired() {
        String version =
                cluster.create(configMap("a", "1"), OPTIONS).object("metadata").text("resourceVersion", "");
        cluster.create(configMap("b", "1"), OPTIONS);

        assertThat(drain(cluster.watch(ListQuery.of(CONFIG_MAP).after(version))))
                .containsExactly("ADDED b");
        cluster.compact();
        Watch old = cluster.watch(ListQuery.of(CONFIG_MAP).after(version));
        WatchEvent event = old.poll().orElseThrow();
        assertThat(event.type()).isEqualTo(WatchEvent.Type.ERROR);
        assertThat(event.object().text("reason")).isEqualTo("Expired");
        assertThat(old.ended()).isTrue();
    }

    @Test
    void watch_withALabelSelector_showsWhatBeginsAndCeasesToMatch() {
        Watch watch = cluster.watch(ListQuery.of(CONFIG_MAP).labels("app=shop"));
        cluster.create(configMap("a", "1"), OPTIONS);
        cluster.patch(ref("a"), PatchType.MERGE, json("{'metadata':{'labels':{'app':'shop'}}}"), OPTIONS);
        cluster.patch(ref("a"), PatchType.MERGE, json("{'metadata':{'labels':{'app':'x'}}}"), OPTIONS);

        assertThat(drain(watch)).containsExactly("ADDED a", "DELETED a");
    }

    @Test
    void aFinalizer_holdsADeletedObject_untilItIsRemoved() {
        cluster.create(configMap("a", "1"), OPTIONS);
        cluster.patch(ref("a"), PatchType.MERGE, json("{'metadata':{'finalizers':['x.test/f']}}"), OPTIONS);
        cluster.delete(ref("a"), DeleteOptions.defaults());

        assertThat(cluster.get(ref("a")).orElseThrow().find("metadata", "deletionTimestamp"))
                .isNotNull();
        cluster.patch(ref("a"), PatchType.MERGE, json("{'metadata':{'finalizers':null}}"), OPTIONS);
        assertThat(cluster.get(ref("a"))).isEmpty();
    }

    @Test
    void anInjectedFault_hitsAsOftenAsItSays_andIsInTheJournal() {
        cluster.inject(Fault.conflict().on("create").times(1));

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(configMap("a", "1"), OPTIONS))
                .satisfies(e -> assertThat(e.isConflict()).isTrue());
        cluster.create(configMap("a", "1"), OPTIONS);
        assertThat(cluster.journal().writes()).extracting(Call::code).containsExactly(409, 201);
    }

    @Test
    void aLostAnswer_hasBeenDone() {
        cluster.inject(Fault.lostAnswer().on("create").times(1));

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(configMap("a", "1"), OPTIONS))
                .satisfies(e -> assertThat(e.status().code()).isEqualTo(504));
        assertThat(cluster.get(ref("a"))).isPresent();
    }

    @Test
    void anAdmissionHook_deniesAndMutates() {
        cluster.admit(request -> request.object() != null && request.object().find("data", "bad") != null
                ? new AdmissionHook.Review(List.of("no bad data"), List.of(), Optional.empty())
                : AdmissionHook.Review.allowed());

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> cluster.create(
                        (JsonObject) json(
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'},'data':{'bad':'1'}}"),
                        OPTIONS))
                .withMessageContaining("no bad data");
    }

    private static List<String> drain(Watch watch) {
        List<String> events = new ArrayList<>();
        for (Optional<WatchEvent> event = watch.poll(); event.isPresent(); event = watch.poll()) {
            events.add(event.get().type() + " "
                    + event.get().object().object("metadata").text("name"));
        }
        return events;
    }

    private static List<String> names(List<JsonObject> items) {
        return items.stream()
                .map(item -> item.object("metadata").text("name", ""))
                .toList();
    }

    private static JsonObject withData(JsonObject object, String value) {
        return object.with("data", JsonObject.of("k", Json.of(value)));
    }

    private static JsonObject configMap(String name, String value) {
        return (JsonObject) json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'" + name
                + "'},'data':{'k':'" + value + "'}}");
    }

    private static ObjectRef ref(String name) {
        return ObjectRef.of(CONFIG_MAP, "default", name);
    }

    private static Json json(String text) {
        return JsonReader.parse(text.replace('\'', '"')).orThrow();
    }
}
