package io.gitops4j.diff.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.OpenApiSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");
    private static final ServerSideApply CONFIG_MAPS = ServerSideApply.builtIn(KubernetesSchema.v1_36(), "ConfigMap");

    private static JsonObject json(String text) {
        Json value = JsonReader.parse(text).orThrow();
        return (JsonObject) value;
    }

    private static JsonObject configMap(String data) {
        return json("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"c\"}, \"data\": "
                + data + "}");
    }

    private static JsonObject applied(ApplyResult result) {
        assertThat(result).isInstanceOf(ApplyResult.Applied.class);
        return ((ApplyResult.Applied) result).object();
    }

    private static JsonObject apply(JsonObject live, String data, String manager) {
        return applied(CONFIG_MAPS.apply(live, configMap(data), ApplyRequest.of(manager, NOW)));
    }

    private static JsonObject created(String data, String manager) {
        return applied(CONFIG_MAPS.apply(null, configMap(data), ApplyRequest.of(manager, NOW)));
    }

    @Test
    void applier_owns_what_it_applies() {
        JsonObject live = created("{\"a\": \"1\"}", "m1");
        assertThat(live.object("metadata").array("managedFields").get(0)).isEqualTo(json("""
                        {"manager": "m1", "operation": "Apply", "apiVersion": "v1", "time": "2024-01-01T00:00:00Z",
                         "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:a": {}}}}"""));
    }

    @Test
    void field_dropped_by_its_only_owner_goes_and_a_shared_one_stays() {
        JsonObject live = created("{\"a\": \"1\", \"b\": \"2\"}", "m1");
        live = apply(live, "{\"b\": \"2\"}", "m2");
        live = apply(live, "{\"c\": \"3\"}", "m1");
        assertThat(live.object("data")).isEqualTo(json("{\"b\": \"2\", \"c\": \"3\"}"));
    }

    @Test
    void other_value_of_an_owned_field_is_a_conflict() {
        JsonObject live = created("{\"a\": \"1\"}", "m1");
        ApplyResult result = CONFIG_MAPS.apply(live, configMap("{\"a\": \"2\"}"), ApplyRequest.of("m2", NOW));
        assertThat(result).isInstanceOf(ApplyResult.Conflicted.class);
        assertThat(((ApplyResult.Conflicted) result).status().message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"m1\": .data.a");
        JsonObject forced = applied(CONFIG_MAPS.apply(
                live, configMap("{\"a\": \"2\"}"), ApplyRequest.of("m2", NOW).forced()));
        assertThat(forced.object("data")).isEqualTo(json("{\"a\": \"2\"}"));
        assertThat(ManagedFields.of(forced).owners().keySet())
                .extracting(FieldManager::name)
                .containsExactly("m2");
    }

    @Test
    void conflict_with_an_updater_names_its_version() {
        JsonObject live = created("{\"a\": \"1\"}", "m1");
        live = applied(
                CONFIG_MAPS.update(live, live.with("data", json("{\"a\": \"9\"}")), ApplyRequest.of("editor", NOW)));
        ApplyResult result = CONFIG_MAPS.apply(live, configMap("{\"a\": \"1\"}"), ApplyRequest.of("m1", NOW));
        assertThat(((ApplyResult.Conflicted) result).status().message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.a");
    }

    @Test
    void apply_that_changes_nothing_is_no_change() {
        JsonObject live = created("{\"a\": \"1\"}", "m1");
        ApplyResult again =
                CONFIG_MAPS.apply(live, configMap("{\"a\": \"1\"}"), ApplyRequest.of("m1", NOW.plusSeconds(60)));
        assertThat(((ApplyResult.Applied) again).changed()).isFalse();
        assertThat(applied(again)).isEqualTo(live);
    }

    @Test
    void unknown_field_and_managed_fields_in_the_body_are_refused() {
        ApplyResult unknown =
                CONFIG_MAPS.apply(null, configMap("{}").with("nope", Json.of(1)), ApplyRequest.of("m", NOW));
        assertThat(((ApplyResult.Refused) unknown).status().code()).isEqualTo(500);
        assertThat(((ApplyResult.Refused) unknown).status().message()).contains("field not declared in schema");
        ApplyResult managed = CONFIG_MAPS.apply(null, created("{\"a\": \"1\"}", "m1"), ApplyRequest.of("m", NOW));
        assertThat(((ApplyResult.Refused) managed).status().message()).isEqualTo("metadata.managedFields must be nil");
    }

    @Test
    void first_apply_finds_the_fields_of_before() {
        JsonObject live = applied(CONFIG_MAPS.apply(
                configMap("{\"old\": \"1\"}"), configMap("{\"a\": \"1\"}"), ApplyRequest.of("m", NOW)));
        assertThat(ManagedFields.of(live).owners().keySet())
                .extracting(FieldManager::name)
                .containsExactly("m", "before-first-apply");
    }

    @Test
    void eleventh_updater_makes_the_oldest_ancient() {
        JsonObject live = applied(CONFIG_MAPS.update(null, configMap("{\"k0\": \"v\"}"), ApplyRequest.of("u00", NOW)));
        for (int i = 1; i <= 10; i++) {
            JsonObject next = live.with("data", live.object("data").with("k" + i, "v"));
            live = applied(
                    CONFIG_MAPS.update(live, next, ApplyRequest.of("u" + (i < 10 ? "0" : "") + i, NOW.plusSeconds(i))));
        }
        assertThat(ManagedFields.of(live).owners().keySet())
                .extracting(FieldManager::name)
                .hasSize(10)
                .contains("ancient-changes")
                .doesNotContain("u00", "u01");
    }

    @Test
    void removed_managed_fields_stay_away_until_the_next_apply() {
        JsonObject live = created("{\"a\": \"1\"}", "m1");
        JsonObject reset = live.with(
                "metadata",
                live.object("metadata")
                        .with("managedFields", json("{\"x\": []}").array("x")));
        JsonObject after = applied(CONFIG_MAPS.update(live, reset, ApplyRequest.of("editor", NOW)));
        assertThat(after.object("metadata").has("managedFields")).isFalse();
    }

    @Test
    void status_is_owned_through_its_endpoint_only() {
        ServerSideApply main = ServerSideApply.of(OpenApiSchema.customResource(null))
                .withResetFields(Map.of("e/v1", FieldSet.ofFields("status")));
        JsonObject live = applied(main.update(null, json("""
                {"apiVersion": "e/v1", "kind": "W", "metadata": {"name": "w"}, "spec": {"a": 1}, "status": {"b": 2}}"""), ApplyRequest.of("u", NOW)));
        assertThat(ManagedFields.of(live).toJson().toString())
                .contains("f:spec")
                .doesNotContain("f:status");
    }

    @Test
    void migration_unites_entries_under_the_new_manager() {
        JsonObject live = applied(CONFIG_MAPS.update(
                null, configMap("{\"a\": \"1\"}"), ApplyRequest.of("kubectl-client-side-apply", NOW)));
        JsonObject after = ClientSideMigration.migrate(live, List.of("kubectl-client-side-apply"), "kubectl", "");
        assertThat(ManagedFields.of(after).owners().keySet()).containsExactly(FieldManager.apply("kubectl", ""));
        assertThat(ClientSideMigration.patch(after, List.of("kubectl-client-side-apply"), "kubectl", ""))
                .isNull();
        assertThat(ClientSideMigration.patch(live, List.of("kubectl-client-side-apply"), "kubectl", ""))
                .hasSize(2);
    }

    @Test
    void fields_v1_survives_a_round_trip() {
        JsonObject wire = json("""
                {"f:spec": {".": {}, "f:ports": {"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}": {".": {}, "f:name": {}}}},
                 "f:set": {"v:\\"a\\"": {}}, "f:list": {"i:0": {}}}""");
        FieldSet set = FieldSet.fromFieldsV1(wire);
        assertThat(set.toFieldsV1()).isEqualTo(wire);
        assertThat(set.union(set)).isSameAs(set);
        assertThat(set.difference(set).isEmpty()).isTrue();
        assertThat(set.intersection(FieldSet.ofFields("spec"))).isEqualTo(FieldSet.ofFields("spec"));
        assertThat(set.recursiveDifference(FieldSet.ofFields("spec")).below(PathElement.field("spec")))
                .isEqualTo(FieldSet.empty());
        assertThat(set.paths()).hasSize(5);
    }

    @Test
    void lists_keep_both_orders_as_far_as_they_agree() {
        var type = OpenApiSchema.customResource(json("""
                {"type": "object", "properties": {"l": {"type": "array", "x-kubernetes-list-type": "set",
                 "items": {"type": "string"}}}}"""));
        TypedValue live = new TypedValue(type, json("{\"l\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"c\"]}"));
        assertThat(live.merge(json("{\"l\": [\"1\", \"b\", \"2\", \"e\", \"d\"]}"))
                        .orThrow())
                .isEqualTo(json("{\"l\": [\"a\", \"1\", \"b\", \"c\", \"2\", \"e\", \"c\", \"d\"]}"));
        assertThat(TypedValue.checked(type, json("{\"l\": [\"a\", \"a\"]}"), false)
                        .ok())
                .isFalse();
    }
}
