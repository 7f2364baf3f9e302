package io.gitops4j.source;

import java.util.List;
import java.util.Optional;

/**
 * The files of a source at one revision. Paths are relative, {@code /}-separated, without {@code .} or {@code ..};
 * {@code ""} is the root. An implementation is immutable and confined: no path leads out of it.
 */
public interface SourceTree {

    /** What stands at a path. */
    enum Entry {
        MISSING,
        FILE,
        DIRECTORY,
        SYMLINK,
        SUBMODULE
    }

    /** What stands at {@code path}; a path through a symlink is {@link Entry#MISSING}. */
    Entry entry(String path);

    /** The content of the file at {@code path}; empty for anything but a file. */
    Optional<Bytes> read(String path);

    /** Names of the entries directly in the directory {@code path}, sorted by code unit; empty for anything else. */
    List<String> list(String path);

    /** The target of the symlink at {@code path} as stored; empty for anything else. */
    default Optional<String> linkTarget(String path) {
        return Optional.empty();
    }

    /**
     * An identifier of the content at {@code path} (file or directory) that is equal only where the content is, when the tree
     * has one without reading everything (a Git object id); empty otherwise.
     */
    default Optional<String> contentId(String path) {
        return Optional.empty();
    }

    /** How a person knows this tree, such as a repository and a revision. */
    default String description() {
        return "";
    }
}
