package io.gitops4j.cli;

import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingCertificate;
import io.gitops4j.secrets.sops.CryptRule;
import io.gitops4j.secrets.sops.Sops;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seals a Secret for a certificate, or encrypts a file as SOPS does for age recipients. */
@Command(
        name = "seal",
        mixinStandardHelpOptions = true,
        description = "Seals a Secret for a certificate, or encrypts a file for age recipients.",
        footer = {
            "",
            "Examples:",
            "  gitops secret seal --cert public.pem secret.yaml",
            "  gitops secret seal --cert public.pem --raw --namespace shop --name db password.txt",
            "  gitops secret seal --age age1... secret.yaml > secret.enc.yaml"
        })
final class SecretSealCommand implements Callable<Integer> {
    @Option(names = "--cert", paramLabel = "FILE", description = "Certificate of the sealing key.")
    private @Nullable Path cert;

    @Option(names = "--scope", defaultValue = "strict", description = "strict, namespace-wide or cluster-wide")
    private String scope = "strict";

    @Option(names = "--raw", description = "Seal the bytes of the file and print the one sealed value.")
    private boolean raw;

    @Option(names = "--name", paramLabel = "NAME", description = "With --raw: name of the Secret.")
    private String name = "";

    @Option(names = "--namespace", paramLabel = "NAMESPACE", description = "With --raw: namespace of the Secret.")
    private String namespace = "";

    @Option(
            names = "--merge-into",
            paramLabel = "FILE",
            description = "Add or replace the Secret's items in this SealedSecret, whose scope and template stay.")
    private @Nullable Path mergeInto;

    @Option(names = "--age", paramLabel = "RECIPIENT", description = "Encrypt as SOPS does. May be repeated.")
    private List<String> recipients = new ArrayList<>();

    @Option(
            names = "--encrypted-regex",
            paramLabel = "REGEX",
            defaultValue = "^(data|stringData)$",
            description = "With --age: keys of a manifest that are encrypted. Default: ^(data|stringData)$.")
    private String regex = "";

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path certificateFile = cert;
        if ((certificateFile == null) == recipients.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "give either --cert or --age");
        }
        if (SecretFiles.tooLarge(file)) {
            throw new GitOpsException("FILE_SIZE", file + " is too large for a secret");
        }
        if (certificateFile == null) {
            return print(encrypted());
        }
        SealingCertificate certificate =
                SealingCertificate.parse(Files.readString(certificateFile)).orThrow();
        if (!certificate.isValidAt(Instant.now())) {
            throw new GitOpsException(
                    "CERTIFICATE_EXPIRED", certificateFile + " is valid until " + certificate.notAfter() + " only");
        }
        return raw ? print(raw(certificate) + "\n") : sealed(certificate);
    }

    private String encrypted() throws IOException {
        SecretValue clear = SecretValue.of(Files.readAllBytes(file));
        boolean manifest = file.toString().matches(".*\\.(ya?ml|json)");
        Sops.Encryption how = new Sops.Encryption(
                recipients, manifest ? CryptRule.encryptedRegex(regex) : CryptRule.defaults(), false, Instant.now());
        return Sops.encrypt(file.toString(), clear, how, new SecureRandom(), Limits.defaults())
                .orThrow();
    }

    private String raw(SealingCertificate certificate) throws IOException {
        SealScope chosen = scope();
        if ((namespace.isEmpty() && chosen != SealScope.CLUSTER_WIDE)
                || (name.isEmpty() && chosen == SealScope.STRICT)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--raw needs --namespace and, unless namespace-wide, --name");
        }
        return SealedSecrets.plain()
                .sealRaw(
                        SecretValue.of(Files.readAllBytes(file)),
                        certificate.publicKey(),
                        chosen,
                        namespace,
                        name,
                        new SecureRandom())
                .orThrow();
    }

    private int sealed(SealingCertificate certificate) throws IOException {
        SecretObject secret = SecretObject.of(ObjectFiles.oneSecret(file, "Secret"));
        Path target = mergeInto;
        if (target == null) {
            return print(YamlWriter.write(SealedSecrets.plain()
                    .seal(secret, certificate.publicKey(), scope(), new SecureRandom())
                    .orThrow()));
        }
        JsonObject merged = SealedSecrets.plain()
                .mergeInto(
                        ObjectFiles.oneSecret(target, "SealedSecret"),
                        secret,
                        certificate.publicKey(),
                        new SecureRandom())
                .orThrow();
        SecretFiles.replace(target, YamlWriter.write(merged));
        return 0;
    }

    private SealScope scope() {
        return switch (scope) {
            case "strict" -> SealScope.STRICT;
            case "namespace-wide" -> SealScope.NAMESPACE_WIDE;
            case "cluster-wide" -> SealScope.CLUSTER_WIDE;
            default -> throw new GitOpsException("SCOPE", "no such scope: " + scope);
        };
    }

    private int print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        return 0;
    }
}
