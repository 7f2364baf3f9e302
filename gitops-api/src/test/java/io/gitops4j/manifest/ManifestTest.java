package io.gitops4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonPointer;
import io.gitops4j.problem.Outcome;
import org.junit.jupiter.api.Test;

class ManifestTest {

    @Test
    void of_object_readsKeyAndOrigin() {
        Manifest manifest = Manifest.of(object("apps/v1", "Deployment", "web"), Origin.file("a.yaml", 2))
                .orThrow();
        assertThat(manifest).hasToString("apps/Deployment//web <- a.yaml#2");
        assertThat(manifest.gvk()).hasToString("apps/v1/Deployment");
        assertThat(manifest.key().inNamespace("x").namespace()).isEqualTo("x");
        assertThat(ResourceKey.parse("apps/Deployment//web")).isEqualTo(manifest.key());
    }

    @Test
    void of_incompleteObject_saysWhatIsMissing() {
        assertThat(code(Json.of("x"))).isEqualTo("MANIFEST_NOT_OBJECT");
        assertThat(code(JsonObject.empty())).isEqualTo("MANIFEST_NO_KIND");
        assertThat(code(JsonObject.of("kind", Json.of("A")))).isEqualTo("MANIFEST_NO_API_VERSION");
        assertThat(code(object("v1", "A", ""))).isEqualTo("MANIFEST_NO_NAME");
    }

    @Test
    void with_sameValue_isThis() {
        Manifest manifest = Manifest.trusted(object("v1", "A", "a"), Origin.memory());
        assertThat(manifest.with(JsonPointer.parse("/kind"), Json.of("A"))).isSameAs(manifest);
        assertThat(manifest.with(JsonPointer.parse("/kind"), Json.of("B")).kind())
                .isEqualTo("B");
    }

    private static String code(Json value) {
        Outcome<Manifest> outcome = Manifest.of(value, Origin.memory());
        return outcome.problems().get(0).code();
    }

    private static JsonObject object(String apiVersion, String kind, String name) {
        return JsonObject.builder()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("metadata", JsonObject.of("name", Json.of(name)))
                .build();
    }
}
