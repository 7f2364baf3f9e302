package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.secret.SecretValue;
import io.gitops4j.secrets.age.Age;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The age identity that the embedded clusters are kept with. It lies in the user's own configuration, apart from the state, so
 * that a state that is copied or committed shows nothing; it is made when it is first needed.
 */
final class StateKey {
    private final Path file;
    private @Nullable AgeIdentity identity;

    private StateKey(Path file) {
        this.file = file;
    }

    /** The key in this file; else in the one that the property or the environment names; else the user's own. */
    static StateKey of(@Nullable Path given) {
        String named = System.getProperty("gitops4j.state.key", "");
        if (named.isEmpty()) {
            named = variable("GITOPS4J_STATE_KEY");
        }
        if (given != null || !named.isEmpty()) {
            return new StateKey(given != null ? given : Path.of(named));
        }
        String config = variable("XDG_CONFIG_HOME");
        Path base = config.isEmpty() ? Path.of(System.getProperty("user.home", "."), ".config") : Path.of(config);
        return new StateKey(base.resolve("gitops4j").resolve("state.key"));
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value.trim();
    }

    String seal(String text) {
        return Age.encryptArmored(SecretValue.utf8(text), List.of(identity(true).recipient()))
                .orThrow();
    }

    String open(Path sealed, String text) {
        return Age.decrypt(Bytes.utf8(text), List.of(identity(false)))
                .value()
                .map(SecretValue::revealUtf8)
                .orElseThrow(() -> new GitOpsException(
                        "STATE_KEY", sealed + " was kept with another key than " + file + "; give it by --state-key"));
    }

    private AgeIdentity identity(boolean make) {
        AgeIdentity known = identity;
        if (known == null) {
            try {
                if (make && !Files.exists(file)) {
                    make();
                }
                known = AgeIdentity.parseFile(Files.readString(file)).orThrow().get(0);
            } catch (IOException e) {
                throw new GitOpsException(
                        "STATE_KEY",
                        "the key of the embedded clusters, " + file + ", cannot be read or made; name another file by"
                                + " --state-key",
                        e);
            }
            identity = known;
        }
        return known;
    }

    private void make() throws IOException {
        AgeIdentity fresh = AgeIdentity.generate(new SecureRandom());
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, ownerOnly(folder));
        }
        Path whole = Files.createTempFile(folder, "state", ".key");
        try {
            Files.writeString(
                    whole,
                    "# Opens the embedded clusters of gitops. public key: " + fresh.recipient() + "\n" + fresh.reveal()
                            + "\n",
                    StandardCharsets.UTF_8);
            // Never half-written, and never over the key of another process.
            Files.createLink(file, whole);
        } catch (UnsupportedOperationException noLinks) {
            Files.copy(whole, file);
        } catch (FileAlreadyExistsException theirs) {
            return;
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(true))}
                : new FileAttribute<?>[0];
    }

    /** Makes it readable and writable for its owner alone, where the file system knows owners. */
    static void restrict(Path path, boolean folder) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, permissions(folder));
        }
    }

    private static Set<PosixFilePermission> permissions(boolean folder) {
        return PosixFilePermissions.fromString(folder ? "rwx------" : "rw-------");
    }
}
