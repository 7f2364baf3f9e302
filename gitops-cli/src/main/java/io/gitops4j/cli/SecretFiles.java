package io.gitops4j.cli;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.GoSecretTemplates;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import io.gitops4j.secrets.sops.Sops;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Sealed and encrypted files with the keys that open them. Key files hold Secrets of sealing keys, PEM keys or age identities. */
final class SecretFiles {
    /** Nothing larger is read: no sealed or encrypted file is, and a broken check should not eat the memory. */
    private static final long LARGEST = 10L << 20;

    private static final int HEAD = 64 << 10;

    private final List<SealingKey> sealing = new ArrayList<>();
    private final List<AgeIdentity> identities = new ArrayList<>();

    SecretFiles(List<Path> keys) throws IOException {
        for (Path file : keys) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (isIdentities(text)) {
                identities.addAll(AgeIdentity.parseFile(text).orThrow());
            } else if (text.contains("PRIVATE KEY-----")) {
                sealing.add(SealingKey.fromPem(text, text.contains("-----BEGIN CERTIFICATE") ? text : null)
                        .orThrow());
            } else {
                List<SealingKey> read =
                        SealingKeys.fromObjects(ObjectFiles.readSecret(file)).keys();
                if (read.isEmpty()) {
                    throw new GitOpsException("BAD_KEY", file + " holds no key");
                }
                sealing.addAll(read);
            }
        }
    }

    /** Whether a key file holds age identities. */
    static boolean holdsIdentities(Path file) throws IOException {
        return isIdentities(Files.readString(file, StandardCharsets.UTF_8));
    }

    private static boolean isIdentities(String text) {
        return text.toUpperCase(Locale.ROOT).contains("AGE-SECRET-KEY-");
    }

    /** What a file is. */
    enum Kind {
        SEALED,
        SOPS,
        AGE,
        OTHER
    }

    List<AgeIdentity> identities() {
        return identities;
    }

    SealingKeys sealing() {
        return SealingKeys.of(sealing);
    }

    Sops sops() {
        return Sops.withIdentities(identities);
    }

    static SealedSecrets sealedSecrets() {
        return SealedSecrets.withTemplates(new GoSecretTemplates(Limits.defaults()));
    }

    static Kind kind(Path file, Bytes content) {
        String name = file.toString();
        String text = content.utf8();
        if (Sops.withIdentities(List.of()).recognises(name, content)) {
            return Kind.SOPS;
        }
        if (text.startsWith("age-encryption.org/v1") || text.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) {
            return Kind.AGE;
        }
        boolean manifest = name.matches(".*\\.(ya?ml|json)") && text.contains("SealedSecret");
        return manifest ? Kind.SEALED : Kind.OTHER;
    }

    /** The files below a path that may be sealed or encrypted, by name; repositories' own folders are left out. */
    static List<Path> below(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(file -> !path.relativize(file).toString().startsWith(".git/"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** The content of a file; of one that is too large its beginning, which tells its kind. */
    static Bytes content(Path file) throws IOException {
        if (Files.size(file) <= LARGEST) {
            return Bytes.of(Files.readAllBytes(file));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Bytes.of(in.readNBytes(HEAD));
        }
    }

    static boolean tooLarge(Path file) throws IOException {
        return Files.size(file) > LARGEST;
    }

    /** The SealedSecrets in a file; a problem when it cannot be read. */
    static Outcome<List<JsonObject>> sealedIn(Path file, Bytes content) {
        Outcome<List<JsonObject>> read = YamlReader.kubectl().readObjects(file.toString(), content.utf8());
        List<JsonObject> objects = read.orNull();
        return objects == null
                ? Outcome.failed(Problem.error("UNREADABLE", "the file cannot be read"))
                : Outcome.of(objects.stream()
                        .filter(object -> "SealedSecret".equals(object.text("kind")))
                        .toList());
    }

    /** What keeps a file from opening; empty for one that opens and for one that is neither sealed nor encrypted. */
    List<Problem> check(Path file) throws IOException {
        Bytes content = content(file);
        Kind kind = kind(file, content);
        if (kind == Kind.OTHER) {
            return List.of();
        }
        if (tooLarge(file)) {
            return List.of(Problem.error("FILE_SIZE", "the file is larger than " + LARGEST + " bytes"));
        }
        if (kind != Kind.SEALED) {
            return open(file, content, kind).errors();
        }
        Outcome<List<JsonObject>> sealed = sealedIn(file, content);
        List<Problem> problems = new ArrayList<>(sealed.problems());
        for (JsonObject object : sealed.value().orElse(List.of())) {
            problems.addAll(sealedSecrets().validate(object, sealing()));
        }
        return problems;
    }

    /** The clear text of a file, whatever sealed it. */
    Outcome<SecretValue> open(Path file, Bytes content, Kind kind) {
        return switch (kind) {
            case SOPS -> sops().decrypt(file.toString(), content);
            case AGE -> Age.decrypt(content, identities);
            case OTHER -> Outcome.failed(Problem.error("NOT_SEALED", file + " is neither sealed nor encrypted"));
            case SEALED ->
                sealedIn(file, content).then(objects -> {
                    List<JsonObject> opened = new ArrayList<>();
                    for (JsonObject object : objects) {
                        Outcome<JsonObject> one =
                                sealedSecrets().unseal(object, sealing()).map(io.gitops4j.secret.SecretObject::reveal);
                        JsonObject secret = one.orNull();
                        if (secret == null) {
                            return Outcome.failed(one.problems());
                        }
                        opened.add(secret);
                    }
                    return opened.isEmpty()
                            ? Outcome.failed(Problem.error("NOT_SEALED", file + " holds no SealedSecret"))
                            : Outcome.of(SecretValue.utf8(YamlWriter.writeAll(opened)));
                });
        };
    }

    /** Replaces a file by a complete new one, so that a crash leaves the old or the new. Only sealed text is ever written. */
    static void replace(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(folder, ".sealed", "");
        try {
            Files.writeString(fresh, text);
            Files.move(
                    fresh,
                    file,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
