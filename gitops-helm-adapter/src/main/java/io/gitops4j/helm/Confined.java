package io.gitops4j.helm;

import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.source.Bytes;
import io.gitops4j.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Paths of a tree that never lead out of it: {@code ..} and symlinks are resolved within, or refused. */
final class Confined {
    private static final int MOST_LINKS = 40;
    private final SourceTree tree;

    Confined(SourceTree tree) {
        this.tree = tree;
    }

    SourceTree tree() {
        return tree;
    }

    /**
     * {@code path} seen from the directory {@code base}; a leading {@code /} is the root of the tree. A path that leads out is
     * a {@code HELM_PATH_OUTSIDE}.
     */
    static String resolve(String base, String path) {
        String resolved = walk(path.startsWith("/") ? "" : base, path);
        if (resolved == null) {
            throw new HelmFault(Problem.error("HELM_PATH_OUTSIDE", path + " leads out of the repository")
                    .hint("keep the files of a source inside its repository, or use a second source with a ref"));
        }
        return resolved;
    }

    private static @Nullable String walk(String base, String path) {
        List<String> elements = new ArrayList<>();
        for (String element : (base + "/" + path).split("/", -1)) {
            if (element.equals("..")) {
                if (elements.isEmpty()) {
                    return null;
                }
                elements.remove(elements.size() - 1);
            } else if (!element.isEmpty() && !element.equals(".")) {
                elements.add(element);
            }
        }
        return String.join("/", elements);
    }

    /** What {@code path} stands for once every link on its way is followed; {@code null} where nothing is there. */
    @Nullable
    String real(String path) {
        String at = "";
        List<String> rest = new ArrayList<>(List.of(path.split("/", -1)));
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.remove(0);
            if (name.isEmpty()) {
                continue;
            }
            String next = at.isEmpty() ? name : at + "/" + name;
            SourceTree.Entry entry = tree.entry(next);
            if (entry == SourceTree.Entry.SYMLINK) {
                String target = tree.linkTarget(next).orElse("");
                String to = target.startsWith("/") || ++links > MOST_LINKS ? null : walk(at, target);
                if (to == null) {
                    throw new HelmFault(
                            Problem.error("RENDER_LINK_OUTSIDE", next + " is a link that leads out of the repository")
                                    .at(Where.file(next)));
                }
                List<String> again = new ArrayList<>(List.of(to.split("/", -1)));
                again.addAll(rest);
                rest = again;
                at = "";
            } else if (entry == SourceTree.Entry.MISSING || (entry == SourceTree.Entry.FILE && !rest.isEmpty())) {
                return null;
            } else {
                at = next;
            }
        }
        return at;
    }

    /** The content of the file at {@code path}, links followed; empty for anything else. */
    Optional<Bytes> read(String path) {
        String real = real(path);
        return real == null ? Optional.empty() : tree.read(real);
    }

    /** What stands at {@code path}, links followed. */
    SourceTree.Entry entry(String path) {
        String real = real(path);
        return real == null ? SourceTree.Entry.MISSING : real.isEmpty() ? SourceTree.Entry.DIRECTORY : tree.entry(real);
    }

    /** The names in the directory at {@code path}, links followed. */
    List<String> list(String path) {
        String real = real(path);
        return real == null ? List.of() : tree.list(real);
    }
}
