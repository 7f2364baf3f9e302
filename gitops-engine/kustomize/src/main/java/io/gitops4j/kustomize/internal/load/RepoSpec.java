package io.gitops4j.kustomize.internal.load;

import com.google.common.base.Splitter;
import io.gitops4j.kustomize.internal.BuildFault;
import org.jspecify.annotations.Nullable;

/**
 * A repository, a directory in it and a revision, as an entry of {@code resources} names them.
 *
 * @param url URL to open, without query
 * @param path directory within, {@code ""} for its root
 * @param ref revision, {@code ""} for HEAD
 */
public record RepoSpec(String url, String path, String ref) {

    /** The repository that the entry names; {@code null} when it names none (a path). */
    public static @Nullable RepoSpec parse(String entry) {
        String text = entry.startsWith("git::") ? entry.substring(5) : entry;
        int query = text.indexOf('?');
        String ref = query < 0 ? "" : ref(text.substring(query + 1));
        String rest = query < 0 ? text : text.substring(0, query);
        String scheme = "";
        for (String known : new String[] {"https://", "http://", "ssh://", "file://"}) {
            if (rest.regionMatches(true, 0, known, 0, known.length())) {
                scheme = known;
                rest = rest.substring(known.length());
            }
        }
        int at = rest.indexOf('@');
        int slash = rest.indexOf('/');
        String user = at > 0 && (slash < 0 || at < slash) ? rest.substring(0, at + 1) : "";
        rest = rest.substring(user.length());
        boolean github =
                rest.regionMatches(true, 0, "github.com/", 0, 11) || rest.regionMatches(true, 0, "github.com:", 0, 11);
        if (scheme.isEmpty() && user.isEmpty() && !github) {
            return null;
        }
        return github ? github(scheme, user, rest.substring(11), ref) : general(scheme, user, rest, ref);
    }

    private static @Nullable RepoSpec github(String scheme, String user, String rest, String ref) {
        boolean ssh = !user.isEmpty() || "ssh://".equals(scheme);
        int end = repoEnd(rest, 0);
        if (end < 0) {
            return null;
        }
        String host = ssh ? "git@github.com:" : "https://github.com/";
        return new RepoSpec(host + rest.substring(0, end), path(rest, end), ref);
    }

    private static @Nullable RepoSpec general(String scheme, String user, String rest, String ref) {
        if ("file://".equals(scheme)) {
            int end = marked(rest);
            return new RepoSpec(
                    scheme + (end < 0 ? rest : rest.substring(0, end)), end < 0 ? "" : path(rest, end), ref);
        }
        int host = rest.indexOf(scheme.isEmpty() ? ':' : '/');
        if (host < 0) {
            host = rest.indexOf('/');
        }
        int end = host < 0 ? -1 : repoEnd(rest, host + 1);
        return end < 0 ? null : new RepoSpec(scheme + user + rest.substring(0, end), path(rest, end), ref);
    }

    /** Where the repository's part ends: after {@code _git/x}, before {@code //}, after {@code .git}, after two segments. */
    private static int repoEnd(String text, int from) {
        int marked = marked(text);
        if (marked >= 0) {
            return marked;
        }
        int first = text.indexOf('/', from);
        if (first < 0 || first == text.length() - 1) {
            return -1;
        }
        int second = text.indexOf('/', first + 1);
        return second < 0 ? text.length() : second;
    }

    private static int marked(String text) {
        int azure = text.indexOf("/_git/");
        if (azure >= 0) {
            int end = text.indexOf('/', azure + 6);
            return end < 0 ? text.length() : end;
        }
        int doubled = text.indexOf("//");
        if (doubled >= 0) {
            return doubled;
        }
        int git = text.indexOf(".git");
        return git >= 0 && (git + 4 == text.length() || text.charAt(git + 4) == '/') ? git + 4 : -1;
    }

    private static String path(String text, int end) {
        String path = text.substring(end);
        while (path.startsWith("/")) {
            path = path.substring(1);
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        int depth = 0;
        for (String part : Splitter.on('/').split(path)) {
            depth += "..".equals(part) ? -1 : part.isEmpty() || ".".equals(part) ? 0 : 1;
            if (depth < 0) {
                throw new BuildFault("OUT_OF_BOUNDS", "URL path exits repo: " + text);
            }
        }
        return path;
    }

    private static String ref(String query) {
        String version = "";
        for (String pair : Splitter.on('&').split(query)) {
            if (pair.startsWith("ref=")) {
                return pair.substring(4);
            }
            if (pair.startsWith("version=")) {
                version = pair.substring(8);
            }
        }
        return version;
    }
}
