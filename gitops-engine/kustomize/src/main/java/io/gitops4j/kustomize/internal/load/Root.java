package io.gitops4j.kustomize.internal.load;

import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.source.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A directory with a kustomization file, from which relative paths are read.
 */
public final class Root {
    private final TreeFiles files;
    private final String path;
    private final @Nullable Root referrer;
    private final boolean restricted;
    private final Remotes remotes;

    private Root(TreeFiles files, String path, @Nullable Root referrer, boolean restricted, Remotes remotes) {
        this.files = files;
        this.path = path;
        this.referrer = referrer;
        this.restricted = restricted;
        this.remotes = remotes;
    }

    /** The root that a build starts at. */
    public static Root top(TreeFiles files, String directory, boolean restricted, Remotes remotes) {
        String joined = files.join("", directory);
        if (joined == null) {
            throw new BuildFault("OUT_OF_BOUNDS", "'" + directory + "' is outside of " + files.shown(""));
        }
        return new Root(files, directory(files, joined), null, restricted, remotes);
    }

    /** A step up that is part of a longer name is no step up; mostly it is an entry that slipped into the one before it. */
    private static void refuseAmbiguous(String entry) {
        for (String part : entry.split("/", -1)) {
            if (part.contains("..") && !"..".equals(part)) {
                throw new BuildFault(
                                "AMBIGUOUS_PATH",
                                "path \"" + entry + "\" is ambiguous: resolves to \"" + cleaned(entry)
                                        + "\" after normalization, which is likely not the intended target;"
                                        + " check for YAML indentation errors in your kustomization file")
                        .hint("give each entry a line of its own, all indented alike");
            }
        }
    }

    /** The entry without {@code .} and without the steps down that a {@code ..} takes back. */
    private static String cleaned(String entry) {
        ArrayDeque<String> parts = new ArrayDeque<>();
        for (String part : entry.split("/", -1)) {
            if ("..".equals(part) && !parts.isEmpty() && !"..".equals(parts.peekLast())) {
                parts.removeLast();
            } else if (!part.isEmpty() && !".".equals(part)) {
                parts.addLast(part);
            }
        }
        return parts.isEmpty() ? "." : String.join("/", parts);
    }

    private static String directory(TreeFiles files, String joined) {
        String real;
        try {
            real = files.real(joined);
        } catch (BuildFault e) {
            throw e.within("must build at directory: not a valid directory: ");
        }
        if (!files.isDirectory(real)) {
            throw new BuildFault(
                    "NOT_A_DIRECTORY", "must build at directory: '" + files.shown(real) + "': file is not directory");
        }
        return real;
    }

    /** The real path in its tree, {@code ""} for the tree itself. */
    public String path() {
        return path;
    }

    public TreeFiles files() {
        return files;
    }

    /** The directory as messages show it. */
    public String shown() {
        return files.shown(path);
    }

    /**
     * The path of a data file, real and in or below this root (unless the restriction is lifted).
     *
     * @throws BuildFault when it is missing, no file, or outside
     */
    public String locate(String file) {
        String joined = files.join(path, file);
        if (joined == null) {
            throw new BuildFault("OUT_OF_BOUNDS", "security; file '" + file + "' is not in or below '" + shown() + "'")
                    .hint("move the file below the root, or lift the load restriction");
        }
        String real = files.real(joined);
        if (files.isDirectory(real)) {
            throw new BuildFault(
                    "NOT_A_FILE",
                    restricted
                            ? "'" + files.shown(real) + "' must resolve to a file"
                            : "read " + files.shown(real) + ": is a directory");
        }
        if (restricted && !below(real)) {
            throw new BuildFault(
                            "OUT_OF_BOUNDS",
                            "security; file '" + files.shown(real) + "' is not in or below '" + shown() + "'")
                    .hint("move the file below the root, or build with --load-restrictor LoadRestrictionsNone");
        }
        return real;
    }

    private boolean below(String real) {
        return path.isEmpty() || real.equals(path) || real.startsWith(path + "/");
    }

    /** Whether an entry is fetched by URL instead of read. */
    public static boolean isUrl(String entry) {
        return entry.startsWith("http://") || entry.startsWith("https://");
    }

    /** The content of a data file, or of a URL where that is allowed. */
    public Bytes load(String file) {
        return isUrl(file) ? remotes.fetch(file) : files.read(locate(file));
    }

    /** The content of a file as text, invalid bytes replaced. */
    public String text(String file) {
        return load(file).utf8();
    }

    /**
     * The root at a relative directory or repository.
     *
     * @throws BuildFault when it is none, or stands above a root that leads here
     */
    public Root open(String entry) {
        if (entry.isEmpty()) {
            throw new BuildFault("EMPTY_PATH", "new root cannot be empty");
        }
        RepoSpec spec = RepoSpec.parse(entry);
        if (spec != null) {
            for (Root at = this; at != null; at = at.referrer) {
                if (!at.files.repo().isEmpty()
                        && at.files.repo().startsWith(spec.url())
                        && at.files.ref().equals(spec.ref())
                        && at.path.equals(spec.path())) {
                    throw new BuildFault(
                            "CYCLE",
                            "cycle detected: URI '" + entry + "' referenced by previous URI '" + at.files.repo() + "'");
                }
            }
            TreeFiles clone = remotes.clone(spec);
            return new Root(clone, directory(clone, spec.path()), this, true, remotes);
        }
        if (entry.startsWith("/")) {
            throw new BuildFault("ABSOLUTE_PATH", "new root '" + entry + "' cannot be absolute")
                    .hint("paths are relative to the directory of the kustomization file that names them");
        }
        refuseAmbiguous(entry);
        String joined = files.join(path, entry);
        if (joined == null) {
            throw new BuildFault(
                    "OUT_OF_BOUNDS",
                    "must build at directory: not a valid directory: '" + entry + "' is outside of '" + files.shown("")
                            + "'");
        }
        String real = directory(files, joined);
        for (Root at = this; at != null && at.files == files; at = at.referrer) {
            if (at.path.equals(real) || real.isEmpty() || at.path.startsWith(real + "/")) {
                throw new BuildFault(
                                "CYCLE",
                                "cycle detected: candidate root '" + files.shown(real) + "' contains visited root '"
                                        + at.shown() + "'")
                        .hint("a base may not be the directory that uses it, or one above it");
            }
        }
        return new Root(files, real, this, restricted, remotes);
    }
}
