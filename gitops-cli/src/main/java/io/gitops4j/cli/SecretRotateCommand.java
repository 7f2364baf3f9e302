package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secrets.sealed.SealingCertificate;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sops.KeyGroup;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Seals and encrypts every file of a repository anew. Nothing is written unless everything opens. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = "Seals every SealedSecret for a new key and gives every SOPS file a new data key, in place.",
        footer = {"", "Example:", "  gitops secret rotate --key old.yaml --key new.yaml --key keys.txt infrastructure"})
final class SecretRotateCommand implements Callable<Integer> {
    @Option(names = "--key", paramLabel = "FILE", required = true, description = "Keys that open what is there.")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "Certificate to seal for. Default: that of the newest key.")
    private @Nullable Path cert;

    @Option(
            names = "--age",
            paramLabel = "RECIPIENT",
            description = "Recipients of SOPS files from now on. Default: each file's own. May be repeated.")
    private List<String> recipients = new ArrayList<>();

    @Parameters(paramLabel = "DIR")
    private Path folder = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        SecretFiles files = new SecretFiles(keys);
        Map<Path, String> written = new LinkedHashMap<>();
        int failed = 0;
        for (Path file : SecretFiles.below(folder)) {
            Bytes content = SecretFiles.content(file);
            SecretFiles.Kind kind = SecretFiles.kind(file, content);
            if (kind != SecretFiles.Kind.SEALED && kind != SecretFiles.Kind.SOPS) {
                continue;
            }
            Outcome<String> anew = SecretFiles.tooLarge(file)
                    ? Outcome.failed(Problem.error("FILE_SIZE", "the file is too large"))
                    : kind == SecretFiles.Kind.SOPS ? sops(files, file, content) : sealed(files, file, content);
            String text = anew.orNull();
            if (text == null) {
                failed++;
                out.println(file + ": " + anew.errors().get(0).code());
            } else if (!text.isEmpty()) {
                written.put(file, text);
            }
        }
        if (failed == 0) {
            for (Map.Entry<Path, String> entry : written.entrySet()) {
                SecretFiles.replace(entry.getKey(), entry.getValue());
                out.println(entry.getKey() + ": rotated");
            }
        }
        out.println(failed == 0 ? written.size() + " rotated" : failed + " do not open; nothing was written");
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private Outcome<String> sops(SecretFiles files, Path file, Bytes content) {
        Sops.Encryption own = Sops.encryptionOf(file.toString(), content, Instant.now(), Limits.defaults());
        Sops.Encryption how = recipients.isEmpty()
                ? own
                : new Sops.Encryption(
                        List.of(KeyGroup.ofAge(recipients)),
                        0,
                        own.rule(),
                        own.macOnlyEncrypted(),
                        own.now(),
                        List.of());
        return files.sops().rotate(file.toString(), content, how, random);
    }

    /** The file with its SealedSecrets sealed anew; {@code ""} when it holds none. */
    private Outcome<String> sealed(SecretFiles files, Path file, Bytes content) {
        List<JsonObject> objects = YamlReader.kubectl()
                .readObjects(file.toString(), content.utf8())
                .value()
                .orElse(List.of());
        List<JsonObject> anew = new ArrayList<>();
        boolean any = objects.isEmpty();
        for (JsonObject object : objects) {
            if (!"SealedSecret".equals(object.text("kind"))) {
                anew.add(object);
                continue;
            }
            any = true;
            Outcome<JsonObject> one =
                    SecretFiles.sealedSecrets().reEncrypt(object, files.sealing(), publicKey(files), random);
            JsonObject sealed = one.orNull();
            if (sealed == null) {
                return Outcome.failed(one.problems());
            }
            anew.add(sealed);
        }
        if (objects.isEmpty()) {
            return Outcome.failed(Problem.error("UNREADABLE", "the file cannot be read"));
        }
        return Outcome.of(any ? YamlWriter.writeAll(new ArrayList<>(anew)) : "");
    }

    private RSAPublicKey publicKey(SecretFiles files) {
        Path file = cert;
        if (file == null) {
            return files.sealing()
                    .newest()
                    .map(SealingKey::publicKey)
                    .orElseThrow(() -> new GitOpsException("NO_KEY", "there is no sealing key among the keys"));
        }
        try {
            return SealingCertificate.parse(Files.readString(file)).orThrow().publicKey();
        } catch (IOException e) {
            throw new GitOpsException("NOT_FOUND", file + " cannot be read");
        }
    }
}
