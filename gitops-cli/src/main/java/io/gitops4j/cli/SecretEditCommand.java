package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes a sealed or encrypted file: one value from standard input, or the whole of it in an editor. */
@Command(
        name = "edit",
        mixinStandardHelpOptions = true,
        description = {
            "Changes a SealedSecret or a SOPS file in place.",
            "With --set the new value comes from standard input and no clear text is written anywhere. Without it, the file is",
            "opened in $EDITOR as a private temporary file, which is overwritten and removed afterwards."
        },
        footer = {
            "",
            "Example:",
            "  printf %s \"$NEW\" | gitops secret edit --key keys.txt --set stringData.password db.enc.yaml"
        })
final class SecretEditCommand implements Callable<Integer> {
    @Option(names = "--key", paramLabel = "FILE", required = true, description = "Keys that open it.")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY",
            description = "The value to replace: an item of a SealedSecret, or a path such as stringData.password.")
    private String set = "";

    @Option(names = "--editor", paramLabel = "PROGRAM", description = "Editor. Default: $EDITOR.")
    private @Nullable String editor;

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private InputStream input = System.in;

    @Override
    public Integer call() throws IOException {
        if (SecretFiles.tooLarge(file)) {
            throw new GitOpsException("FILE_SIZE", file + " is too large for a secret");
        }
        SecretFiles files = new SecretFiles(keys);
        Bytes content = SecretFiles.content(file);
        SecretFiles.Kind kind = SecretFiles.kind(file, content);
        if (kind == SecretFiles.Kind.SEALED) {
            sealed(files);
        } else if (kind == SecretFiles.Kind.SOPS) {
            sops(files, content);
        } else {
            throw new GitOpsException("NOT_SEALED", file + " is neither a SealedSecret nor a SOPS file");
        }
        return 0;
    }

    private void sops(SecretFiles files, Bytes content) throws IOException {
        SecretValue clear = files.sops().decrypt(file.toString(), content).orThrow();
        SecretValue changed = set.isEmpty() ? edited(clear) : replaced(clear);
        if (changed.equals(clear)) {
            return;
        }
        SecretFiles.replace(
                file,
                files.sops()
                        .update(file.toString(), content, changed, Instant.now(), random)
                        .orThrow());
    }

    private SecretValue replaced(SecretValue clear) throws IOException {
        if (!file.toString().matches(".*\\.(ya?ml|json)")) {
            throw new GitOpsException("UNSUPPORTED_FORMAT", "--set works on YAML and JSON; use an editor");
        }
        return Sops.set(
                        file.toString(),
                        clear,
                        List.of(set.split("\\.", -1)),
                        SecretValue.utf8(given()),
                        Limits.defaults())
                .orThrow();
    }

    /** Only what changed is sealed anew, so that a diff shows which items did. */
    private void sealed(SecretFiles files) throws IOException {
        JsonObject sealed = ObjectFiles.oneSecret(file, "SealedSecret");
        SealingKey key = files.sealing()
                .newest()
                .orElseThrow(() -> new GitOpsException("NO_KEY", "there is no sealing key among the keys"));
        JsonObject secret = SecretFiles.sealedSecrets()
                .unseal(sealed, files.sealing())
                .orThrow()
                .reveal();
        JsonObject before = secret.object("data");
        JsonObject after = set.isEmpty()
                ? items(edited(SecretValue.utf8(YamlWriter.write(secret))))
                : before.with(set, Base64.getEncoder().encodeToString(given().getBytes(StandardCharsets.UTF_8)));
        JsonObject metadata = sealed.object("metadata");
        JsonObject.Builder encrypted = JsonObject.builder();
        for (String item : after.keys()) {
            String old = sealed.object("spec").object("encryptedData").text(item);
            String text = after.text(item, "");
            if (old != null && text.equals(before.text(item))) {
                encrypted.put(item, old);
                continue;
            }
            encrypted.put(
                    item,
                    SecretFiles.sealedSecrets()
                            .sealRaw(
                                    SecretValue.of(decoded(item, text)),
                                    key.publicKey(),
                                    SealScope.of(metadata),
                                    metadata.text("namespace", ""),
                                    metadata.text("name", ""),
                                    random)
                            .orThrow());
        }
        SecretFiles.replace(
                file,
                YamlWriter.write(sealed.with("spec", sealed.object("spec").with("encryptedData", encrypted.build()))));
    }

    private static JsonObject items(SecretValue edited) {
        JsonObject secret = YamlReader.kubectl()
                .readObjects("", edited.revealUtf8())
                .value()
                .filter(objects -> objects.size() == 1)
                .orElseThrow(() -> new GitOpsException("YAML_SYNTAX", "what was edited is not one YAML object"))
                .get(0);
        JsonObject data = secret.object("data");
        for (String item : secret.object("stringData").keys()) {
            byte[] plain = secret.object("stringData").text(item, "").getBytes(StandardCharsets.UTF_8);
            data = data.with(item, Base64.getEncoder().encodeToString(plain));
        }
        return data;
    }

    private static byte[] decoded(String item, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new GitOpsException("BAD_BASE64", "data." + item + " is not base64");
        }
    }

    private String given() throws IOException {
        return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }

    private SecretValue edited(SecretValue clear) throws IOException {
        String program = editor == null ? System.getenv("EDITOR") : editor;
        if (program == null || program.isBlank()) {
            throw new GitOpsException("NO_EDITOR", "set EDITOR, or give --editor or --set");
        }
        // Created readable for its owner alone; memory-backed where the system has such a folder.
        Path memory = Path.of("/dev/shm");
        Path folder = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "secret")
                : Files.createTempDirectory("secret");
        Path clearFile = folder.resolve(file.getFileName().toString());
        try {
            Files.write(clearFile, clear.reveal());
            List<String> command = new ArrayList<>(List.of(program.trim().split("\\s+", -1)));
            command.add(clearFile.toString());
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new GitOpsException("EDITOR", "the editor ended with " + code + "; nothing was changed");
            }
            return SecretValue.of(Files.readAllBytes(clearFile));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitOpsException("EDITOR", "interrupted; nothing was changed");
        } finally {
            erase(clearFile);
            Files.deleteIfExists(folder);
        }
    }

    private static void erase(Path path) throws IOException {
        if (Files.exists(path)) {
            try (RandomAccessFile zeros = new RandomAccessFile(path.toFile(), "rws")) {
                zeros.write(new byte[(int) zeros.length()]);
            }
            Files.delete(path);
        }
    }
}
