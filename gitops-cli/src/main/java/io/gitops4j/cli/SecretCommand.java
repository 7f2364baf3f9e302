package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.GoSecretTemplates;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingCertificate;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seals, opens and checks secrets. Only {@code unseal} and {@code keygen} print anything secret. */
@Command(
        name = "secret",
        mixinStandardHelpOptions = true,
        description = "Makes keys; seals, opens, re-encrypts and checks secrets.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  gitops secret seal --cert public.pem secret.yaml"})
final class SecretCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Kinds of keys. */
    enum KeyKind {
        AGE,
        SEALED
    }

    @Command(
            name = "keygen",
            mixinStandardHelpOptions = true,
            description = "Prints a new key: an age identity, or the Secret of a sealing key.",
            footer = {"", "Example:", "  gitops secret keygen age > keys.txt"})
    int keygen(@Parameters(paramLabel = "age|sealed") KeyKind kind) {
        SecureRandom random = new SecureRandom();
        if (kind == KeyKind.AGE) {
            AgeIdentity identity = AgeIdentity.generate(random);
            return print("# public key: " + identity.recipient() + "\n" + identity.reveal() + "\n");
        }
        SealingKey key = KeyGeneration.generate(4096, Instant.now(), Duration.ofDays(3650), random);
        return print(YamlWriter.write(key.toSecret("kube-system", "sealed-secrets-key")));
    }

    @Command(
            name = "seal",
            mixinStandardHelpOptions = true,
            description = "Seals a Secret for a certificate.",
            footer = {"", "Example:", "  gitops secret seal --cert public.pem secret.yaml"})
    int seal(
            @Option(names = "--cert", paramLabel = "FILE", required = true) Path cert,
            @Option(names = "--scope", defaultValue = "strict", description = "strict, namespace-wide or cluster-wide")
                    String scope,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        SealScope chosen = switch (scope) {
            case "strict" -> SealScope.STRICT;
            case "namespace-wide" -> SealScope.NAMESPACE_WIDE;
            case "cluster-wide" -> SealScope.CLUSTER_WIDE;
            default -> throw new GitOpsException("SCOPE", "no such scope: " + scope);
        };
        SealingCertificate certificate =
                SealingCertificate.parse(Files.readString(cert)).orThrow();
        SecretObject secret = SecretObject.of(ObjectFiles.oneSecret(file, "Secret"));
        return print(YamlWriter.write(SealedSecrets.plain()
                .seal(secret, certificate.publicKey(), chosen, new SecureRandom())
                .orThrow()));
    }

    @Command(
            name = "unseal",
            mixinStandardHelpOptions = true,
            description = "Prints the Secret in a SealedSecret.",
            footer = {"", "Example:", "  gitops secret unseal --key key.yaml sealed.yaml"})
    int unseal(
            @Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        return print(YamlWriter.write(sealedSecrets()
                .unseal(ObjectFiles.oneSecret(file, "SealedSecret"), new Keys(keys).sealing())
                .orThrow()
                .reveal()));
    }

    @Command(
            name = "re-encrypt",
            mixinStandardHelpOptions = true,
            description = "Seals a SealedSecret anew for another certificate.",
            footer = {"", "Example:", "  gitops secret re-encrypt --key old.yaml --cert new.pem sealed.yaml"})
    int reEncrypt(
            @Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys,
            @Option(names = "--cert", paramLabel = "FILE", required = true) Path cert,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        SealingCertificate certificate =
                SealingCertificate.parse(Files.readString(cert)).orThrow();
        return print(YamlWriter.write(sealedSecrets()
                .reEncrypt(
                        ObjectFiles.oneSecret(file, "SealedSecret"),
                        new Keys(keys).sealing(),
                        certificate.publicKey(),
                        new SecureRandom())
                .orThrow()));
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Names the sealed and encrypted files that do not open. Exits with 1 when there are any.",
            footer = {"", "Example:", "  gitops secret check --key key.yaml --key keys.txt infrastructure"})
    int check(
            @Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys,
            @Parameters(paramLabel = "DIR") Path folder)
            throws IOException {
        Keys given = new Keys(keys);
        SealingKeys sealing = given.sealing();
        Sops sops = Sops.withIdentities(given.identities);
        int opened = 0;
        int failed = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            Bytes content = Bytes.of(Files.readAllBytes(file));
            List<Problem> problems = new ArrayList<>();
            String name = file.toString();
            String text = content.utf8();
            if (sops.recognises(name, content)) {
                problems.addAll(sops.decrypt(name, content).errors());
            } else if (text.startsWith("age-encryption.org/v1")
                    || text.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) {
                problems.addAll(Age.decrypt(content, given.identities).errors());
            } else if (name.matches(".*\\.(ya?ml|json)") && text.contains("SealedSecret")) {
                List<JsonObject> objects =
                        YamlReader.kubectl().readObjects(name, text).value().orElse(List.of());
                List<JsonObject> sealed = objects.stream()
                        .filter(object -> "SealedSecret".equals(object.text("kind")))
                        .toList();
                if (sealed.isEmpty() && !objects.isEmpty()) {
                    continue;
                }
                if (sealed.isEmpty()) {
                    problems.add(Problem.error("UNREADABLE", "the file cannot be read"));
                }
                sealed.forEach(object -> problems.addAll(sealedSecrets().validate(object, sealing)));
            } else {
                continue;
            }
            if (problems.isEmpty()) {
                opened++;
            } else {
                failed++;
                // Codes only: a problem's text may quote the file.
                spec.commandLine()
                        .getOut()
                        .println(name + ": "
                                + String.join(
                                        ", ",
                                        problems.stream()
                                                .map(Problem::code)
                                                .distinct()
                                                .toList()));
            }
        }
        print(opened + " open, " + failed + " do not\n");
        return failed == 0 ? 0 : 1;
    }

    private static SealedSecrets sealedSecrets() {
        return SealedSecrets.withTemplates(new GoSecretTemplates(Limits.defaults()));
    }

    private int print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** Key files: Secrets of sealing keys, PEM private keys, age identities. */
    private static final class Keys {
        private final List<SealingKey> sealing = new ArrayList<>();
        private final List<AgeIdentity> identities = new ArrayList<>();

        Keys(List<Path> files) throws IOException {
            for (Path file : files) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                if (text.toUpperCase(Locale.ROOT).contains("AGE-SECRET-KEY-")) {
                    identities.addAll(AgeIdentity.parseFile(text).orThrow());
                } else if (text.contains("-----BEGIN")) {
                    sealing.add(SealingKey.fromPem(text, null).orThrow());
                } else {
                    List<SealingKey> read = SealingKeys.fromObjects(ObjectFiles.readSecret(file))
                            .keys();
                    if (read.isEmpty()) {
                        throw new GitOpsException("BAD_KEY", file + " holds no key");
                    }
                    sealing.addAll(read);
                }
            }
        }

        SealingKeys sealing() {
            return SealingKeys.of(sealing);
        }
    }
}
