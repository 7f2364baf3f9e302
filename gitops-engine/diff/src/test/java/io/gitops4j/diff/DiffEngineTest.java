package io.gitops4j.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiffEngineTest {
    private static final JsonObject TARGET = json("""
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "n"},
             "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
              "template": {"metadata": {"labels": {"app": "web"}},
               "spec": {"containers": [{"name": "main", "image": "r/web:1",
                 "resources": {"limits": {"cpu": "500m"}}, "env": [{"name": "A", "value": "1"}]}]}}}}""");

    private static JsonObject json(String text) {
        Json value = JsonReader.parse(text).orThrow();
        return (JsonObject) value;
    }

    /** The target as a server would store it. */
    private static JsonObject live() {
        JsonObject live = io.gitops4j.schema.KubernetesDefaults.v1_36().apply(TARGET);
        JsonObject metadata = live.object("metadata")
                .with("uid", "u")
                .with("creationTimestamp", "2024-01-01T00:00:00Z")
                .with("annotations", JsonObject.of(ClientSideApply.LAST_APPLIED, Json.of(GoJson.write(TARGET))));
        return live.with("metadata", metadata).with("status", JsonObject.of("replicas", Json.of(3)));
    }

    private static JsonObject with(JsonObject object, Json value, String... path) {
        return (JsonObject) object.with(io.gitops4j.json.JsonPointer.of(path), value);
    }

    private static DiffResult diff(JsonObject live) {
        return DiffEngine.plain().diff(TARGET, live).orThrow();
    }

    @Test
    void defaulted_object_is_in_sync() {
        DiffResult result = diff(live());
        assertThat(result.modified()).isFalse();
        assertThat(result.drifted()).isFalse();
        assertThat(result.unified()).isEmpty();
        assertThat(result.differences()).isEmpty();
        assertThat(result.normalizedLive()).isEqualTo(result.predictedLive());
    }

    @Test
    void quantity_of_equal_value_is_no_difference() {
        JsonObject live = with(
                live(), Json.of("0.5"), "spec", "template", "spec", "containers", "0", "resources", "limits", "cpu");
        assertThat(diff(live).modified()).isFalse();
    }

    @Test
    void change_is_told_with_path_values_and_outputs() {
        DiffResult result = diff(with(live(), Json.of(5), "spec", "replicas"));
        assertThat(result.differences())
                .containsExactly(new Difference(
                        ".spec.replicas",
                        Difference.Kind.CHANGE,
                        Json.of(5),
                        Json.of(3),
                        List.of(),
                        "the values differ",
                        null));
        assertThat(result.unified()).contains("-  replicas: 5\n+  replicas: 3\n");
        assertThat(result.patch().toJson().toString())
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]");
    }

    @Test
    void field_dropped_from_the_target_is_removed() {
        JsonObject before = with(TARGET, Json.of(5), "spec", "minReadySeconds");
        JsonObject live = live();
        live = with(live, Json.of(5), "spec", "minReadySeconds");
        live = with(live, Json.of(GoJson.write(before)), "metadata", "annotations", ClientSideApply.LAST_APPLIED);
        assertThat(diff(live).differences()).extracting(Difference::kind).containsExactly(Difference.Kind.REMOVE);
    }

    @Test
    void item_that_nobody_owns_is_an_extra() {
        JsonObject live = live();
        JsonArray env =
                (JsonArray) Objects.requireNonNull(live.find("spec", "template", "spec", "containers", "0", "env"));
        live = with(
                live,
                env.appended(json("{\"name\": \"DEBUG\", \"value\": \"1\"}")),
                "spec",
                "template",
                "spec",
                "containers",
                "0",
                "env");
        live = with(live, json("""
                {"x": [{"manager": "kubectl", "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
                 "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}""").array("x"), "metadata", "managedFields");
        DiffResult result = diff(live);
        assertThat(result.modified()).isFalse();
        assertThat(result.extras())
                .extracting(Difference::path)
                .containsExactly(".spec.template.spec.containers[name=\"main\"].env[name=\"DEBUG\"]");
        assertThat(result.drifted()).isTrue();
    }

    @Test
    void ignored_difference_is_reported_with_its_rule() {
        IgnoreRule rule = new IgnoreRule("apps", "Deployment", "", "", List.of("/spec/replicas"), List.of(), List.of());
        DiffEngine engine = DiffEngine.builder()
                .rules(IgnoreRules.compile(List.of(rule)).orThrow())
                .build();
        DiffResult result = engine.diff(TARGET, with(live(), Json.of(7), "spec", "replicas"))
                .orThrow();
        assertThat(result.modified()).isFalse();
        assertThat(result.ignored()).singleElement().satisfies(difference -> {
            assertThat(difference.path()).isEqualTo(".spec.replicas");
            assertThat(difference.rule()).isEqualTo(rule);
            assertThat(difference.live()).isEqualTo(Json.of(7));
        });
    }

    @Test
    void respected_ignored_field_keeps_the_live_value() {
        IgnoreRules rules = IgnoreRules.compile(
                        List.of(new IgnoreRule("apps", "*", "", "", List.of("/spec/replicas"), List.of(), List.of())))
                .orThrow();
        JsonObject live = with(live(), Json.of(7), "spec", "replicas");
        assertThat(rules.respect(TARGET, live, KubernetesSchema.v1_36().kind("apps/v1", "Deployment"))
                        .orThrow()
                        .find("spec", "replicas"))
                .isEqualTo(Json.of(7));
    }

    @Test
    void field_of_a_trusted_manager_is_ignored_where_it_differs() {
        JsonObject live = with(live(), Json.of(7), "spec", "replicas");
        live = with(live, json("""
                {"x": [{"manager": "hpa", "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
                 "fieldsV1": {"f:spec": {"f:replicas": {}}}}]}""").array("x"), "metadata", "managedFields");
        DiffEngine engine = DiffEngine.builder()
                .rules(IgnoreRules.compile(List.of(
                                new IgnoreRule("apps", "Deployment", "", "", List.of(), List.of(), List.of("hpa"))))
                        .orThrow())
                .build();
        DiffResult result = engine.diff(TARGET, live).orThrow();
        assertThat(result.modified()).isFalse();
        assertThat(result.ignored()).extracting(Difference::owners).containsExactly(List.of("hpa"));
    }

    @Test
    void structured_merge_removes_what_its_manager_gave_up() {
        JsonObject live = with(live(), Json.of(5), "spec", "minReadySeconds");
        live = with(live, json("""
                {"x": [{"manager": "argocd-controller", "operation": "Apply", "apiVersion": "apps/v1",
                 "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:minReadySeconds": {}, "f:replicas": {}}}}]}""").array("x"), "metadata", "managedFields");
        DiffEngine engine = DiffEngine.builder()
                .options(DiffOptions.defaults().withStructuredMerge(true))
                .build();
        DiffResult result = engine.diff(TARGET, live).orThrow();
        assertThat(result.modified()).isTrue();
        assertThat(result.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.path()).isEqualTo(".spec.minReadySeconds");
            assertThat(difference.owners()).containsExactly("argocd-controller");
        });
    }

    @Test
    void custom_resource_lists_are_single_values() {
        JsonObject target = json("""
                {"apiVersion": "e/v1", "kind": "W", "metadata": {"name": "w"}, "spec": {"l": [{"a": 1}, {"a": 2}]}}""");
        JsonObject live = json("""
                {"apiVersion": "e/v1", "kind": "W", "metadata": {"name": "w", "uid": "u"}, "spec": {"l": [{"a": 1, "d": 0}, {"a": 2}], "x": 1}}""");
        assertThat(DiffEngine.plain().diff(target, live).orThrow().modified()).isFalse();
        assertThat(DiffEngine.plain()
                        .diff(target, with(live, Json.of(9), "spec", "l", "1", "a"))
                        .orThrow()
                        .modified())
                .isTrue();
    }

    @Test
    void missing_sides_are_told() {
        assertThat(DiffEngine.plain().diff(TARGET, null).orThrow().modified()).isTrue();
        assertThat(DiffEngine.plain().diff(null, live()).orThrow().modified()).isFalse();
        assertThat(DiffEngine.plain().diff(null, null).problems())
                .extracting("code")
                .containsExactly("DIFF_NOTHING");
    }

    @Test
    void secret_values_never_appear() {
        JsonObject target = json("""
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": "planted-secret"}}""");
        JsonObject live = json("""
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque", "data": {"k": "b2xkLXNlY3JldA=="}}""");
        DiffResult result = DiffEngine.plain().diff(target, live).orThrow();
        String all = result.unified() + result.patch() + result.differences() + result.toJson() + result;
        assertThat(result.modified()).isTrue();
        assertThat(all)
                .doesNotContain("planted-secret", "cGxhbnRlZC1zZWNyZXQ=", "b2xkLXNlY3JldA==")
                .contains("++++++++");
        SecretMask.Pair masked = SecretMask.mask(target, live, Set.of());
        assertThat(Objects.requireNonNull(masked.live()).find("data", "k")).isEqualTo(Json.of("++++++++++++"));
    }

    @Test
    void known_types_are_rewritten() {
        KnownTypes types = new KnownTypes(List.of(
                new KnownTypes.Field("e/W", "spec.cpu", "core/Quantity"),
                new KnownTypes.Field("e/W", "spec.every", "meta/v1/Duration")));
        assertThat(types.normalize(json("""
                        {"apiVersion": "e/v1", "kind": "W", "spec": {"cpu": "0.5", "every": "90s"}}""")).orThrow().object("spec"))
                .isEqualTo(json("{\"cpu\": \"500m\", \"every\": \"1m30s\"}"));
        assertThat(types.normalize(json("""
                        {"apiVersion": "e/v1", "kind": "W", "spec": {"every": "1d"}}""")).ok()).isFalse();
    }

    @Test
    void diff_is_the_same_whatever_the_order_of_keys() {
        JsonObject live = with(live(), Json.of(5), "spec", "replicas");
        assertThat(DiffEngine.plain()
                        .diff(TARGET.sorted(), live.sorted())
                        .orThrow()
                        .unified())
                .isEqualTo(diff(live).unified());
    }

    @Test
    void first_apply_creates_and_an_unchanged_manifest_sends_nothing() {
        ClientSideApply.Request create = ClientSideApply.plan(
                        TARGET, null, KubernetesSchema.v1_36().kind("apps/v1", "Deployment"))
                .orThrow();
        assertThat(create.action()).isEqualTo(ClientSideApply.Action.CREATE);
        assertThat(ClientSideApply.plan(
                                TARGET, create.body(), KubernetesSchema.v1_36().kind("apps/v1", "Deployment"))
                        .orThrow()
                        .action())
                .isEqualTo(ClientSideApply.Action.NONE);
    }

    @Test
    void ofAList_oneEntryIsIgnoredByItsKey_andTheOthersAreNot() {
        JsonObject target = containers("a:1", "b:1");
        DiffEngine engine = DiffEngine.builder()
                .rules(IgnoreRules.compile(List.of(new IgnoreRule(
                                "apps",
                                "Deployment",
                                "",
                                "",
                                List.of(),
                                List.of(".spec.template.spec.containers[] | select(.name == \"b\") | .image"),
                                List.of())))
                        .orThrow())
                .build();

        assertThat(engine.diff(target, containers("a:1", "b:2")).orThrow().modified())
                .isFalse();
        assertThat(engine.diff(target, containers("a:2", "b:1")).orThrow().modified())
                .isTrue();
    }

    private static JsonObject containers(String a, String b) {
        return (JsonObject) io.gitops4j.codec.YamlReader.kubectl()
                .read("d", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: d}
                        spec:
                          template: {spec: {containers: [{name: a, image: '%s'}, {name: b, image: '%s'}]}}
                        """.formatted(a, b))
                .orThrow();
    }

    @Test
    void normaliserOfAUser_isAppliedToBothSides() {
        JsonObject target = with(TARGET, JsonObject.of("tier", Json.of("Gold")), "metadata", "labels");
        JsonObject live = with(live(), JsonObject.of("tier", Json.of("gold")), "metadata", "labels");
        DiffEngine plain = DiffEngine.plain();
        DiffEngine own = DiffEngine.builder()
                .normalizer(object -> {
                    JsonObject metadata = object.object("metadata");
                    JsonObject labels = metadata.object("labels");
                    String tier = labels.text("tier", "").toLowerCase(java.util.Locale.ROOT);
                    return object.with("metadata", metadata.with("labels", labels.with("tier", tier)));
                })
                .build();

        assertThat(plain.diff(target, live).orThrow().modified()).isTrue();
        assertThat(own.diff(target, live).orThrow().modified()).isFalse();
    }
}
