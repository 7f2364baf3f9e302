package io.gitops4j.testkit;

import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The files of one commit of a {@link FakeRepository}. Directories exist where files are below them. */
final class FakeTree implements SourceTree {
    static final FakeTree EMPTY = new FakeTree(new TreeMap<>(), "");

    /** A file, symlink or submodule with its Git mode. */
    record Leaf(Entry type, Bytes content, String id) {
        static Leaf file(Bytes content) {
            return new Leaf(Entry.FILE, content, GitObjects.blob(content.toByteArray()));
        }

        static Leaf link(String target) {
            Bytes content = Bytes.utf8(target);
            return new Leaf(Entry.SYMLINK, content, GitObjects.blob(content.toByteArray()));
        }

        static Leaf submodule(String commit) {
            return new Leaf(Entry.SUBMODULE, Bytes.utf8(""), commit);
        }

        String mode() {
            return switch (type) {
                case SYMLINK -> "120000";
                case SUBMODULE -> "160000";
                default -> "100644";
            };
        }
    }

    private final TreeMap<String, Leaf> leaves;
    private final String description;
    /** Ids of directories, computed once: the leaves of a tree do not change. */
    private final Map<String, String> ids = new ConcurrentHashMap<>();

    FakeTree(TreeMap<String, Leaf> leaves, String description) {
        this.leaves = leaves;
        this.description = description;
    }

    TreeMap<String, Leaf> copyOfLeaves() {
        return new TreeMap<>(leaves);
    }

    FakeTree described(String newDescription) {
        return new FakeTree(leaves, newDescription);
    }

    String id() {
        return directoryId("");
    }

    @Override
    public Entry entry(String path) {
        Leaf leaf = leaves.get(path);
        if (leaf != null) {
            return leaf.type();
        }
        return isDirectory(path) ? Entry.DIRECTORY : Entry.MISSING;
    }

    @Override
    public Optional<Bytes> read(String path) {
        Leaf leaf = leaves.get(path);
        return leaf != null && leaf.type() == Entry.FILE ? Optional.of(leaf.content()) : Optional.empty();
    }

    @Override
    public List<String> list(String path) {
        String prefix = prefix(path);
        TreeSet<String> names = new TreeSet<>();
        for (String each : leaves.tailMap(prefix, true).keySet()) {
            if (!each.startsWith(prefix)) {
                break;
            }
            int slash = each.indexOf('/', prefix.length());
            names.add(slash < 0 ? each.substring(prefix.length()) : each.substring(prefix.length(), slash));
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<String> linkTarget(String path) {
        Leaf leaf = leaves.get(path);
        return leaf != null && leaf.type() == Entry.SYMLINK
                ? Optional.of(leaf.content().utf8())
                : Optional.empty();
    }

    @Override
    public Optional<String> contentId(String path) {
        Leaf leaf = leaves.get(path);
        if (leaf != null) {
            return Optional.of(leaf.id());
        }
        return isDirectory(path) ? Optional.of(directoryId(path)) : Optional.empty();
    }

    @Override
    public String description() {
        return description;
    }

    private String directoryId(String path) {
        String known = ids.get(path);
        if (known == null) {
            known = computedId(path);
            ids.put(path, known);
        }
        return known;
    }

    private String computedId(String path) {
        List<GitObjects.Entry> entries = new ArrayList<>();
        for (String name : list(path)) {
            String child = prefix(path) + name;
            Leaf leaf = leaves.get(child);
            entries.add(
                    leaf == null
                            ? new GitObjects.Entry("40000", name, directoryId(child))
                            : new GitObjects.Entry(leaf.mode(), name, leaf.id()));
        }
        return GitObjects.tree(entries);
    }

    private boolean isDirectory(String path) {
        if (path.isEmpty()) {
            return true;
        }
        @Nullable String next = leaves.higherKey(path + "/");
        return next != null && next.startsWith(path + "/");
    }

    private static String prefix(String path) {
        return path.isEmpty() ? "" : path + "/";
    }

    static FakeTree of(Map<String, Leaf> leaves) {
        return new FakeTree(new TreeMap<>(leaves), "");
    }
}
