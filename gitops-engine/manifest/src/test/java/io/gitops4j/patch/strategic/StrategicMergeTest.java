package io.gitops4j.patch.strategic;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StrategicMergeTest {
    private static final SchemaType POD =
            Objects.requireNonNull(KubernetesSchema.v1_36().type("io.k8s.api.core.v1.PodSpec"));
    private static final SchemaType DEPLOYMENT =
            Objects.requireNonNull(KubernetesSchema.v1_36().type("io.k8s.api.apps.v1.DeploymentSpec"));

    private static JsonObject json(String text) {
        Json value = JsonReader.parse(text).orThrow();
        return (JsonObject) value;
    }

    private static JsonObject applied(String target, String patch) {
        return StrategicMerge.apply(json(target), json(patch), POD).orThrow();
    }

    @Test
    void list_is_merged_by_its_key() {
        assertThat(applied("""
                        {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:1"}]}""", """
                        {"containers": [{"name": "b", "image": "y:2"}]}""")).isEqualTo(json("""
                        {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y:2"}]}"""));
    }

    @Test
    void item_is_deleted_by_directive() {
        assertThat(applied("""
                        {"containers": [{"name": "a"}, {"name": "b"}]}""", """
                        {"containers": [{"name": "a", "$patch": "delete"}]}""")).isEqualTo(json("""
                        {"containers": [{"name": "b"}]}"""));
    }

    @Test
    void list_is_replaced_by_directive() {
        assertThat(applied("""
                        {"containers": [{"name": "a"}]}""", """
                        {"containers": [{"$patch": "replace"}, {"name": "z"}]}""")).isEqualTo(json("""
                        {"containers": [{"name": "z"}]}"""));
    }

    @Test
    void keys_that_are_not_retained_go() {
        JsonObject out = StrategicMerge.apply(json("""
                        {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}"""), json("""
                        {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}"""), DEPLOYMENT).orThrow();
        assertThat(out).isEqualTo(json("""
                {"strategy": {"type": "Recreate"}}"""));
    }

    @Test
    void order_directive_puts_what_only_the_server_has_before_what_followed_it() {
        assertThat(applied("""
                        {"containers": [{"name": "a"}, {"name": "sidecar"}, {"name": "b"}]}""", """
                        {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}""").array("containers").toString())
                .isEqualTo("[{\"name\":\"sidecar\"},{\"name\":\"b\"},{\"name\":\"a\"}]");
    }

    @Test
    void null_removes_and_nulls_of_new_maps_are_dropped() {
        assertThat(applied("""
                        {"hostname": "h"}""", """
                        {"hostname": null, "nodeSelector": {"a": null, "b": "c"}}""")).isEqualTo(json("""
                        {"nodeSelector": {"b": "c"}}"""));
    }

    @Test
    void three_way_deletes_what_was_applied_and_keeps_what_others_added() {
        JsonObject original = json("""
                {"containers": [{"name": "a", "image": "x:1"}, {"name": "old"}], "hostname": "h"}""");
        JsonObject modified = json("""
                {"containers": [{"name": "a", "image": "x:2"}]}""");
        JsonObject current = json("""
                {"containers": [{"name": "a", "image": "x:1"}, {"name": "old"}, {"name": "injected"}], "hostname": "h"}""");
        JsonObject patch =
                StrategicMerge.threeWay(original, modified, current, POD, true).orThrow();
        assertThat(StrategicMerge.apply(current, patch, POD).orThrow()).isEqualTo(json("""
                        {"containers": [{"name": "a", "image": "x:2"}, {"name": "injected"}]}"""));
    }

    @Test
    void two_way_patch_of_equal_objects_is_empty() {
        JsonObject spec = json("""
                {"containers": [{"name": "a", "env": [{"name": "A", "value": "1"}]}]}""");
        assertThat(StrategicMerge.twoWay(spec, spec, POD).orThrow().isEmpty()).isTrue();
    }

    @Test
    void conflict_is_told_when_live_was_changed_and_overwriting_is_not_allowed() {
        assertThat(StrategicMerge.threeWay(json("""
                                {"hostname": "a"}"""), json("""
                                {"hostname": "b"}"""), json("""
                                {"hostname": "c"}"""), POD, false)
                        .problems())
                .extracting("code")
                .containsExactly("PATCH_CONFLICT");
    }

    @Test
    void missing_merge_key_and_unknown_field_are_problems() {
        assertThat(StrategicMerge.apply(json("""
                                {"containers": [{"name": "a"}]}"""), json("""
                                {"containers": [{"image": "x"}]}"""), POD).problems())
                .extracting("code")
                .containsExactly("PATCH_NO_MERGE_KEY");
        assertThat(StrategicMerge.twoWay(json("""
                                {"nope": {"a": 1}}"""), json("""
                                {"nope": {"a": 2}}"""), POD).problems())
                .extracting("code")
                .containsExactly("PATCH_UNKNOWN_FIELD");
    }

    @Test
    void sorted_lists_make_order_irrelevant() {
        assertThat(StrategicMerge.sorted(json("""
                                {"containers": [{"name": "b"}, {"name": "a"}]}"""), POD).orThrow())
                .isEqualTo(StrategicMerge.sorted(json("""
                                {"containers": [{"name": "a"}, {"name": "b"}]}"""), POD).orThrow());
    }

    @Test
    void patch_that_is_applied_twice_changes_nothing_more() {
        JsonObject target = json("""
                {"containers": [{"name": "a", "ports": [{"containerPort": 80}]}]}""");
        JsonObject patch = json("""
                {"containers": [{"name": "a", "ports": [{"containerPort": 81}]}, {"name": "b"}]}""");
        JsonObject once = StrategicMerge.apply(target, patch, POD).orThrow();
        assertThat(StrategicMerge.apply(once, patch, POD).orThrow()).isEqualTo(once);
    }
}
