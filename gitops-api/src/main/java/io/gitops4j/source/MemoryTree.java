package io.gitops4j.source;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A {@link SourceTree} over a map of paths to bytes. */
public final class MemoryTree implements SourceTree {
    private final TreeMap<String, Bytes> files;

    private MemoryTree(TreeMap<String, Bytes> files) {
        this.files = files;
    }

    /** A tree of these files. */
    public static MemoryTree of(Map<String, Bytes> files) {
        return new MemoryTree(new TreeMap<>(files));
    }

    /** A tree of these UTF-8 files. */
    public static MemoryTree ofText(Map<String, String> files) {
        TreeMap<String, Bytes> bytes = new TreeMap<>();
        files.forEach((path, text) -> bytes.put(path, Bytes.utf8(text)));
        return new MemoryTree(bytes);
    }

    /** This tree with one file added or replaced. */
    public MemoryTree with(String path, String text) {
        TreeMap<String, Bytes> copy = new TreeMap<>(files);
        copy.put(path, Bytes.utf8(text));
        return new MemoryTree(copy);
    }

    /** All files, sorted by path. */
    public Map<String, Bytes> files() {
        return Collections.unmodifiableMap(files);
    }

    @Override
    public Entry entry(String path) {
        if (files.containsKey(path)) {
            return Entry.FILE;
        }
        return isDirectory(path) ? Entry.DIRECTORY : Entry.MISSING;
    }

    @Override
    public Optional<Bytes> read(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> list(String path) {
        String prefix = path.isEmpty() ? "" : path + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String file : files.tailMap(prefix, false).keySet()) {
            if (!file.startsWith(prefix)) {
                break;
            }
            int slash = file.indexOf('/', prefix.length());
            names.add(slash < 0 ? file.substring(prefix.length()) : file.substring(prefix.length(), slash));
        }
        return List.copyOf(names);
    }

    private boolean isDirectory(String path) {
        if (path.isEmpty()) {
            return true;
        }
        @Nullable String next = files.higherKey(path + "/");
        return next != null && next.startsWith(path + "/");
    }
}
