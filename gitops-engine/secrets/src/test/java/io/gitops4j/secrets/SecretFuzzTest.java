package io.gitops4j.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.reference.ExternalSecret;
import io.gitops4j.secrets.reference.FileSecrets;
import io.gitops4j.secrets.reference.SecretReferences;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingCertificate;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.MemoryTree;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Mutated files through every reader: nothing but typed problems comes out, and none shows a value. {@code gitops4j.fuzz.seconds}
 * says for how long (two by default), {@code gitops4j.fuzz.seed} repeats a run.
 */
class SecretFuzzTest {
    private static final String CANARY = "CANARY 3b9d 0f";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Limits LIMITS = Limits.defaults();

    private final long seed = Long.getLong("gitops4j.fuzz.seed", 20_261_125L);
    private final Random random = new Random(seed);
    private final SecureRandom secure = new SecureRandom();
    private final AgeIdentity alice = AgeIdentity.generate(secure);
    private final Sops sops = Sops.withIdentities(List.of(alice));
    private final SealingKey key = KeyGeneration.generate(2048, NOW, Duration.ofDays(9), secure);
    private final SealingKeys keys = SealingKeys.of(List.of(key));
    private final TreeMap<String, Integer> codes = new TreeMap<>();

    @Test
    void readers_ofMutatedFiles_giveTypedProblemsOnly() {
        long seconds = Long.getLong("gitops4j.fuzz.seconds", 2);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        List<Target> targets = targets();
        long runs = 0;
        while (runs == 0 || System.nanoTime() < end) {
            for (Target target : targets) {
                byte[] mutated = mutate(target.sample());
                try {
                    Outcome<?> outcome = target.reader().read(mutated);
                    outcome.problems().forEach(this::check);
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(
                            target.name() + " with seed " + seed + ", run " + runs + ": "
                                    + new String(mutated, StandardCharsets.ISO_8859_1),
                            e);
                }
                runs++;
            }
        }
        System.out.println("fuzz: " + runs + " inputs in " + seconds + " s, seed " + seed + ", " + codes);
        assertThat(runs).isGreaterThanOrEqualTo(targets.size());
        assertThat(codes.keySet()).allMatch(code -> code.matches("[A-Z][A-Z0-9_]+"));
    }

    private void check(Problem problem) {
        codes.merge(problem.code(), 1, Integer::sum);
        assertThat(problem.display()).as("seed %d", seed).doesNotContain(CANARY);
    }

    private interface Reader {
        Outcome<?> read(byte[] file);
    }

    private record Target(String name, byte[] sample, Reader reader) {}

