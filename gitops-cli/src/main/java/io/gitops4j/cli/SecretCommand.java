package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealingCertificate;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        subcommands = {SecretSealCommand.class, SecretRotateCommand.class, SecretEditCommand.class},
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
    int keygen(
            @Parameters(paramLabel = "age|sealed") KeyKind kind,
            @Option(
                            names = "--import",
                            paramLabel = "FILE",
                            description = "Take this RSA key with its certificate, in PEM, instead of a new one.")
                    @Nullable
                    Path imported)
            throws IOException {
        SecureRandom random = new SecureRandom();
        if (kind == KeyKind.AGE) {
            AgeIdentity identity = AgeIdentity.generate(random);
            return print("# public key: " + identity.recipient() + "\n" + identity.reveal() + "\n");
        }
        SealingKey key;
        if (imported == null) {
            key = KeyGeneration.generate(4096, Instant.now(), Duration.ofDays(3650), random);
        } else {
            String pem = Files.readString(imported);
            key = SealingKey.fromPem(pem, pem).orThrow();
        }
        return print(YamlWriter.write(key.toSecret("kube-system", "sealed-secrets-key")));
    }

    @Command(
            name = "unseal",
            mixinStandardHelpOptions = true,
            description = "Prints what a SealedSecret, a SOPS file or an age file holds.",
            footer = {"", "Example:", "  gitops secret unseal --key key.yaml sealed.yaml"})
    int unseal(
            @Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys,
            @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        if (SecretFiles.tooLarge(file)) {
            throw new GitOpsException("FILE_SIZE", file + " is too large for a secret");
        }
        Bytes content = SecretFiles.content(file);
        return print(new SecretFiles(keys)
                .open(file, content, SecretFiles.kind(file, content))
                .orThrow()
                .revealUtf8());
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
        return print(YamlWriter.write(SecretFiles.sealedSecrets()
                .reEncrypt(
                        ObjectFiles.oneSecret(file, "SealedSecret"),
                        new SecretFiles(keys).sealing(),
                        certificate.publicKey(),
                        new SecureRandom())
                .orThrow()));
    }

    @Command(
            name = "check",
            aliases = "validate",
            mixinStandardHelpOptions = true,
            description = "Names the sealed and encrypted files that do not open. Exits with 1 when there are any.",
            footer = {"", "Example:", "  gitops secret check --key key.yaml --key keys.txt infrastructure"})
    int check(
            @Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys,
            @Parameters(paramLabel = "DIR") Path folder)
            throws IOException {
        SecretFiles given = new SecretFiles(keys);
        int opened = 0;
        int failed = 0;
        for (Path file : SecretFiles.below(folder)) {
            if (SecretFiles.kind(file, SecretFiles.content(file)) == SecretFiles.Kind.OTHER) {
                continue;
            }
            List<String> codes =
                    given.check(file).stream().map(Problem::code).distinct().toList();
            if (codes.isEmpty()) {
                opened++;
            } else {
                failed++;
                // Codes only: a problem's text may quote the file.
                spec.commandLine().getOut().println(file + ": " + String.join(", ", codes));
            }
        }
        print(opened + " open, " + failed + " do not\n");
        return failed == 0 ? 0 : 1;
    }

    @Command(
            name = "cert",
            mixinStandardHelpOptions = true,
            description = "Prints the certificate of the newest sealing key, which may be given to anybody.",
            footer = {"", "Example:", "  gitops secret cert --key key.yaml > public.pem"})
    int cert(@Option(names = "--key", paramLabel = "FILE", required = true) List<Path> keys) throws IOException {
        SealingCertificate certificate = new SecretFiles(keys)
                .sealing()
                .newest()
                .map(SealingKey::certificate)
                .orElse(null);
        if (certificate == null) {
            throw new GitOpsException("NO_KEY", "there is no sealing key with a certificate among the keys");
        }
        return print(certificate.toPem());
    }

    private int print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
