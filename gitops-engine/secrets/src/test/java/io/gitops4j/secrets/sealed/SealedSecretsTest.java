package io.gitops4j.secrets.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealedSecretsTest {
    private static final String CANARY = "CANARY-3b1f9c";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static SealingKey first;
    private static SealingKey second;

    private final SealedSecrets seals = SealedSecrets.plain();

    @BeforeAll
    static void generateKeys() {
        first = KeyGeneration.generate(2048, T0, Duration.ofDays(3650), RANDOM);
        second = KeyGeneration.generate(2048, T0.plus(Duration.ofDays(30)), Duration.ofDays(9000), RANDOM);
    }

    @ParameterizedTest
    @EnumSource(SealScope.class)
    void seal_everyScope_opensAgainAndKeepsTheTemplate(SealScope scope) {
        JsonObject sealed = seal(secret(CANARY), scope);
        assertThat(sealed.toJson()).doesNotContain(CANARY).doesNotContain(base64(CANARY));
        JsonObject opened = seals.unseal(sealed, keys(first)).orThrow().reveal();
        assertThat(opened.object("data").text("password")).isEqualTo(base64(CANARY));
        assertThat(opened.object("data").text("user")).isEqualTo(base64("admin"));
        assertThat(opened.text("type")).isEqualTo("Opaque");
        assertThat(opened.object("metadata").object("labels").text("team")).isEqualTo("payments");
        assertThat(opened.object("metadata").array("ownerReferences").size()).isEqualTo(1);
    }

    @Test
    void seal_serverFieldsAndLastApplied_areLeftOut() {
        JsonObject sealed = seal(secret(CANARY), SealScope.STRICT);
        JsonObject metadata = sealed.object("spec").object("template").object("metadata");
        assertThat(metadata.keys()).doesNotContain("uid", "resourceVersion", "managedFields");
        assertThat(metadata.object("annotations").keys()).containsExactly("note");
    }

    @Test
    void unseal_movedOrRenamed_opensOnlyAsFarAsTheScopeAllows() {
        assertThat(codes(seals.unseal(moved(seal(secret("x"), SealScope.STRICT), "other", "db"), keys(first))))
                .containsExactly("NO_KEY", "NO_KEY");
        assertThat(codes(seals.unseal(moved(seal(secret("x"), SealScope.STRICT), "app", "db2"), keys(first))))
                .containsExactly("NO_KEY", "NO_KEY");
        assertThat(seals.unseal(moved(seal(secret("x"), SealScope.NAMESPACE_WIDE), "app", "db2"), keys(first))
                        .ok())
                .isTrue();
        assertThat(codes(seals.unseal(moved(seal(secret("x"), SealScope.NAMESPACE_WIDE), "other", "db"), keys(first))))
                .contains("NO_KEY");
        assertThat(seals.unseal(moved(seal(secret("x"), SealScope.CLUSTER_WIDE), "other", "db2"), keys(first))
                        .ok())
                .isTrue();
    }

    @Test
    void unseal_anyBitFlipped_failsAndShowsNothing() {
        long seed = 20_261_125L;
        Random random = new Random(seed);
        JsonObject sealed = seal(secret(CANARY), SealScope.STRICT);
        byte[] value = Base64.getDecoder()
                .decode(sealed.object("spec").object("encryptedData").text("password", ""));
        for (int i = 0; i < 60; i++) {
            byte[] flipped = value.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            Outcome<SecretObject> opened = seals.unseal(
                    withItem(sealed, "password", Json.of(Base64.getEncoder().encodeToString(flipped))), keys(first));
            assertThat(opened.ok()).as("seed %d, round %d", seed, i).isFalse();
            assertThat(opened.toString()).doesNotContain(CANARY);
        }
    }

    @Test
    void unseal_oneItemBroken_givesNothingAndNamesTheItem() {
        JsonObject sealed = seal(secret(CANARY), SealScope.STRICT);
        for (Json broken : List.of(Json.of(5), Json.of("not base64!"), Json.of("AA=="), Json.of(""))) {
            Outcome<SecretObject> opened = seals.unseal(withItem(sealed, "user", broken), keys(first));
            assertThat(opened.problems()).singleElement().satisfies(p -> {
                assertThat(p.code()).isIn("BAD_ITEM", "BAD_BASE64", "TOO_SHORT");
                assertThat(p.text()).contains("user").doesNotContain(CANARY);
            });
        }
    }

    @Test
    void unseal_scopeWidenedInTheTemplate_isRefused() {
        JsonObject sealed = seal(secret("x"), SealScope.STRICT);
        JsonObject template = sealed.object("spec").object("template");
        JsonObject wide = sealed.with(
                "spec",
                sealed.object("spec")
                        .with(
                                "template",
                                template.with(
                                        "metadata",
                                        template.object("metadata")
                                                .with(
                                                        "annotations",
                                                        JsonObject.of(
                                                                SealScope.CLUSTER_WIDE.annotation(),
                                                                Json.of("true"))))));
        assertThat(codes(seals.unseal(wide, keys(first)))).containsExactly("SCOPE_MISMATCH");
    }

    @Test
    void reEncrypt_newestKey_oldKeyNoLongerNeeded() {
        JsonObject sealed = seal(secret(CANARY), SealScope.NAMESPACE_WIDE);
        SealingKeys both = keys(first, second);
        assertThat(both.newest().orElseThrow().fingerprint()).isEqualTo(second.fingerprint());
        JsonObject renewed =
                seals.reEncrypt(sealed, both, second.publicKey(), RANDOM).orThrow();
        assertThat(seals.unseal(renewed, keys(second)).orThrow())
                .isEqualTo(seals.unseal(sealed, keys(first)).orThrow());
        assertThat(seals.validate(renewed, keys(first))).isNotEmpty();
    }

    @Test
    void mergeInto_addsAndReplacesItems() {
        JsonObject sealed = seal(secret("old"), SealScope.STRICT);
        JsonObject more = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("stringData", JsonObject.of("password", Json.of("new"), "extra", Json.of("e")))
                .build();
        JsonObject merged = seals.mergeInto(sealed, SecretObject.of(more), first.publicKey(), RANDOM)
                .orThrow();
        JsonObject data = seals.unseal(merged, keys(first)).orThrow().reveal().object("data");
        assertThat(data.text("password")).isEqualTo(base64("new"));
        assertThat(data.text("extra")).isEqualTo(base64("e"));
        assertThat(data.text("user")).isEqualTo(base64("admin"));
    }

    @Test
    void sealRaw_likeOneItem() {
        String raw = seals.sealRaw(SecretValue.utf8("v"), first.publicKey(), SealScope.STRICT, "app", "db", RANDOM)
                .orThrow();
        JsonObject sealed = withItem(seal(secret("x"), SealScope.STRICT), "password", Json.of(raw));
        assertThat(seals.unseal(sealed, keys(first))
                        .orThrow()
                        .reveal()
                        .object("data")
                        .text("password"))
                .isEqualTo(base64("v"));
    }

    @Test
    void seal_wrongInput_isAProblem() {
        assertThat(codes(seals.seal(
                        SecretObject.of(JsonObject.of("kind", Json.of("ConfigMap"))),
                        first.publicKey(),
                        SealScope.STRICT,
                        RANDOM)))
                .containsExactly("NOT_A_SECRET");
        JsonObject homeless = secret("x").with("metadata", JsonObject.of("name", Json.of("db")));
        assertThat(codes(seals.seal(SecretObject.of(homeless), first.publicKey(), SealScope.STRICT, RANDOM)))
                .containsExactly("NO_NAMESPACE");
        JsonObject broken = secret("x").with("data", JsonObject.of("k", Json.of("%%%")));
        assertThat(codes(seals.seal(SecretObject.of(broken), first.publicKey(), SealScope.STRICT, RANDOM)))
                .containsExactly("BAD_BASE64");
    }

    @Test
    void generatedKey_asSecret_isReadBackWithAValidCertificate() throws Exception {
        JsonObject secret = first.toSecret("kube-system", "sealed-secrets-keyabc");
        assertThat(SealingKey.isActive(secret)).isTrue();
        SealingKey read = SealingKey.fromSecret(secret).orThrow();
        assertThat(read.fingerprint()).isEqualTo(first.fingerprint()).startsWith("SHA256:");
        assertThat(read.certificate().isValidAt(T0)).isTrue();
        assertThat(read.certificate().isValidAt(T0.minusSeconds(1))).isFalse();
        assertThat(SealingCertificate.parse(read.certificate().toPem())
                        .orThrow()
                        .fingerprint())
                .isEqualTo(first.fingerprint());
        assertThat(read.notBefore()).isEqualTo(T0);
        assertThat(second.certificate().notAfter()).isAfter(Instant.parse("2050-01-01T00:00:00Z"));
        assertThat(first.toString()).doesNotContain("PRIVATE");
    }

    @Test
    void keysFromList_badOnesAreReportedAndLeftOut() {
        JsonObject bad = first.toSecret("kube-system", "bad")
                .with("data", JsonObject.of("tls.crt", Json.of(base64("x")), "tls.key", Json.of(base64(CANARY))));
        JsonObject list = JsonObject.builder()
                .put("kind", "List")
                .put("items", JsonArray.of(bad, first.toSecret("kube-system", "good")))
                .build();
        SealingKeys keys = SealingKeys.fromObjects(List.of(list));
        assertThat(keys.keys()).hasSize(1);
        assertThat(keys.problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("BAD_KEY");
            assertThat(p.text()).contains("bad").doesNotContain(CANARY);
        });
        assertThatThrownBy(() -> KeyGeneration.generate(512, T0, Duration.ofDays(1), RANDOM))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unseal_templateWithoutEngine_isRefused() {
        JsonObject sealed = seal(secret("x"), SealScope.STRICT);
        JsonObject spec = sealed.object("spec");
        JsonObject templated = sealed.with(
                "spec",
                spec.with(
                        "template",
                        spec.object("template").with("data", JsonObject.of("url", Json.of("u={{ .user }}")))));
        assertThat(codes(seals.unseal(templated, keys(first)))).containsExactly("TEMPLATE_UNSUPPORTED");
        SealedSecrets upper = SealedSecrets.withTemplates((template, values) ->
                Outcome.of(SecretValue.utf8("u=" + values.get("user").revealUtf8())));
        assertThat(upper.unseal(templated, keys(first))
                        .orThrow()
                        .reveal()
                        .object("data")
                        .text("url"))
                .isEqualTo(base64("u=admin"));
    }

    private JsonObject seal(JsonObject secret, SealScope scope) {
        return seals.seal(SecretObject.of(secret), first.publicKey(), scope, RANDOM)
                .orThrow();
    }

    private static JsonObject secret(String password) {
        return JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("type", "Opaque")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", "db")
                                .put("namespace", "app")
                                .put("uid", "1")
                                .put("resourceVersion", "7")
                                .put("managedFields", JsonArray.empty())
                                .put("labels", JsonObject.of("team", Json.of("payments")))
                                .put(
                                        "annotations",
                                        JsonObject.of(
                                                "note",
                                                Json.of("n"),
                                                "kubectl.kubernetes.io/last-applied-configuration",
                                                Json.of("{\"stringData\":{\"password\":\"" + password + "\"}}")))
                                .build())
                .put("data", JsonObject.of("user", Json.of(base64("admin"))))
                .put("stringData", JsonObject.of("password", Json.of(password)))
                .build();
    }

    private static JsonObject moved(JsonObject sealed, String namespace, String name) {
        return sealed.with(
                "metadata",
                sealed.object("metadata").with("namespace", namespace).with("name", name));
    }

    private static JsonObject withItem(JsonObject sealed, String item, Json value) {
        JsonObject spec = sealed.object("spec");
        return sealed.with(
                "spec", spec.with("encryptedData", spec.object("encryptedData").with(item, value)));
    }

    private static SealingKeys keys(SealingKey... keys) {
        return SealingKeys.of(List.of(keys));
    }

    private static List<String> codes(Outcome<?> outcome) {
        return outcome.problems().stream().map(Problem::code).toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
