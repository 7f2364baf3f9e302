package io.gitops4j.kustomize.internal.load;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of one tree by path, symlinks followed inside the tree only.
 */
public final class TreeFiles {
    private static final int HOPS = 10;
    private static final int LONGEST_NAME = 255;
    private final SourceTree tree;
    private final String shownRoot;
    private final String repo;
    private final String ref;
    private final FileLog log;

    /**
     * @param tree the tree
     * @param shownRoot what stands before a path in messages: {@code /} or the directory that the tree was read from
     * @param repo URL of a cloned repository, {@code ""} for the tree that is built
     * @param ref revision asked for
     * @param log notes what is read
     */
    public TreeFiles(SourceTree tree, String shownRoot, String repo, String ref, FileLog log) {
        this.tree = tree;
        this.shownRoot = shownRoot.endsWith("/") ? shownRoot : shownRoot + "/";
        this.repo = repo;
        this.ref = ref;
        this.log = log;
    }

    public String repo() {
        return repo;
    }

    public String ref() {
        return ref;
    }

    /** A path as messages show it. */
    public String shown(String path) {
        return path.isEmpty()
                ? shownRoot.length() > 1 ? shownRoot.substring(0, shownRoot.length() - 1) : "/"
                : shownRoot + path;
    }

    /**
     * {@code path} seen from the directory {@code from}, without {@code .} and {@code ..}; an absolute path starts at the shown
     * root. {@code null} when it climbs out of the tree.
     */
    public @Nullable String join(String from, String path) {
        if (path.indexOf('\0') >= 0) {
            return null;
        }
        String start = from;
        String rest = path;
        if (path.startsWith("/")) {
            if (!(path + "/").startsWith(shownRoot)) {
                return null;
            }
            start = "";
            rest = (path + "/").substring(shownRoot.length());
        }
        Deque<String> parts = new ArrayDeque<>();
        return push(parts, start) && push(parts, rest) ? String.join("/", parts) : null;
    }

    private static boolean push(Deque<String> parts, String path) {
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            String part = path.substring(from, end);
            from = end + 1;
            if (part.isEmpty() || ".".equals(part)) {
                continue;
            }
            if (!"..".equals(part)) {
                parts.addLast(part);
            } else if (parts.pollLast() == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * The path without symlinks.
     *
     * @throws BuildFault when there is nothing at the path, or a link leads out of the tree or in circles
     */
    public String real(String path) {
        return real(path, path, HOPS);
    }

    private String real(String path, String asked, int hops) {
        StringBuilder done = new StringBuilder();
        int from = 0;
        while (from < path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            String at = done.length() == 0 ? path.substring(from, end) : done + "/" + path.substring(from, end);
            switch (entry(at)) {
                case MISSING -> throw missing(asked, at);
                case SYMLINK -> {
                    if (hops == 0) {
                        throw new BuildFault("SYMLINK_LOOP", "too many symlinks at '" + shown(asked) + "'");
                    }
                    String target = tree.linkTarget(at).orElse("");
                    String led = join(done.toString(), target);
                    if (led == null) {
                        throw new BuildFault(
                                        "SYMLINK_OUT_OF_BOUNDS",
                                        "security; symlink '" + shown(at) + "' leads out of '" + shown("") + "'")
                                .hint("a link may only lead to a place in the same tree");
                    }
                    String rest = end < path.length() ? path.substring(end) : "";
                    return real(led + rest, asked, hops - 1);
                }
                case FILE, SUBMODULE -> {
                    if (end < path.length()) {
                        throw new BuildFault(
                                "FILE_NOT_FOUND",
                                "evalsymlink failure on '" + shown(asked) + "' : lstat "
                                        + shown(at + path.substring(end, next(path, end))) + ": not a directory");
                    }
                }
                case DIRECTORY -> {}
            }
            done.setLength(0);
            done.append(at);
            from = end + 1;
        }
        return done.toString();
    }

    private static int next(String path, int slash) {
        int after = path.indexOf('/', slash + 1);
        return after < 0 ? path.length() : after;
    }

    private BuildFault missing(String asked, String at) {
        String name = at.substring(at.lastIndexOf('/') + 1);
        boolean tooLong = name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME;
        return new BuildFault(
                "FILE_NOT_FOUND",
                "evalsymlink failure on '" + shown(asked) + "' : lstat " + shown(at)
                        + (tooLong ? ": file name too long" : ": no such file or directory"));
    }

    public boolean isDirectory(String realPath) {
        return entry(realPath) == SourceTree.Entry.DIRECTORY;
    }

    private SourceTree.Entry entry(String path) {
        SourceTree.Entry found = tree.entry(path);
        log.probe(repo.isEmpty() ? path : repo, repo.isEmpty() ? found.name() : "");
        return found;
    }

    /** Whether files and places still are what a kept layer saw. */
    public boolean unchanged(Map<String, String> files, Map<String, String> probes) {
        for (Map.Entry<String, String> probe : probes.entrySet()) {
            if (!tree.entry(probe.getKey()).name().equals(probe.getValue())) {
                return false;
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            String id = tree.contentId(file.getKey())
                    .or(() -> tree.read(file.getKey()).map(bytes -> FileLog.sha256(bytes.toByteArray())))
                    .orElse("");
            if (!id.equals(file.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is a file at the path, links followed. */
    public boolean isFile(String path) {
        try {
            return entry(real(path)) == SourceTree.Entry.FILE;
        } catch (BuildFault e) {
            return false;
        }
    }

    /** The content of a file; the read is noted. */
    public Bytes read(String realPath) {
        Bytes content = tree.read(realPath)
                .orElseThrow(() -> new BuildFault("FILE_NOT_FOUND", "read " + shown(realPath) + ": is a directory"));
        log.read(repo.isEmpty() ? realPath : repo + "?ref=" + ref + "//" + realPath, content, tree.contentId(realPath));
        return content;
    }
}
