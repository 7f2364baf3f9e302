package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The files of one commit, read from the object database. Safe for use by several threads. */
final class JGitTree implements SourceTree {
    private static final byte[] LFS =
            "version https://git-lfs.github.com/spec/".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final GitUrl url;
    private final ObjectStore store;
    private final ObjectId tree;
    private final String description;
    private final long largestFile;

    JGitTree(GitUrl url, ObjectStore store, ObjectId tree, String description, long largestFile) {
        this.url = url;
        this.store = store;
        this.tree = tree;
        this.description = description;
        this.largestFile = largestFile;
    }

    @Override
    public Entry entry(String path) {
        if (path.isEmpty()) {
            return Entry.DIRECTORY;
        }
        Found found = find(path);
        return found == null ? Entry.MISSING : found.entry();
    }

    @Override
    public Optional<Bytes> read(String path) {
        Found found = find(path);
        if (found == null || found.entry() != Entry.FILE) {
            return Optional.empty();
        }
        byte[] content = load(path, found.id());
        if (startsWith(content, LFS)) {
            throw new GitOpsException(
                    "LFS_POINTER", path + " is a Git LFS pointer, its content is not in the repository");
        }
        return Optional.of(Bytes.of(content));
    }

    @Override
    public List<String> list(String path) {
        ObjectId directory = tree;
        if (!path.isEmpty()) {
            Found found = find(path);
            if (found == null || found.entry() != Entry.DIRECTORY) {
                return List.of();
            }
            directory = found.id();
        }
        ObjectId listed = directory;
        return store.read(url, repository -> {
            try (ObjectReader reader = repository.newObjectReader()) {
                TreeSet<String> names = new TreeSet<>();
                CanonicalTreeParser parser = new CanonicalTreeParser(null, reader, listed);
                while (!parser.eof()) {
                    names.add(parser.getEntryPathString());
                    parser.next();
                }
                return List.copyOf(names);
            }
        });
    }

    @Override
    public Optional<String> linkTarget(String path) {
        Found found = find(path);
        return found == null || found.entry() != Entry.SYMLINK
                ? Optional.empty()
                : Optional.of(Bytes.of(load(path, found.id())).utf8());
    }

    @Override
    public Optional<String> contentId(String path) {
        if (path.isEmpty()) {
            return Optional.of(tree.name());
        }
        Found found = find(path);
        return found == null ? Optional.empty() : Optional.of(found.id().name());
    }

    @Override
    public String description() {
        return description;
    }

    private record Found(Entry entry, ObjectId id) {}

    private @Nullable Found find(String path) {
        if (path.isEmpty() || path.startsWith("/") || path.endsWith("/")) {
            return null;
        }
        return store.read(url, repository -> {
                    try (TreeWalk walk = TreeWalk.forPath(repository, path, tree)) {
                        return Optional.ofNullable(walk)
                                .map(found -> new Found(entryOf(found.getFileMode(0)), found.getObjectId(0)));
                    }
                })
                .orElse(null);
    }

    private static Entry entryOf(FileMode mode) {
        if (FileMode.TREE.equals(mode)) {
            return Entry.DIRECTORY;
        }
        if (FileMode.SYMLINK.equals(mode)) {
            return Entry.SYMLINK;
        }
        return FileMode.GITLINK.equals(mode) ? Entry.SUBMODULE : Entry.FILE;
    }

    private byte[] load(String path, ObjectId id) {
        return store.read(url, repository -> {
            if (store.isLeftOut(id)) {
                throw tooLarge(path);
            }
            ObjectLoader loader = repository.open(id);
            if (loader.getSize() > largestFile) {
                throw new GitOpsException(
                        "FILE_SIZE",
                        path + " has " + loader.getSize() + " bytes, more than the " + largestFile + " allowed");
            }
            try {
                return loader.getCachedBytes((int) Math.min(largestFile, Integer.MAX_VALUE));
            } catch (LargeObjectException e) {
                throw tooLarge(path);
            }
        });
    }

    private static GitOpsException tooLarge(String path) {
        return new GitOpsException("FILE_SIZE", path + " is larger than the bytes allowed");
    }

    private static boolean startsWith(byte[] content, byte[] prefix) {
        if (content.length < prefix.length || content.length > 1024) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (content[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
