package io.gitops4j.secrets.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgePassphraseTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SecretValue PASSPHRASE = SecretValue.utf8("correct horse");

    /** The vector of RFC 7914 §12 with r = 8 and p = 1, of which age uses 32 bytes. */
    @Test
    void scrypt_ofTheRfcVector_isItsKey() throws Exception {
        byte[] key = Scrypt.key(
                "pleaseletmein".getBytes(StandardCharsets.US_ASCII),
                "SodiumChloride".getBytes(StandardCharsets.US_ASCII),
                14);
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    }

    @Test
    void encrypt_withAPassphrase_opensWithItAlone() {
        Bytes file = Bytes.utf8(Age.encryptArmored(SecretValue.utf8("CANARY"), PASSPHRASE, 10, RANDOM)
                .orThrow());
        AgeIdentity stranger = AgeIdentity.generate(RANDOM);
        AgeIdentity knows = AgeIdentity.passphrase(PASSPHRASE);
        assertThat(Age.decrypt(file, List.of(stranger, knows)).orThrow().revealUtf8())
                .isEqualTo("CANARY");
        assertThat(code(Age.decrypt(file, List.of(stranger)))).isEqualTo("NO_IDENTITY");
        assertThat(code(Age.decrypt(file, List.of(AgeIdentity.passphrase(SecretValue.utf8("wrong"))))))
                .isEqualTo("NO_IDENTITY");
        assertThat(knows.toString()).isEqualTo("AgeIdentity[scrypt]").doesNotContain("horse");
    }

    @Test
    void decrypt_workFactorThirty_isRefusedAtOnce() {
        String header = """
                age-encryption.org/v1
                -> scrypt 7DdkBT7rj5JvCLQx8qcjPA 30
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                """;
        assertThat(code(Age.decrypt(
                        Bytes.utf8(header + "0123456789abcdef0123456789abcdef"),
                        List.of(AgeIdentity.passphrase(PASSPHRASE)))))
                .isEqualTo("UNSUPPORTED_RECIPIENT");
        assertThat(code(Age.decrypt(
                        Bytes.utf8(header.replace(" 30", " 030") + "0123456789abcdef0123456789abcdef"),
                        List.of(AgeIdentity.passphrase(PASSPHRASE)))))
                .isEqualTo("DECRYPT_FAILED");
        assertThatThrownBy(() -> Age.encryptArmored(PASSPHRASE, PASSPHRASE, 30, RANDOM))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String code(Outcome<?> outcome) {
        return outcome.problems().get(0).code();
    }
}
