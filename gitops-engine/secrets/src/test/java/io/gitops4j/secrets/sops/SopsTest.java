package io.gitops4j.secrets.sops;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sops.Sops.Encryption;
import io.gitops4j.source.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SopsTest {
    private static final String CANARY = "CANARY-77aa";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final CryptRule KUBERNETES = CryptRule.encryptedRegex("^(data|stringData)$");
    private static final String SECRET = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
            stringData:
              password: CANARY-77aa
              port: 5432
              ratio: 0.25
              tls: true
              empty: ''
              nothing: null
              list: [a, 1, {k: v}]
            """;

    private final AgeIdentity alice = AgeIdentity.generate(RANDOM);
    private final AgeIdentity bob = AgeIdentity.generate(RANDOM);

    @Test
    void encrypt_yaml_hidesTheValuesAndOpensToTheSameDocument() {
        String sealed = encrypt("secret.yaml", SECRET, KUBERNETES, false);
        assertThat(sealed)
                .contains("name: db", "ENC[AES256_GCM,data:", "lastmodified: \"2026-01-02T03:04:05Z\"")
                .doesNotContain(CANARY, "port: 5432");
        assertThat(yaml(open("secret.yaml", sealed, alice).orThrow().revealUtf8()))
                .isEqualTo(yaml(SECRET));
        assertThat(yaml(open("secret.yaml", sealed, bob).orThrow().revealUtf8()))
                .isEqualTo(yaml(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "b.env", "c.ini", "d.bin", "e.yaml"})
    void encrypt_everyStore_opensAgain(String name) {
        String clear = switch (name) {
            case "a.json" ->
                "{\n\t\"a\": \"CANARY-77aa\",\n\t\"n\": {\n\t\t\"b_unencrypted\": \"x\",\n\t\t\"c\": 1.5\n\t}\n}\n";
            case "b.env" -> "A=CANARY-77aa\nB=two\\nlines\nC_unencrypted=x\n";
            case "c.ini" -> "[one]\na = CANARY-77aa\nb = 2\n\n";
            case "d.bin" -> "any text CANARY-77aa\nat all\n";
            default -> "a: CANARY-77aa\n---\nb: second\n";
        };
        for (boolean onlyEncrypted : List.of(true, false)) {
            String sealed = encrypt(name, clear, CryptRule.defaults(), onlyEncrypted);
            assertThat(sealed).doesNotContain(CANARY);
            assertThat(SopsFormat.isEncrypted(sealed)).isTrue();
            assertThat(open(name, sealed, alice).orThrow().revealUtf8()).isEqualTo(clear);
        }
    }

    @Test
    void decrypt_changedAnywhere_isRefusedWithoutShowingAnything() {
        String sealed = encrypt("secret.yaml", SECRET, KUBERNETES, false);
        assertThat(code(open("secret.yaml", sealed.replace("name: db", "name: db2"), alice)))
                .isEqualTo("MAC_MISMATCH");
        assertThat(code(open("secret.yaml", sealed.replace("03:04:05", "03:04:06"), alice)))
                .isEqualTo("MAC_UNREADABLE");
        assertThat(code(open("secret.yaml", sealed.replaceFirst("(?m)^  mac: .*$", "  mac: ''"), alice)))
                .isEqualTo("MAC_MISSING");
        assertThat(code(open("secret.yaml", sealed.replaceFirst("password: ENC.*", "password: " + CANARY), alice)))
                .isEqualTo("BAD_VALUE_REDACTED");
        assertThat(code(open("secret.yaml", sealed.replaceFirst("type:int", "type:bool"), alice)))
                .isEqualTo("TYPE_ERROR_REDACTED");
        assertThat(code(open("secret.yaml", sealed.replace("password:", "passwort:"), alice)))
                .isEqualTo("DECRYPT_FAILED");
        assertThat(code(open("secret.yaml", sealed, AgeIdentity.generate(RANDOM))))
                .isEqualTo("NO_IDENTITY");
        assertThat(code(open("secret.yaml", SECRET, alice))).isEqualTo("BAD_METADATA");
    }

    @Test
    void decrypt_macOff_opensWhatAnEditorChanged() {
        String sealed = encrypt("secret.yaml", SECRET, KUBERNETES, false).replace("name: db", "name: db2");
        Bytes file = Bytes.utf8(sealed);
        Sops off = Sops.with(List.of(alice), List.of(), Sops.Mac.OFF, Limits.defaults());
        Sops warn = Sops.with(List.of(alice), List.of(), Sops.Mac.WARN, Limits.defaults());
        assertThat(off.decrypt("secret.yaml", file).orThrow().revealUtf8()).contains("db2");
        assertThat(warn.decrypt("secret.yaml", file).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.code()).isEqualTo("MAC_MISMATCH"));
    }

    @Test
    void decrypt_brokenText_neverShowsTheLine() {
        Outcome<SecretValue> opened = open("secret.yaml", "a: [CANARY-77aa\nsops: {}", alice);
        assertThat(opened.problems())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.display()).doesNotContain(CANARY));
    }

    @Test
    void decrypt_tooLarge_isRefusedUnread() {
        Sops small = Sops.with(
                List.of(alice),
                List.of(),
                Sops.Mac.VERIFY,
                Limits.builder().fileBytes(10).build());
        assertThat(small.decrypt("x.yaml", Bytes.utf8("a".repeat(11)))
                        .problems()
                        .get(0)
                        .code())
                .isEqualTo("FILE_SIZE");
    }

    @Test
    void decrypt_mutatedFiles_onlyTypedErrors() {
        String sealed = encrypt("secret.yaml", SECRET, KUBERNETES, false);
        long seed = 20_261_125L;
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder(sealed);
            for (int edits = random.nextInt(3); edits >= 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
                    default -> text.setLength(Math.max(1, at));
                }
            }
            Outcome<SecretValue> opened = open("secret.yaml", text.toString(), alice);
            assertThat(opened.problems())
                    .as("seed %d, round %d", seed, i)
                    .allSatisfy(p -> assertThat(p.display()).doesNotContain(CANARY));
        }
    }

    @Test
    void shamir_anyThresholdOfSharesMakesTheSecret() {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        List<byte[]> shares = Shamir.split(secret, 5, 3, RANDOM);
        assertThat(Shamir.combine(List.of(shares.get(0), shares.get(2), shares.get(4))))
                .isEqualTo(secret);
        assertThat(Shamir.combine(List.of(shares.get(3), shares.get(1), shares.get(2))))
                .isEqualTo(secret);
        assertThat(Shamir.combine(List.of(shares.get(0), shares.get(1)))).isNotEqualTo(secret);
        assertThat(Shamir.combine(List.of(shares.get(0), shares.get(0)))).isNull();
    }

    private String encrypt(String name, String clear, CryptRule rule, boolean onlyEncrypted) {
        Encryption how = new Encryption(List.of(alice.recipient(), bob.recipient()), rule, onlyEncrypted, NOW);
        return Sops.encrypt(name, SecretValue.utf8(clear), how, RANDOM, Limits.defaults())
                .orThrow();
    }

    private static Outcome<SecretValue> open(String name, String text, AgeIdentity identity) {
        return Sops.withIdentities(List.of(identity)).decrypt(name, Bytes.utf8(text));
    }

    private static Json yaml(String text) {
        return YamlReader.kubectl().read("", text).orThrow();
    }

    private static String code(Outcome<SecretValue> outcome) {
        assertThat(outcome.problems()).allSatisfy(p -> assertThat(p.display()).doesNotContain(CANARY));
        return outcome.problems().stream().map(Problem::code).findFirst().orElse("opened");
    }
}
