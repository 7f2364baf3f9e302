package io.gitops4j.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.KeyGroup;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.secrets.sops.SopsFormat;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Round trips with the real {@code kubeseal}, {@code sops} and {@code age}, both ways. They run with {@code -Preal} and are
 * skipped, saying so, where a program is not on the PATH or in the folder that {@code gitops4j.programs} names:
 *
 * <pre>
 * go install filippo.io/age/cmd/...@v1.2.1
 * go install github.com/getsops/sops/v3/cmd/sops@v3.13.3
 * go install github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@v0.36.6
 * </pre>
 */
class RealProgramsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.now();
    private static final String CLEAR = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
              namespace: shop
              annotations:
                made: 2024-01-02
                version: "1.10"
            stringData:
              password: "pässword: \\"x\\" #1"
              lines: |
                one
                two
              port: 5432
              ratio: 0.1
              big: 1e23
              small: 1.5e-7
              negative: -3
              hex: 0x1F
              enabled: true
              disabled: false
              empty: ""
              none: null
              day: 2024-01-02
              moment: 2024-01-02T03:04:05Z
              list: [a, 1, {k: v, deep: [x, z]}]
            """;

    @TempDir
    Path folder;

    private final AgeIdentity alice = AgeIdentity.generate(RANDOM);
    private final AgeIdentity bob = AgeIdentity.generate(RANDOM);

    // ---- sops

    @ParameterizedTest
    @CsvSource({
        "a.yaml, encrypted_regex, ^(data|stringData)$",
        "a.yaml, unencrypted_regex, ^(metadata|kind)$",
        "a.yaml, encrypted_suffix, Data",
        "a.yaml, unencrypted_suffix, metadata",
        "a.yaml, encrypted_comment_regex, sops:enc",
        "a.yaml, unencrypted_comment_regex, sops:open",
        "a.yaml, mac_only_encrypted, true",
        "b.json, unencrypted_suffix, _open",
        "c.env, unencrypted_suffix, _open",
        "d.ini, unencrypted_suffix, _open",
        "e.bin, '', ''"
    })
    void sops_itsFile_opensHere(String name, String rule, String value) throws Exception {
        Path file = write(name, clear(name));
        write(
                ".sops.yaml",
                "creation_rules:\n  - age: " + alice.recipient() + "\n"
                        + (rule.isEmpty()
                                ? ""
                                : "    " + rule + ": " + (value.equals("true") ? value : "'" + value + "'") + "\n"));
        List<String> command =
                List.of("sops", "--config", folder.resolve(".sops.yaml").toString(), "encrypt", file.toString());
        String sealed = run(command, "");
        SecretValue opened = Sops.withIdentities(List.of(alice))
                .decrypt(name, Bytes.utf8(sealed))
                .orThrow();
        Path keys = write("keys.txt", alice.reveal() + "\n");
        Path again = write("again-" + name, sealed);
        String theirs = run(List.of("sops", "decrypt", again.toString()), "", "SOPS_AGE_KEY_FILE=" + keys);
        assertSame(name, opened.revealUtf8(), theirs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.yaml", "b.json", "c.env", "d.ini", "e.bin"})
    void sops_ourFile_opensThere(String name) throws Exception {
        for (boolean onlyEncrypted : List.of(true, false)) {
            for (CryptRule rule : List.of(
                    CryptRule.defaults(),
                    CryptRule.encryptedRegex("^(data|stringData|A|one)$"),
                    new CryptRule("encrypted_suffix", "Data"),
                    new CryptRule("unencrypted_regex", "^meta"))) {
                if (name.equals("e.bin") && !rule.equals(CryptRule.defaults())) {
                    continue;
                }
                Sops.Encryption how =
                        new Sops.Encryption(List.of(alice.recipient(), bob.recipient()), rule, onlyEncrypted, NOW);
                String sealed = Sops.encrypt(name, SecretValue.utf8(clear(name)), how, RANDOM, Limits.defaults())
                        .orThrow();
                Path file = write(name, sealed);
                Path keys = write("keys.txt", bob.reveal() + "\n");
                String theirs = run(List.of("sops", "decrypt", file.toString()), "", "SOPS_AGE_KEY_FILE=" + keys);
                String ours = Sops.withIdentities(List.of(alice))
                        .decrypt(name, Bytes.utf8(sealed))
                        .orThrow()
                        .revealUtf8();
                assertSame(name, ours, theirs);
            }
        }
    }

    private static final String COMMENTED = """
            # head

            # second head
            apiVersion: v1
            # before kind
            kind: Secret
            metadata:
              # in metadata
              name: db
              # foot of metadata
            # before stringData
            stringData: # on stringData
              # before a
              a: one # on a
              # before b

              # before b too
              b: two

              # before list
              list:
                # before p
                - p # on p
                # before q
                - q
                # foot of list
              m: # on m
                # in m
                k: v
                # foot of m
              text: |
                no # comment
                more
              # after text
              flow: [a, b] # on flow
              e: "" # on e
              # foot of stringData
            # foot
            """;

    @ParameterizedTest
    @CsvSource({"a.yaml, ''", "a.yaml, ^(data|stringData)$", "c.env, ''", "d.ini, ''"})
    void sops_comments_bothWays(String name, String regex) throws Exception {
        String clear = switch (name) {
            case "c.env" -> "# head\nA=1\n#tight\nB=2\n# foot\n";
            case "d.ini" -> "; head\n[one]\n; in one\na = 1\n; of b\nb = 2\n\n; of two\n[two]\nc = 3\n";
            default -> COMMENTED;
        };
        CryptRule rule = regex.isEmpty() ? CryptRule.defaults() : CryptRule.encryptedRegex(regex);
        Sops.Encryption how = new Sops.Encryption(List.of(alice.recipient()), rule, false, NOW);
        Path keys = write("keys.txt", alice.reveal() + "\n");
        Path ours = write(
                name,
                Sops.encrypt(name, SecretValue.utf8(clear), how, RANDOM, Limits.defaults())
                        .orThrow());
        String opened = run(List.of("sops", "decrypt", ours.toString()), "", "SOPS_AGE_KEY_FILE=" + keys);
        assertThat(words(opened)).isEqualTo(words(clear));

        Path again = write("clear-" + name, clear);
        List<String> command = new ArrayList<>(List.of("sops", "encrypt", "--age", alice.recipient()));
        if (!regex.isEmpty()) {
            command.addAll(List.of("--encrypted-regex", regex));
        }
        command.add(again.toString());
        String theirs = run(command, "");
        String here = Sops.withIdentities(List.of(alice))
                .decrypt(name, Bytes.utf8(theirs))
                .orThrow()
                .revealUtf8();
        assertThat(words(here)).isEqualTo(words(clear));
    }

    /** The comments, sorted: sops moves those at the end of a line to one of their own. */
    private static List<String> words(String text) {
        return text.lines()
                .filter(line -> line.matches("(.*\\s)?[#;].*") && !line.contains("no # comment"))
                .map(line -> line.replaceFirst("^[^#;]*[#;]", "").trim())
                .sorted()
                .toList();
    }

    @Test
    void sops_keyGroupsWithShares_bothWays() throws Exception {
        Path keys = write("keys.txt", alice.reveal() + "\n" + bob.reveal() + "\n");
        Sops.Encryption how = new Sops.Encryption(
                List.of(
                        KeyGroup.ofAge(List.of(alice.recipient())),
                        KeyGroup.ofAge(List.of(bob.recipient())),
                        KeyGroup.ofAge(List.of(AgeIdentity.generate(RANDOM).recipient()))),
                2,
                CryptRule.defaults(),
                false,
                NOW,
                List.of());
        Path ours = write(
                "a.yaml",
                Sops.encrypt("a.yaml", SecretValue.utf8(CLEAR), how, RANDOM, Limits.defaults())
                        .orThrow());
        assertSame("a.yaml", CLEAR, run(List.of("sops", "decrypt", ours.toString()), "", "SOPS_AGE_KEY_FILE=" + keys));

        write(".sops.yaml", """
                creation_rules:
                  - shamir_threshold: 2
                    key_groups:
                      - age: [%s]
                      - age: [%s]
                """.formatted(alice.recipient(), bob.recipient()));
        Path clear = write("b.yaml", CLEAR);
        String theirs = run(
                List.of("sops", "--config", folder.resolve(".sops.yaml").toString(), "encrypt", clear.toString()), "");
        assertSame(
                "b.yaml",
                Sops.withIdentities(List.of(alice, bob))
                        .decrypt("b.yaml", Bytes.utf8(theirs))
                        .orThrow()
                        .revealUtf8(),
                CLEAR);
    }

    @Test
    void sops_editedThere_opensHere_andRotatedHere_opensThere() throws Exception {
        Path keys = write("keys.txt", alice.reveal() + "\n");
        Sops.Encryption how = new Sops.Encryption(
                List.of(alice.recipient()), CryptRule.encryptedRegex("^(data|stringData)$"), false, NOW);
        Path file = write(
                "a.yaml",
                Sops.encrypt("a.yaml", SecretValue.utf8(CLEAR), how, RANDOM, Limits.defaults())
                        .orThrow());
        run(
                List.of("sops", "set", file.toString(), "[\"stringData\"][\"password\"]", "\"new\""),
                "",
                "SOPS_AGE_KEY_FILE=" + keys);
        Bytes edited = Bytes.of(Files.readAllBytes(file));
        Sops sops = Sops.withIdentities(List.of(alice));
        assertThat(sops.decrypt("a.yaml", edited).orThrow().revealUtf8()).contains("password: new");
        write("a.yaml", sops.rotate("a.yaml", edited, how, RANDOM).orThrow());
        assertThat(run(List.of("sops", "decrypt", file.toString()), "", "SOPS_AGE_KEY_FILE=" + keys))
                .contains("password: new");
    }

    private void assertSame(String name, String ours, String theirs) {
        if (SopsFormat.ofName(name) == SopsFormat.YAML || SopsFormat.ofName(name) == SopsFormat.JSON) {
            assertThat(normal(theirs)).isEqualTo(normal(ours));
        } else if (SopsFormat.ofName(name) == SopsFormat.INI) {
            assertThat(theirs.replaceAll("\\s+", "")).isEqualTo(ours.replaceAll("\\s+", ""));
        } else {
            // Comments are not kept here.
            assertThat(theirs.replaceAll("(?m)^#.*\\R", "")).isEqualTo(ours.replaceAll("(?m)^#.*\\R", ""));
        }
    }

    /** The tree; times are compared by their instant, since sops writes them in its own way. */
    private static JsonObject normal(String yaml) {
        String times = yaml.replaceAll("\"?(2024-01-02)(T00:00:00Z)?\"?(?=\\R)", "$1")
                .replaceAll("\"(2024-01-02T03:04:05Z)\"", "$1");
        return (JsonObject) YamlReader.kubectl().read("x.yaml", times).orThrow();
    }

    private static String clear(String name) {
        return switch (name) {
            case "b.json" ->
                "{\"z\": \"x y\", \"a\": {\"b_open\": \"clear\", \"c\": [1, 2.5, true, null, \"\"]}, \"m\": 1e3}\n";
            case "c.env" -> "# a comment\nA=some value\nB=two\\nlines\nC_open=clear\nEMPTY=\n";
            case "d.ini" -> "[one]\na = some value\nb_open = clear\n\n[two]\nc = 2\n";
            case "e.bin" -> "any bytes\n\ttext: [\n";
            default ->
                CLEAR.replace("  password:", "  # sops:enc\n  password:").replace("  port:", "  # sops:open\n  port:");
        };
    }

    // ---- age

    @Test
    void age_bothWays_forRecipients() throws Exception {
        Path keys = write("keys.txt", alice.reveal() + "\n");
        for (int size : List.of(0, 1, 65536, 65537, 300_000)) {
            byte[] plain = new byte[size];
            RANDOM.nextBytes(plain);
            Path ours = folder.resolve("ours.age");
            Files.write(
                    ours,
                    Age.encrypt(SecretValue.of(plain), List.of(bob.recipient(), alice.recipient()))
                            .orThrow()
                            .toByteArray());
            Path opened = folder.resolve("opened");
            run(List.of("age", "-d", "-i", keys.toString(), "-o", opened.toString(), ours.toString()), "");
            assertThat(Files.readAllBytes(opened)).isEqualTo(plain);
            Path clear = folder.resolve("clear");
            Files.write(clear, plain);
            for (boolean armored : List.of(true, false)) {
                Path theirs = folder.resolve("theirs.age");
                List<String> command = new ArrayList<>(
                        List.of("age", "-r", alice.recipient(), "-o", theirs.toString(), clear.toString()));
                if (armored) {
                    command.add(1, "-a");
                }
                run(command, "");
                assertThat(Age.decrypt(Bytes.of(Files.readAllBytes(theirs)), List.of(alice))
                                .orThrow()
                                .reveal())
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void ageKeygen_itsKey_isReadHere() throws Exception {
        String file = run(List.of("age-keygen"), "");
        AgeIdentity read = AgeIdentity.parseFile(file).orThrow().get(0);
        assertThat(file).contains("# public key: " + read.recipient());
        assertThat(run(List.of("age-keygen", "-y"), alice.reveal() + "\n").trim())
                .isEqualTo(alice.recipient());
    }

    // ---- kubeseal

    @ParameterizedTest
    @EnumSource(SealScope.class)
    void kubeseal_bothWays(SealScope scope) throws Exception {
        SealingKey key = KeyGeneration.generate(2048, NOW.minusSeconds(60), Duration.ofDays(9), RANDOM);
        SealingKeys keys = SealingKeys.of(List.of(key));
        Path cert = write("cert.pem", key.certificate().toPem());
        Path keyFile = write("key.yaml", YamlWriter.write(key.toSecret("kube-system", "key")));
        String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop, labels: {a: b}}\n"
                + "type: Opaque\ndata: {user: YWRtaW4=}\nstringData: {password: sesame}\n";
        String flag = scope.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        String theirs = run(List.of("kubeseal", "--cert", cert.toString(), "--scope", flag, "-o", "yaml"), secret);
        JsonObject opened =
                SealedSecrets.plain().unseal(object(theirs), keys).orThrow().reveal();
        assertThat(opened.object("data"))
                .isEqualTo(JsonObject.builder()
                        .put("user", "YWRtaW4=")
                        .put("password", base64("sesame"))
                        .build());

        JsonObject ours = SealedSecrets.plain()
                .seal(SecretObject.of(object(secret)), key.publicKey(), scope, RANDOM)
                .orThrow();
        JsonObject unsealed = object(run(
                List.of("kubeseal", "--recovery-unseal", "--recovery-private-key", keyFile.toString(), "-o", "yaml"),
                YamlWriter.write(ours)));
        assertThat(unsealed.object("data")).isEqualTo(opened.object("data"));
        assertThat(unsealed.object("metadata").object("labels").text("a")).isEqualTo("b");

        String raw = run(
                        List.of(
                                "kubeseal",
                                "--raw",
                                "--cert",
                                cert.toString(),
                                "--scope",
                                flag,
                                "--name",
                                "db",
                                "--namespace",
                                "shop",
                                "--from-file",
                                "/dev/stdin"),
                        "another")
                .trim();
        JsonObject merged = ours.with(
                "spec",
                ours.object("spec")
                        .with(
                                "encryptedData",
                                ours.object("spec").object("encryptedData").with("more", raw)));
        assertThat(SealedSecrets.plain()
                        .unseal(merged, keys)
                        .orThrow()
                        .reveal()
                        .object("data")
                        .text("more"))
                .isEqualTo(base64("another"));

        Path target = write("sealed.json", ours.toJson());
        run(
                List.of("kubeseal", "--cert", cert.toString(), "--scope", flag, "--merge-into", target.toString()),
                secret.replace("password: sesame", "password: changed"));
        assertThat(SealedSecrets.plain()
                        .unseal(object(Files.readString(target)), keys)
                        .orThrow()
                        .reveal()
                        .object("data")
                        .text("password"))
                .isEqualTo(base64("changed"));
    }

    private static JsonObject object(String yaml) {
        return YamlReader.kubectl().readObjects("x.yaml", yaml).orThrow().get(0);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    // ---- programs

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String run(List<String> command, String input, String... environment)
            throws IOException, InterruptedException {
        List<String> resolved = new ArrayList<>(command);
        resolved.set(0, program(command.get(0)).toString());
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Path in = Files.writeString(Files.createTempFile(folder, "in", ""), input);
        ProcessBuilder builder = new ProcessBuilder(resolved)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        for (String pair : environment) {
            int equals = pair.indexOf('=');
            builder.environment().put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(command + "\n" + Files.readString(err))
                .isZero();
        return Files.readString(out);
    }

    private static Path program(String name) {
        boolean asked = !System.getProperty("gitops4j.real", "").isBlank();
        String folders = System.getProperty("gitops4j.programs", "")
                + java.io.File.pathSeparator
                + System.getenv().getOrDefault("PATH", "");
        for (String candidate : folders.split(java.io.File.pathSeparator, -1)) {
            Path path = Path.of(candidate, name);
            if (asked && !candidate.isEmpty() && Files.isExecutable(path)) {
                return path;
            }
        }
        return Assumptions.abort(asked ? name + " is not installed" : "real programs run with -Preal only");
    }
}
