package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.recovery.snapshot.SnapshotStore;
import io.gitops4j.source.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A store in a folder; every file is moved into place whole, so that a killed run leaves no half of one. */
final class DirectorySnapshotStore implements SnapshotStore {
    private final Path folder;

    DirectorySnapshotStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<Bytes> get(String key) {
        Path file = file(key);
        try {
            return Files.isRegularFile(file) ? Optional.of(Bytes.of(Files.readAllBytes(file))) : Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    @Override
    public boolean has(String key) {
        return Files.isRegularFile(file(key));
    }

    @Override
    public void put(String key, Bytes content) {
        write(file(key), content.toByteArray());
    }

    @Override
    public List<String> list(String prefix) {
        Path place = file(prefix);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> prefix + file.getFileName())
                    .filter(name -> !name.endsWith(".tmp"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed("read", place, e);
        }
    }

    @Override
    public Optional<String> head() {
        return get("head").map(bytes -> bytes.utf8().trim());
    }

    @Override
    public boolean cas(Optional<String> expected, String next) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("head.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid() || !head().equals(expected)) {
                    return false;
                }
                write(folder.resolve("head"), (next + "\n").getBytes(StandardCharsets.US_ASCII));
                return true;
            }
        } catch (IOException e) {
            throw failed("lock", folder, e);
        }
    }

    private Path file(String key) {
        return folder.resolve(key);
    }

    private static void write(Path file, byte[] content) {
        try {
            Path place = file.toAbsolutePath().getParent();
            if (place != null) {
                Files.createDirectories(place);
            }
            Path whole = file.resolveSibling(file.getFileName() + ".tmp");
            Files.write(whole, content);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private static GitOpsException failed(String verb, Path file, IOException e) {
        return new GitOpsException("SNAPSHOT_STORE", "cannot " + verb + " " + file + ": " + e.getMessage(), e);
    }
}
