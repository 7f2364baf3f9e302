package io.gitops4j.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KubernetesSchemaTest {
    private static final KubernetesSchema SCHEMA = KubernetesSchema.v1_36();

    private static JsonObject json(String text) {
        Json value = JsonReader.parse(text).orThrow();
        return (JsonObject) value;
    }

    private static SchemaType type(String name) {
        return Objects.requireNonNull(SCHEMA.type("io.k8s.api." + name));
    }

    @Test
    void list_keys_of_ports_have_their_default() {
        MapSchema container = Objects.requireNonNull(type("core.v1.Container").map());
        ListSchema ports = Objects.requireNonNull(
                Objects.requireNonNull(container.field("ports")).type().list());
        assertThat(ports.keys()).containsExactly("containerPort", "protocol");
        assertThat(ports.keyDefault("protocol")).isEqualTo(Json.of("TCP"));
        assertThat(Objects.requireNonNull(container.field("ports")).strategy().mergeKey())
                .isEqualTo("containerPort");
    }

    @Test
    void selector_is_atomic_and_strategy_retains_keys() {
        MapSchema spec = Objects.requireNonNull(type("apps.v1.DeploymentSpec").map());
        assertThat(Objects.requireNonNull(spec.typeOf("selector")).map())
                .satisfies(
                        map -> assertThat(Objects.requireNonNull(map).atomic()).isTrue());
        assertThat(Objects.requireNonNull(spec.field("strategy")).strategy().has("retainKeys"))
                .isTrue();
    }

    @Test
    void zero_value_holds_the_structs_that_are_always_written() {
        assertThat(SCHEMA.zeroValue("apps/v1", "Deployment").object("spec").object("template"))
                .isEqualTo(json("""
                        {"metadata": {}, "spec": {"containers": null}}"""));
    }

    @Test
    void kinds_of_older_servers_are_found_but_not_listed() {
        assertThat(SCHEMA.kind("extensions/v1beta1", "Ingress")).isNotNull();
        assertThat(SCHEMA.kinds()).contains("apps/v1 Deployment").doesNotContain("extensions/v1beta1 Ingress");
    }

    @Test
    void custom_resource_schema_is_read_with_its_markers() {
        SchemaType type = OpenApiSchema.customResource(json("""
                {"type": "object", "properties": {"spec": {"type": "object", "properties": {
                  "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                  "rules": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
                            "items": {"type": "object", "properties": {"id": {"type": "integer", "default": 1}}}},
                  "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}"""));
        MapSchema spec = Objects.requireNonNull(
                Objects.requireNonNull(Objects.requireNonNull(type.map()).typeOf("spec"))
                        .map());
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(spec.typeOf("tags")).list())
                        .relation())
                .isEqualTo(ListSchema.Relation.SET);
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(spec.typeOf("rules")).list())
                        .keyDefault("id"))
                .isEqualTo(Json.of(1));
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(spec.typeOf("free")).map())
                        .typeOf("any"))
                .isEqualTo(SchemaType.deduced());
        assertThat(spec.typeOf("nope")).isNull();
        assertThat(Objects.requireNonNull(type.map()).typeOf("metadata")).isNotNull();
    }

    @Test
    void unknown_type_in_a_schema_is_a_problem() {
        assertThat(StructuredMergeSchema.of(json("""
                        {"types": [{"name": "a", "map": {"fields": [{"name": "x", "type": {"namedType": "nope"}}]}}]}""")).problems())
                .extracting("code")
                .containsExactly("SCHEMA_UNKNOWN_TYPE");
    }

    @Test
    void defaults_are_added_and_nothing_else_changes() {
        JsonObject deployment = json("""
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "w"}, "spec": {"replicas": 0,
                 "template": {"spec": {"containers": [{"name": "c", "image": "nginx:1", "ports": [{"containerPort": 80}]}]}}}}""");
        JsonObject out = KubernetesDefaults.v1_36().apply(deployment);
        assertThat(out.object("spec").get("replicas")).isEqualTo(Json.of(0));
        assertThat(out.find("spec", "strategy", "rollingUpdate", "maxSurge")).isEqualTo(Json.of("25%"));
        assertThat(out.find("spec", "template", "spec", "containers", "0", "imagePullPolicy"))
                .isEqualTo(Json.of("IfNotPresent"));
        assertThat(out.find("spec", "template", "spec", "containers", "0", "ports", "0", "protocol"))
                .isEqualTo(Json.of("TCP"));
        assertThat(KubernetesDefaults.v1_36().apply(out)).isEqualTo(out);
    }

    @Test
    void service_gets_its_defaults_by_type() {
        JsonObject out = KubernetesDefaults.v1_36().apply(json("""
                        {"apiVersion": "v1", "kind": "Service", "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}"""));
        assertThat(out.object("spec")).isEqualTo(json("""
                        {"type": "LoadBalancer", "sessionAffinity": "None", "externalTrafficPolicy": "Cluster",
                         "internalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": true,
                         "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]}"""));
    }

    @Test
    void round_trip_writes_values_as_the_type_does() {
        assertThat(GoRoundTrip.json(type("core.v1.PodSpec"), json("""
                                        {"hostNetwork": false, "terminationGracePeriodSeconds": 30.0, "nodeSelector": {},
                                         "containers": [{"name": "c", "nope": 1, "resources": {"limits": {"cpu": "1000m"}}}]}""")).orThrow())
                .isEqualTo(json("""
                        {"terminationGracePeriodSeconds": 30,
                         "containers": [{"name": "c", "resources": {"limits": {"cpu": "1"}}}]}"""));
        assertThat(GoRoundTrip.strict(type("core.v1.PodSpec"), json("""
                        {"nope": 1}""")).problems())
                .extracting("code")
                .containsExactly("TYPE_MISMATCH");
    }
}
