package io.gitops4j.secrets.sops;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sops.Sops.Encryption;
import io.gitops4j.source.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SopsKeyGroupsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String CLEAR = "a: CANARY-1\nb_enc: CANARY-2\nc_unencrypted: open\n";

    private final List<AgeIdentity> people =
            List.of(AgeIdentity.generate(RANDOM), AgeIdentity.generate(RANDOM), AgeIdentity.generate(RANDOM));

    /** A key service that only reverses the bytes. */
    private static final class Reversing implements SopsKeyProvider {
        @Override
        public List<String> types() {
            return List.of("kms");
        }

        @Override
        public Outcome<SecretValue> unwrap(String type, JsonObject entry) {
            return Outcome.of(SecretValue.of(reversed(Base64.getDecoder().decode(entry.text("enc", "")))));
        }

        @Override
        public Outcome<JsonObject> wrap(String type, JsonObject entry, SecretValue key) {
            return Outcome.of(entry.with("enc", Base64.getEncoder().encodeToString(reversed(key.reveal()))));
        }

        private static byte[] reversed(byte[] bytes) {
            byte[] out = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                out[i] = bytes[bytes.length - 1 - i];
            }
            return out;
        }
    }

    @Test
    void encrypt_threeGroupsOfWhomTwoAreNeeded_anyTwoOpenAndOneDoesNot() {
        List<KeyGroup> groups = people.stream()
                .map(person -> KeyGroup.ofAge(List.of(person.recipient())))
                .toList();
        String sealed = encrypt(new Encryption(groups, 2, CryptRule.defaults(), false, NOW, List.of()))
                .orThrow();
        assertThat(sealed)
                .contains("shamir_threshold: 2", "c_unencrypted: open")
                .doesNotContain("CANARY");
        for (int out = 0; out < 3; out++) {
            List<AgeIdentity> two = List.of(people.get((out + 1) % 3), people.get((out + 2) % 3));
            assertThat(open(sealed, two, List.of()).orThrow().revealUtf8()).isEqualTo(CLEAR);
            Outcome<SecretValue> one = open(sealed, List.of(people.get(out)), List.of());
            assertThat(one.problems()).extracting(Problem::code).containsExactly("NO_IDENTITY");
        }
        assertThat(Sops.encryptionOf("a.yaml", Bytes.utf8(sealed), NOW, Limits.defaults()))
                .isEqualTo(new Encryption(groups, 2, CryptRule.defaults(), false, NOW, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void encrypt_thresholdOutOfRange_isRefused(int threshold) {
        List<KeyGroup> groups = people.stream()
                .map(person -> KeyGroup.ofAge(List.of(person.recipient())))
                .toList();
        assertThat(encrypt(new Encryption(groups, threshold, CryptRule.defaults(), false, NOW, List.of()))
                        .problems())
                .extracting(Problem::code)
                .containsExactly("BAD_THRESHOLD");
    }

    @Test
    void encrypt_keyOfAService_opensThroughTheProviderAlone() {
        KeyGroup group = new KeyGroup(
                List.of(),
                List.of(new KeyGroup.Service(
                        "kms", JsonObject.builder().put("arn", "arn:x").build())));
        List<SopsKeyProvider> providers = List.of(new Reversing());
        String sealed = encrypt(new Encryption(List.of(group), 0, CryptRule.defaults(), true, NOW, providers))
                .orThrow();
        assertThat(open(sealed, List.of(), providers).orThrow().revealUtf8()).isEqualTo(CLEAR);
        assertThat(open(sealed, people, List.of()).problems().get(0).text()).contains("arn:x");
        assertThat(encrypt(new Encryption(List.of(group), 0, CryptRule.defaults(), true, NOW, List.of()))
                        .problems())
                .extracting(Problem::code)
                .containsExactly("UNSUPPORTED_RECIPIENT");
    }

    @ParameterizedTest
    @CsvSource({
        "encrypted_suffix, _enc, CANARY-1",
        "unencrypted_suffix, _enc, CANARY-2",
        "encrypted_regex, _e.c$, CANARY-1",
        "unencrypted_regex, ^b, CANARY-2"
    })
    void encrypt_everyRule_leavesOpenWhatItSays(String field, String text, String open) {
        Encryption how = new Encryption(List.of(people.get(0).recipient()), new CryptRule(field, text), false, NOW);
        String sealed = encrypt(how).orThrow();
        String hidden = open.equals("CANARY-1") ? "CANARY-2" : "CANARY-1";
        assertThat(sealed).contains(open, field + ": ").doesNotContain(hidden);
        assertThat(open(sealed, people, List.of()).orThrow().revealUtf8()).isEqualTo(CLEAR);
    }

    @Test
    void encrypt_ruleByComment_openingGoesByTheForm() {
        Encryption suffix = new Encryption(
                List.of(people.get(0).recipient()), new CryptRule("encrypted_suffix", "_enc"), false, NOW);
        String sealed =
                encrypt(suffix).orThrow().replace("encrypted_suffix: _enc", "encrypted_comment_regex: sops:enc");
        assertThat(open(sealed, people, List.of()).orThrow().revealUtf8()).isEqualTo(CLEAR);
        assertThat(open(sealed.replace("CANARY-1", "CANARY-9"), people, List.of())
                        .problems())
                .extracting(Problem::code)
                .containsExactly("MAC_MISMATCH");
    }

    @Test
    void rotate_givesAFreshKeyAndKeepsTheRule() {
        Encryption how = new Encryption(
                List.of(people.get(0).recipient()), new CryptRule("encrypted_suffix", "_enc"), true, NOW);
        String sealed = encrypt(how).orThrow();
        Encryption next =
                new Encryption(List.of(people.get(1).recipient()), CryptRule.defaults(), false, NOW.plusSeconds(60));
        String rotated = Sops.withIdentities(people)
                .rotate("a.yaml", Bytes.utf8(sealed), next, RANDOM)
                .orThrow();
        assertThat(rotated)
                .contains("encrypted_suffix: _enc", "mac_only_encrypted: true", "a: CANARY-1")
                .contains(people.get(1).recipient())
                .doesNotContain("CANARY-2", people.get(0).recipient());
        assertThat(open(rotated, List.of(people.get(1)), List.of()).orThrow().revealUtf8())
                .isEqualTo(CLEAR);
    }

    private static Outcome<String> encrypt(Encryption how) {
        return Sops.encrypt("a.yaml", SecretValue.utf8(CLEAR), how, RANDOM, Limits.defaults());
    }

    private static Outcome<SecretValue> open(
            String sealed, List<AgeIdentity> identities, List<SopsKeyProvider> providers) {
        return Sops.with(identities, providers, Sops.Mac.VERIFY, Limits.defaults())
                .decrypt("a.yaml", Bytes.utf8(sealed));
    }
}
