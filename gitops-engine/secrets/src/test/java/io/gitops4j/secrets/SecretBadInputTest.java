package io.gitops4j.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The bad inputs of the issue, each with its code and place and without a word of the content. */
class SecretBadInputTest {
    private static final String CANARY = "CANARY-a41f";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final SealingKey KEY = KeyGeneration.generate(2048, NOW, Duration.ofDays(9), RANDOM);
    private static final SealingKeys KEYS = SealingKeys.of(List.of(KEY));

    private final AgeIdentity alice = AgeIdentity.generate(RANDOM);
    private final JsonObject sealed = seal(SealScope.STRICT);
    private final String sops = encrypt("a: " + CANARY + "\n---\nb: second\n");

    @Test
    void sealed_wrongKey_isNoKey() {
        SealingKey other = KeyGeneration.generate(2048, NOW, Duration.ofDays(9), RANDOM);
        refused(SealedSecrets.plain().unseal(sealed, SealingKeys.of(List.of(other))), "NO_KEY", "encryptedData.k");
    }

    @Test
    void sealed_wrongScopeNameOrNamespace_isNoKey() {
        for (UnaryOperator<JsonObject> change : List.<UnaryOperator<JsonObject>>of(
                metadata -> metadata.with("name", "other"),
                metadata -> metadata.with("namespace", "other"),
                metadata -> metadata.with(
                        "annotations", JsonObject.of("sealedsecrets.bitnami.com/cluster-wide", Json.of("true"))),
                metadata -> metadata.with(
                        "annotations", JsonObject.of("sealedsecrets.bitnami.com/namespace-wide", Json.of("true"))))) {
            refused(
                    SealedSecrets.plain()
                            .unseal(sealed.with("metadata", change.apply(sealed.object("metadata"))), KEYS),
                    "NO_KEY",
                    "encryptedData.k");
        }
        JsonObject narrow = seal(SealScope.CLUSTER_WIDE);
        refused(
                SealedSecrets.plain().unseal(narrow.with("metadata", sealed.object("metadata")), KEYS),
                "SCOPE_MISMATCH",
                "");
    }

    @Test
    void sealed_anyFlippedBit_isNoKey() {
        byte[] value = Base64.getDecoder()
                .decode(sealed.object("spec").object("encryptedData").text("k", ""));
        for (int at = 2; at < value.length; at += 13) {
            byte[] changed = value.clone();
            changed[at] ^= (byte) (1 << (at % 8));
            refused(SealedSecrets.plain().unseal(withValue(changed), KEYS), "NO_KEY", "encryptedData.k");
        }
    }

    @Test
    void sealed_truncated_isTooShortOrNoKey() {
        byte[] value = Base64.getDecoder()
                .decode(sealed.object("spec").object("encryptedData").text("k", ""));
        for (int length : List.of(0, 1, 2, 100, 257)) {
            refused(
                    SealedSecrets.plain().unseal(withValue(java.util.Arrays.copyOf(value, length)), KEYS),
                    "TOO_SHORT",
                    "encryptedData.k");
        }
        for (int length : List.of(258, 260, value.length - 1)) {
            refused(
                    SealedSecrets.plain().unseal(withValue(java.util.Arrays.copyOf(value, length)), KEYS),
                    "NO_KEY",
                    "encryptedData.k");
        }
    }

    @Test
    void sops_macThatDoesNotMatch_andTwoDocumentsChanged_areRefused() {
        refused(open(sops.replace("---\nb:", "---\nc: x\nb:")), "BAD_VALUE_REDACTED", "c");
        String swapped = sops.replaceAll("(?m)^b: .*", "b: \"\"");
        refused(open(swapped), "MAC_MISMATCH", "changed after");
        String cut = sops.substring(0, sops.indexOf("---\nb:"));
        refused(open(cut), "MAC_MISMATCH", "changed after");
        assertThat(open(sops).orThrow().revealUtf8()).contains(CANARY, "second");
    }

