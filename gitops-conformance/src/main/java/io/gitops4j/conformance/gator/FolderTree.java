package io.gitops4j.conformance.gator;

import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of cases as a tree. */
record FolderTree(Path root) implements SourceTree {

    @Override
    public Entry entry(String path) {
        Path file = root.resolve(path);
        return Files.isDirectory(file) ? Entry.DIRECTORY : Files.isRegularFile(file) ? Entry.FILE : Entry.MISSING;
    }

    @Override
    public Optional<Bytes> read(String path) {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Bytes.of(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> list(String path) {
        try (Stream<Path> files = Files.list(root.resolve(path))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
