package io.gitops4j.git;

import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder of the disk as a tree; what was looked at once is remembered. Not for use by several threads. */
public final class FolderTree implements SourceTree {
    private final Path root;
    private final Map<String, Entry> entries = new HashMap<>();

    /** The tree of a directory. */
    public FolderTree(Path root) {
        this.root = root;
    }

    @Override
    public Entry entry(String path) {
        return entries.computeIfAbsent(path, this::look);
    }

    private Entry look(String path) {
        Path at = at(path).orElse(null);
        if (at == null) {
            return Entry.MISSING;
        }
        if (Files.isSymbolicLink(at)) {
            return Entry.SYMLINK;
        }
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            return Entry.DIRECTORY;
        }
        return Files.exists(at, LinkOption.NOFOLLOW_LINKS) ? Entry.FILE : Entry.MISSING;
    }

    private Optional<Path> at(String path) {
        try {
            return Optional.of(root.resolve(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Bytes> read(String path) {
        if (entry(path) != Entry.FILE) {
            return Optional.empty();
        }
        try {
            return Optional.of(Bytes.of(Files.readAllBytes(root.resolve(path))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> list(String path) {
        if (entry(path) != Entry.DIRECTORY) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(root.resolve(path))) {
            return found.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> linkTarget(String path) {
        try {
            return entry(path) == Entry.SYMLINK
                    ? Optional.of(Files.readSymbolicLink(root.resolve(path)).toString())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
