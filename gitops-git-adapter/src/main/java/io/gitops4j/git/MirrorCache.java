package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mirrors below one folder: a name and a lock for each URL, and a bound of bytes for all. When the bound is passed, those
 * go first that have not been used for the longest time; one that is open stays. Safe for use by several threads.
 */
final class MirrorCache {
    private static final String USED = "gitops4j-used";

    private final Path folder;
    private final long bytes;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<String, Integer> open = new LinkedHashMap<>();

    MirrorCache(Path folder, long bytes) {
        this.folder = folder;
        this.bytes = bytes;
    }

    Path folder() {
        return folder;
    }

    Path of(GitUrl url) {
        return folder.resolve(nameOf(url.text()) + ".git");
    }

    ReentrantLock lock(GitUrl url) {
        return locks.computeIfAbsent(nameOf(url.text()), name -> new ReentrantLock());
    }

    /** Notes that a mirror is in use, then makes room. */
    void opened(Path mirror) {
        synchronized (open) {
            open.merge(name(mirror), 1, Integer::sum);
        }
        try {
            Path mark = mirror.resolve(USED);
            if (!Files.exists(mark)) {
                Files.createFile(mark);
            }
            Files.setLastModifiedTime(mark, FileTime.from(Instant.now()));
            evict();
        } catch (IOException e) {
            throw new GitOpsException("GIT_CACHE", "the cache folder cannot be written: " + e.getMessage(), e);
        }
    }

    void closed(Path mirror) {
        synchronized (open) {
            open.merge(name(mirror), -1, (a, b) -> a + b <= 0 ? null : a + b);
        }
    }

    private record Kept(Path mirror, FileTime used, long size) {}

    private void evict() throws IOException {
        List<Kept> all = new ArrayList<>();
        long total = 0;
        try (Stream<Path> mirrors = Files.list(folder)) {
            for (Path mirror : mirrors.filter(m -> name(m).endsWith(".git")).toList()) {
                Path mark = mirror.resolve(USED);
                long size = size(mirror);
                total += size;
                all.add(new Kept(
                        mirror, Files.exists(mark) ? Files.getLastModifiedTime(mark) : FileTime.fromMillis(0), size));
            }
        }
        all.sort(Comparator.comparing(Kept::used).thenComparing(kept -> name(kept.mirror())));
        for (Kept kept : all) {
            if (total <= bytes) {
                return;
            }
            boolean inUse;
            synchronized (open) {
                inUse = open.containsKey(name(kept.mirror()));
            }
            if (!inUse) {
                delete(kept.mirror());
                total -= kept.size();
            }
        }
    }

    private static long size(Path mirror) throws IOException {
        long[] size = {0};
        Files.walkFileTree(mirror, new VanishingFiles() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                size[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }
        });
        return size[0];
    }

    static void delete(Path mirror) {
        if (!Files.exists(mirror)) {
            return;
        }
        try {
            Files.walkFileTree(mirror, new VanishingFiles() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new GitOpsException("GIT_CACHE", "cannot remove " + mirror + ": " + e.getMessage(), e);
        }
    }

    /** Other processes put packs together and lock files while we look: what is gone by then does not count. */
    private static class VanishingFiles extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }

    private static String name(Path mirror) {
        return String.valueOf(mirror.getFileName());
    }

    private static String nameOf(String url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
