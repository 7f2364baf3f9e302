package io.gitops4j.secrets.age;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.source.Bytes;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgeTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final AgeIdentity alice = AgeIdentity.generate(RANDOM);
    private final AgeIdentity bob = AgeIdentity.generate(RANDOM);

    @Test
    void encrypt_twoRecipients_eitherOpens() {
        List<String> recipients = List.of(alice.recipient(), bob.recipient());
        for (String text : List.of("", "hello", "x".repeat(200_000))) {
            Bytes file = Age.encrypt(SecretValue.utf8(text), recipients).orThrow();
            Bytes armored = Bytes.utf8(
                    Age.encryptArmored(SecretValue.utf8(text), recipients).orThrow());
            for (AgeIdentity identity : List.of(alice, bob)) {
                assertThat(Age.decrypt(file, List.of(identity)).orThrow().revealUtf8())
                        .isEqualTo(text);
                assertThat(Age.decrypt(armored, List.of(identity)).orThrow().revealUtf8())
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void decrypt_strangerOrDamage_isAProblem() {
        Bytes file = Age.encrypt(SecretValue.utf8("CANARY"), List.of(alice.recipient()))
                .orThrow();
        assertThat(code(Age.decrypt(file, List.of(bob)).problems())).isEqualTo("NO_IDENTITY");
        assertThat(code(Age.decrypt(file, List.of()).problems())).isEqualTo("NO_IDENTITY");
        byte[] changed = file.toByteArray();
        changed[changed.length - 1] ^= 1;
        assertThat(code(Age.decrypt(Bytes.of(changed), List.of(alice)).problems()))
                .isEqualTo("DECRYPT_FAILED");
        assertThat(code(Age.decrypt(Bytes.utf8("hello"), List.of(alice)).problems()))
                .isEqualTo("DECRYPT_FAILED");
        assertThat(code(Age.decrypt(Bytes.utf8(""), List.of(alice)).problems())).isEqualTo("DECRYPT_FAILED");
    }

    @Test
    void parse_identity_knowsItsRecipientAndPrintsNoSecret() {
        AgeIdentity read = AgeIdentity.parse(" " + alice.reveal() + "\n").orThrow();
        assertThat(read.recipient()).isEqualTo(alice.recipient()).startsWith("age1");
        assertThat(read.toString()).doesNotContain("SECRET");
        assertThat(code(AgeIdentity.parse("age1xyz").problems())).isEqualTo("BAD_IDENTITY");
        assertThat(code(AgeIdentity.parse("AGE-SECRET-KEY-1QQQ").problems())).isEqualTo("BAD_IDENTITY");
        assertThat(code(AgeIdentity.parse("AGE-SECRET-KEY-PQ-1QQQ").problems())).isEqualTo("UNSUPPORTED_RECIPIENT");
    }

    @Test
    void parseFile_commentsAndBrokenLines() {
        assertThat(AgeIdentity.parseFile("# created\n" + alice.reveal() + "\n\n" + bob.reveal() + "\n")
                        .orThrow())
                .extracting(AgeIdentity::recipient)
                .containsExactly(alice.recipient(), bob.recipient());
        assertThat(AgeIdentity.parseFile("# x\nnonsense\n").problems())
                .singleElement()
                .satisfies(p -> assertThat(p.text()).startsWith("line 2:").doesNotContain("nonsense"));
    }

    @Test
    void encrypt_badRecipient_isAProblem() {
        assertThat(code(Age.encrypt(SecretValue.utf8("x"), List.of("ssh-rsa AAAA"))
                        .problems()))
                .isEqualTo("UNSUPPORTED_RECIPIENT");
        assertThat(code(Age.encrypt(SecretValue.utf8("x"), List.of()).problems()))
                .isEqualTo("UNSUPPORTED_RECIPIENT");
    }

    private static String code(List<Problem> problems) {
        return problems.get(0).code();
    }
}