    @Test
    void sops_unknownRecipient_namesRecipientsOnly() {
        Outcome<SecretValue> outcome =
                Sops.withIdentities(List.of(AgeIdentity.generate(RANDOM))).decrypt("s.yaml", Bytes.utf8(sops));
        refused(outcome, "NO_IDENTITY", alice.recipient());
    }

    @Test
    void sops_truncatedAnywhere_isATypedProblem() {
        for (int length = 1; length < sops.length(); length += 37) {
            Outcome<SecretValue> outcome = open(sops.substring(0, length));
            assertThat(outcome.ok()).as("length %d", length).isFalse();
            assertThat(outcome.problems().toString()).doesNotContain(CANARY);
        }
    }

    @Test
    void sops_fileOfHundredMegabytes_isRefusedBeforeItIsRead() {
        byte[] huge = new byte[100 << 20];
        byte[] start = "sops:\n  mac: ENC[\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        System.arraycopy(start, 0, huge, 0, start.length);
        Bytes file = Bytes.of(huge);
        Sops reader = Sops.withIdentities(List.of(alice));
        refused(reader.decrypt("big/s.yaml", file), "FILE_SIZE", "big/s.yaml");
        assertThat(reader.recognises("big/s.yaml", file)).isFalse();
        refused(
                Sops.encrypt(
                        "big/s.yaml",
                        SecretValue.of(huge),
                        new Sops.Encryption(List.of(alice.recipient()), CryptRule.defaults(), false, NOW),
                        RANDOM,
                        Limits.defaults()),
                "FILE_SIZE",
                "big/s.yaml");
    }

    @Test
    void sops_tooManyOrTooLargeEntries_areRefused() {
        String entry = "    - recipient: age1x\n      enc: x\n";
        String many = "a: b\nsops:\n  age:\n" + entry.repeat(10_000) + "  mac: ENC[x]\n";
        refused(open(many), "METADATA_LIMIT", "");
        String large = "a: b\nsops:\n  age:\n    - recipient: age1x\n      enc: " + "x".repeat(1 << 20) + "\n";
        refused(open(large), "METADATA_LIMIT", "");
    }

    @Test
    void sops_metadataKeysOfAnEnvFileWithoutAName_areRefused() {
        for (String broken : List.of("sops_=x\n", "sops_#a=x\n", "sops___list_0=x\n")) {
            Outcome<SecretValue> outcome =
                    Sops.withIdentities(List.of(alice)).decrypt("s.env", Bytes.utf8("A=b\nsops_mac=x\n" + broken));
            refused(outcome, "BAD_METADATA", "s.env");
        }
    }

    private static void refused(Outcome<?> outcome, String code, String place) {
        assertThat(outcome.ok()).isFalse();
        assertThat(outcome.problems()).extracting(Problem::code).contains(code);
        String shown = outcome.problems().get(0).display();
        assertThat(shown)
                .contains(place)
                .doesNotContain(
                        CANARY,
                        Base64.getEncoder().encodeToString(CANARY.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private JsonObject withValue(byte[] value) {
        return sealed.with(
                "spec",
                sealed.object("spec")
                        .with(
                                "encryptedData",
                                JsonObject.of("k", Json.of(Base64.getEncoder().encodeToString(value)))));
    }

    private static JsonObject seal(SealScope scope) {
        JsonObject secret = JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", "db")
                                .put("namespace", "shop")
                                .build())
                .put("stringData", JsonObject.of("k", Json.of(CANARY)))
                .build();
        return SealedSecrets.plain()
                .seal(SecretObject.of(secret), KEY.publicKey(), scope, RANDOM)
                .orThrow();
    }

    private String encrypt(String clear) {
        return Sops.encrypt(
                        "s.yaml",
                        SecretValue.utf8(clear),
                        new Sops.Encryption(List.of(alice.recipient()), CryptRule.defaults(), false, NOW),
                        RANDOM,
                        Limits.defaults())
                .orThrow();
    }

    private Outcome<SecretValue> open(String text) {
        return Sops.withIdentities(List.of(alice)).decrypt("s.yaml", Bytes.utf8(text));
    }
}