    private List<Target> targets() {
        String clear = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: ns}\nstringData: {k: " + CANARY
                + ", num: 5, l: [1.5, true]}\n";
        Sops.Encryption how = new Sops.Encryption(
                List.of(alice.recipient()), CryptRule.encryptedRegex("^(data|stringData|k)$"), false, NOW);
        String yaml = sealed("s.yaml", clear, how);
        String json = sealed("s.json", "{\"k\": \"" + CANARY + "\", \"n\": {\"k\": [1, 2]}}", how);
        String env = sealed("s.env", "k=" + CANARY + "\nother=2\n", how);
        String ini = sealed("s.ini", "[a]\nk = " + CANARY + "\n", how);
        String text = sealed("s.bin", CANARY, how);
        JsonObject plain =
                (JsonObject) YamlReader.kubectl().read("s.yaml", clear).orThrow();
        String sealedSecret = YamlWriter.write(SealedSecrets.plain()
                .seal(
                        SecretObject.of(plain.with("stringData", JsonObject.of("k", Json.of(CANARY)))),
                        key.publicKey(),
                        SealScope.STRICT,
                        secure)
                .orThrow());
        String age = Age.encryptArmored(SecretValue.utf8(CANARY), List.of(alice.recipient()))
                .orThrow();
        Bytes binary = Age.encrypt(SecretValue.utf8(CANARY), List.of(alice.recipient()))
                .orThrow();
        String keySecret = YamlWriter.write(key.toSecret("n", "k"));
        String pem = key.certificate() == null ? "" : key.certificate().toPem();
        String commentedClear = "# " + CANARY + "\nm:\n  # " + CANARY + "\n  k: one # " + CANARY
                + "\n  l:\n  # x\n  - a\n" + "  t: |\n    " + CANARY + "\n  f: [a, {b: c}]\n# foot\n---\nz: 1\n";
        String commented = sealed(
                "s.yaml",
                commentedClear,
                new Sops.Encryption(List.of(alice.recipient()), CryptRule.defaults(), false, NOW));
        AgeIdentity passphrase = AgeIdentity.passphrase(SecretValue.utf8(CANARY));
        String scrypt = Age.encryptArmored(SecretValue.utf8(CANARY), SecretValue.utf8(CANARY), 4, secure)
                .orThrow();
        return List.of(
                target("sops yaml", yaml, file -> sops.decrypt("s.yaml", Bytes.of(file))),
                target("sops json", json, file -> sops.decrypt("s.json", Bytes.of(file))),
                target("sops env", env, file -> sops.decrypt("s.env", Bytes.of(file))),
                target("sops ini", ini, file -> sops.decrypt("s.ini", Bytes.of(file))),
                target("sops binary", text, file -> sops.decrypt("s.bin", Bytes.of(file))),
                target("sops rotate", yaml, file -> sops.rotate("s.yaml", Bytes.of(file), how, secure)),
                target("sops encrypt", clear, file -> Sops.encrypt("s.yaml", secret(file), how, secure, LIMITS)),
                target(
                        "sops encrypt env",
                        "A=" + CANARY + "\n",
                        file -> Sops.encrypt("s.env", secret(file), how, secure, LIMITS)),
                target("seal", clear, this::seal),
                target("sealed", sealedSecret, this::unseal),
                target("age", age, file -> Age.decrypt(Bytes.of(file), List.of(alice))),
                new Target("age binary", binary.toByteArray(), file -> Age.decrypt(Bytes.of(file), List.of(alice))),
                target("age keys", alice.reveal(), file -> AgeIdentity.parseFile(utf8(file))),
                target("key secret", keySecret, this::keySecret),
                target("sops comments", commented, file -> sops.decrypt("s.yaml", Bytes.of(file))),
                target(
                        "sops update",
                        commentedClear,
                        file -> sops.update("s.yaml", Bytes.utf8(commented), secret(file), NOW, secure)),
                target(
                        "sops set",
                        commentedClear,
                        file -> Sops.set("s.yaml", secret(file), List.of("m", "k"), SecretValue.utf8("x"), LIMITS)),
                target("age passphrase", scrypt, file -> Age.decrypt(Bytes.of(file), List.of(passphrase))),
                target("placeholders", placeholders, this::resolve),
                target("external secret", external, this::external),
                target("certificate", pem, file -> SealingCertificate.parse(utf8(file))));
    }

    private String sealed(String name, String clear, Sops.Encryption how) {
        return Sops.encrypt(name, SecretValue.utf8(clear), how, secure, LIMITS).orThrow();
    }

    private static Target target(String name, String sample, Reader reader) {
        return new Target(name, sample.getBytes(StandardCharsets.UTF_8), reader);
    }

    private Outcome<?> unseal(byte[] file) {
        // What is wrong with the YAML is told elsewhere; the objects that it holds are what is read here.
        for (JsonObject object :
                YamlReader.kubectl().readObjects("s.yaml", utf8(file)).value().orElse(List.of())) {
            Outcome<?> outcome = SealedSecrets.plain().unseal(object, keys);
            outcome.problems().forEach(this::check);
            SealedSecrets.plain()
                    .reEncrypt(object, keys, key.publicKey(), secure)
                    .problems()
                    .forEach(this::check);
        }
        return Outcome.of(file);
    }

    private static SecretValue secret(byte[] file) {
        return SecretValue.of(file);
    }

    private Outcome<?> seal(byte[] file) {
        for (JsonObject object :
                YamlReader.kubectl().readObjects("s.yaml", utf8(file)).value().orElse(List.of())) {
            SealedSecrets.plain()
                    .seal(SecretObject.of(object), key.publicKey(), SealScope.NAMESPACE_WIDE, secure)
                    .problems()
                    .forEach(this::check);
        }
        return Outcome.of(file);
    }

