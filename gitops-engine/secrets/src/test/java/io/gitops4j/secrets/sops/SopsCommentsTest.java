package io.gitops4j.secrets.sops;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SopsCommentsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AgeIdentity ALICE = AgeIdentity.generate(RANDOM);
    private static final Sops SOPS = Sops.withIdentities(List.of(ALICE));
    private static final Instant NOW = Instant.parse("2024-01-02T03:04:05Z");
    private static final String CLEAR = """
            # head

            # second head
            kind: Secret # on kind
            apiVersion: v1
            metadata:
              # in metadata
              name: db
              # foot of metadata
            # before stringData
            stringData: # on stringData
              # before b
              b: two words # on b
              a: "quoted"

              text: |
                line # no comment
                another
              list:
                # before p
                - p # on p
                # before q
                - q
                # foot of list
              deep:
                # in deep
                k: v
              flow: [x, "y, z"] # on flow
              none:
              empty: ""
              # foot of stringData
            # foot
            ---
            # second document
            z: 1
            """;

    @ParameterizedTest
    @ValueSource(strings = {"", "^(data|stringData)$"})
    void orderStyleAndComments_comeBackAsTheyWere(String regex) {
        String sealed = encrypt("a.yaml", CLEAR, rule(regex));
        assertThat(sealed)
                .doesNotContain("on b")
                .doesNotContain("foot of stringData")
                .contains("kind: ");
        assertThat(sealed.contains("# head")).isEqualTo(!regex.isEmpty());
        String opened = decrypt("a.yaml", sealed);
        assertThat(opened)
                .isEqualTo(CLEAR.replace("a: \"quoted\"", "a: quoted").replace("[x, \"y, z\"]", "[x, \"y, z\"]"));
    }

    @Test
    void aCommentThatMoved_staysShut_andTheValuesOpen() {
        String sealed = encrypt("a.yaml", "m:\n  # hidden words\n  a: 1\nother:\n  b: 2\n", CryptRule.defaults());
        Matcher comment = Pattern.compile("  (#ENC\\S+)\n").matcher(sealed);
        assertThat(comment.find()).isTrue();
        String moved = sealed.replace(comment.group(), "").replace("other:\n", "other:\n" + comment.group());
        assertThat(decrypt("a.yaml", moved))
                .contains("#ENC[")
                .doesNotContain("hidden")
                .contains("b: 2");
    }

    @Test
    void aValueInTheClothesOfAComment_staysAComment() {
        String sealed = encrypt("a.yaml", "m:\n  a: |\n    x\n    admin: true\n", CryptRule.defaults());
        Matcher value = Pattern.compile("a: (ENC\\S+)\n").matcher(sealed);
        assertThat(value.find()).isTrue();
        String forged = sealed.replaceFirst("m:\n", "m:\n  b: x\n  #" + value.group(1) + "\n");
        Outcome<SecretValue> opened = Sops.with(List.of(ALICE), List.of(), Sops.Mac.OFF, Limits.defaults())
                .decrypt("a.yaml", Bytes.utf8(forged));
        assertThat(opened.value().map(SecretValue::revealUtf8).orElse("")).doesNotContain("\n  admin: true");
    }

    @Test
    void commentsBetweenItems_asSopsWritesThem_areNoItems() {
        String sealed = encrypt("a.yaml", "l:\n- one\n- two\n", CryptRule.defaults());
        String comment = encrypt("b.yaml", "l:\n# words\n- one\n", CryptRule.defaults());
        // Another file's comment does not open here, and is left out of the list and of the MAC all the same.
        Matcher words = Pattern.compile("#(ENC\\S+type:comment])").matcher(comment);
        assertThat(words.find()).isTrue();
        String asItem = sealed.replaceFirst("l:\n", "l:\n- " + Matcher.quoteReplacement(words.group(1)) + "\n");
        String opened = decrypt("a.yaml", asItem);
        assertThat(opened).endsWith("- one\n- two\n");
        assertThat(YamlReader.kubectl()
                        .read("", opened)
                        .map(v -> ((JsonObject) v).array("l").size())
                        .orThrow())
                .isEqualTo(2);
    }

    @Test
    void rulesOfComments_decideByTheCommentsAbove() {
        String clear = """
                # sops:enc
                # other
                a: 1
                # plain
                b: 2
                m:
                  x: 3 # sops:enc
                  # sops:enc w
                  z:
                    k: v
                    # inner
                    j: w
                """;
        String sealed = encrypt("a.yaml", clear, new CryptRule("encrypted_comment_regex", "sops:enc"));
        assertThat(sealed)
                .contains("# sops:enc\n#ENC[", "# plain\nb: 2\n", "# sops:enc w\n")
                .containsPattern("a: ENC.*\n")
                .containsPattern("x: ENC.* # sops:enc\n")
                .containsPattern("k: ENC.*\n +#ENC.*\n +j: ENC");
        assertThat(decrypt("a.yaml", sealed)).isEqualTo(clear);
        String others = encrypt("a.yaml", clear, new CryptRule("unencrypted_comment_regex", "sops:enc"));
        assertThat(others).contains("a: 1\n", "x: 3 #", "k: v\n", "# inner\n").containsPattern("b: ENC");
        assertThat(decrypt("a.yaml", others)).isEqualTo(clear);
    }

    @Test
    void rulesOfComments_areRefused_whereCommentsCannotBeFollowed() {
        CryptRule rule = new CryptRule("encrypted_comment_regex", "sops:enc");
        Sops.Encryption how = new Sops.Encryption(List.of(ALICE.recipient()), rule, false, NOW);
        for (String name : List.of("a.json", "b.yaml")) {
            String text = name.endsWith("json") ? "{\"a\": 1}" : "a: &x 1\nb: *x\n";
            assertThat(Sops.encrypt(name, SecretValue.utf8(text), how, RANDOM, Limits.defaults())
                            .problems())
                    .extracting("code")
                    .containsExactly("COMMENT_RULE");
        }
    }

    @Test
    void anUpdate_changesOnlyWhatChanged() {
        String sealed = encrypt("a.yaml", CLEAR, CryptRule.defaults());
        String changed = CLEAR.replace("two words", "three words").replace("# in deep", "# in the deep");
        String updated = SOPS.update("a.yaml", Bytes.utf8(sealed), SecretValue.utf8(changed), NOW, RANDOM)
                .orThrow();
        assertThat(decrypt("a.yaml", updated)).isEqualTo(changed.replace("\"quoted\"", "quoted"));
        List<String> before = sealed.lines().toList();
        List<String> fresh =
                updated.lines().filter(line -> !before.contains(line)).toList();
        assertThat(fresh).hasSize(3);
        assertThat(fresh.get(0)).contains("b: ENC");
        assertThat(fresh.get(1)).contains("#ENC");
        assertThat(fresh.get(2)).contains("mac: ENC");
    }

    @Test
    void setting_keepsComments_alsoForAnEntryThatIsNew() {
        String clear = "# head\nm:\n  # of a\n  a: 1 # on a\n# foot\nz: 1\n---\nb: 2\n";
        assertThat(set(clear, "m.a", "new")).isEqualTo(clear.replace("a: 1 #", "a: new #"));
        assertThat(set(clear, "m.c", "x\ny\n")).isEqualTo(clear.replace("# on a\n", "# on a\n  c: |\n    x\n    y\n"));
        assertThat(set(clear, "q", "1")).isEqualTo(clear.replace("z: 1\n", "z: 1\nq: \"1\"\n"));
        assertThat(Sops.set(
                                "a.yaml",
                                SecretValue.utf8(clear),
                                List.of("z", "in"),
                                SecretValue.utf8("x"),
                                Limits.defaults())
                        .problems())
                .extracting("code")
                .containsExactly("NOT_A_MAPPING");
    }

    private static String set(String clear, String path, String value) {
        return Sops.set(
                        "a.yaml",
                        SecretValue.utf8(clear),
                        List.of(path.split("\\.", -1)),
                        SecretValue.utf8(value),
                        Limits.defaults())
                .orThrow()
                .revealUtf8();
    }

    @Test
    void linesOfOtherStores_keepTheirComments() {
        String env = "# head\nA=1\n\n#tight\nB=two\\nlines\n# foot\n";
        String sealed = encrypt("a.env", env, CryptRule.defaults());
        assertThat(sealed).doesNotContain("head").doesNotContain("tight").contains("#ENC[");
        assertThat(decrypt("a.env", sealed)).isEqualTo(env);
        String ini = "; head\n[one]\n; in one\na = 1\n# hash\nb = 2\n\n[two]\nc = 3\n";
        String other = encrypt("a.ini", ini, CryptRule.defaults());
        assertThat(other).doesNotContain("in one").contains("; ENC[");
        assertThat(decrypt("a.ini", other)).isEqualTo(ini);
    }

    @Test
    void textsWithoutALayout_arePrintedAnew() {
        String clear = "b: &x {k: v}\na: *x\n";
        assertThat(decrypt("a.yaml", encrypt("a.yaml", clear, CryptRule.defaults())))
                .isEqualTo("a:\n  k: v\nb:\n  k: v\n");
    }

    private static CryptRule rule(String regex) {
        return regex.isEmpty() ? CryptRule.defaults() : CryptRule.encryptedRegex(regex);
    }

    private static String encrypt(String name, String clear, CryptRule rule) {
        Sops.Encryption how = new Sops.Encryption(List.of(ALICE.recipient()), rule, false, NOW);
        return Sops.encrypt(name, SecretValue.utf8(clear), how, RANDOM, Limits.defaults())
                .orThrow();
    }

    private static String decrypt(String name, String sealed) {
        return SOPS.decrypt(name, Bytes.utf8(sealed)).orThrow().revealUtf8();
    }
}