    private final SecretReferences references = SecretReferences.with(List.of(FileSecrets.in(
                    MemoryTree.ofText(Map.of("a/b.yaml", "k: " + CANARY + "\nn: {m: '" + CANARY + "'}\n")), LIMITS)
            .as("vault")));
    private final String placeholders = """
            apiVersion: v1
            kind: Secret
            metadata: {name: s, annotations: {avp.kubernetes.io/path: a/b.yaml, avp.kubernetes.io/remove-missing: "true"}}
            data: {a: PGs+, b: "PHBhdGg6YS9iLnlhbWwja3w+"}
            stringData:
              c: "x <path:a/b.yaml#k | base64encode | sha256sum> y <k>"
              d: "<path:a/b.yaml#n | jsonPath {.m} | indent 4>"
              e: ref+vault://a/b.yaml#/n/m
            """;
    private final String external = """
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: s, namespace: ns}
            spec:
              secretStoreRef: {name: store}
              target:
                template:
                  data: {t: "{{ .one }}"}
                  templateFrom: [{literal: "x: {{ .one }}"}]
              data: [{secretKey: one, remoteRef: {key: a/b.yaml, property: n/m, decodingStrategy: Auto}}]
              dataFrom:
              - find: {path: a, name: {regexp: "b.*"}}
              - extract: {key: a/b.yaml, property: n}
                rewrite: [{regexp: {source: "(.*)", target: "x-$1"}}]
            """;

    private Outcome<?> resolve(byte[] file) {
        for (JsonObject object :
                YamlReader.kubectl().readObjects("s.yaml", utf8(file)).value().orElse(List.of())) {
            references.resolve(object).problems().forEach(this::check);
        }
        return Outcome.of(file);
    }

    private Outcome<?> external(byte[] file) {
        JsonObject store = (JsonObject) YamlReader.kubectl()
                .read("", "{kind: SecretStore, metadata: {name: store}, spec: {provider: {vault: {}}}}")
                .orThrow();
        for (JsonObject object :
                YamlReader.kubectl().readObjects("s.yaml", utf8(file)).value().orElse(List.of())) {
            ExternalSecret.of(object)
                    .then(read -> read.produce(store, references, (text, items) -> Outcome.of(SecretValue.utf8(text))))
                    .problems()
                    .forEach(this::check);
        }
        return Outcome.of(file);
    }

    private Outcome<?> keySecret(byte[] file) {
        List<JsonObject> objects =
                YamlReader.kubectl().readObjects("k.yaml", utf8(file)).value().orElse(List.of());
        SealingKeys.fromObjects(objects).problems().forEach(this::check);
        return Outcome.of(file);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] mutate(byte[] sample) {
        byte[] out = sample.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && out.length > 0; i++) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(7)) {
                case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> out = java.util.Arrays.copyOf(out, at);
                case 2 -> out = spliced(out, at, at + random.nextInt(out.length - at), new byte[0]);
                case 3 -> out = spliced(out, at, at, new byte[] {(byte) random.nextInt(256)});
                case 4 -> {
                    int to = at + random.nextInt(out.length - at);
                    out = spliced(out, at, at, java.util.Arrays.copyOfRange(out, at, to));
                }
                case 5 ->
                    out = spliced(
                            out,
                            at,
                            at,
                            "[{:\"'-&*|>#\n\t=]},ENC["
                                    .substring(random.nextInt(15))
                                    .getBytes(StandardCharsets.UTF_8));
                default -> {
                    int line = at;
                    while (line > 0 && out[line] != '\n') {
                        line--;
                    }
                    int next = line + 1;
                    while (next < out.length && out[next] != '\n') {
                        next++;
                    }
                    out = spliced(out, line, next, new byte[0]);
                }
            }
        }
        return out;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] out = new byte[from + between.length + bytes.length - to];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(between, 0, out, from, between.length);
        System.arraycopy(bytes, to, out, from + between.length, bytes.length - to);
        return out;
    }
}
