package io.gitops4j.kustomize.internal.build;

import io.gitops4j.kustomize.KustomizeOptions;
import io.gitops4j.kustomize.internal.BuildFault;
import io.gitops4j.kustomize.internal.load.FileLog;
import io.gitops4j.kustomize.internal.load.Remotes;
import io.gitops4j.kustomize.internal.load.RepoSpec;
import io.gitops4j.kustomize.internal.load.TreeFiles;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import io.gitops4j.spi.RemoteFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Repositories and single files through their SPI, where the options allow them; each is opened once in a build. */
final class GitRemotes implements Remotes {
    private final KustomizeOptions options;
    private final FileLog log;
    private final Map<String, TreeFiles> opened = new HashMap<>();
    private final Map<String, Bytes> fetched = new HashMap<>();

    GitRemotes(KustomizeOptions options, FileLog log) {
        this.options = options;
        this.log = log;
    }

    @Override
    public TreeFiles clone(RepoSpec spec) {
        GitAccess git = options.git();
        if (git == null) {
            throw new BuildFault(
                            "REMOTE_BASE_OFF", "remote base '" + spec.url() + "' is not opened: remote bases are off")
                    .hint("give the build a GitAccess and the URL prefixes that it may open");
        }
        if (!isAllowed(spec.url(), options.allowedRepositories())) {
            throw new BuildFault(
                            "REMOTE_REFUSED", "remote base '" + spec.url() + "' is not among the allowed repositories")
                    .hint("allow its URL prefix");
        }
        String key = spec.url() + "?ref=" + spec.ref();
        TreeFiles known = opened.get(key);
        if (known != null) {
            return known;
        }
        GitRepository repository = value(git.open(spec.url()), spec);
        String commit = value(repository.resolve(spec.ref().isEmpty() ? "HEAD" : spec.ref()), spec);
        TreeFiles files = new TreeFiles(repository.tree(commit), spec.url() + "/", spec.url(), spec.ref(), log);
        opened.put(key, files);
        return files;
    }

    private static <T> T value(Outcome<T> outcome, RepoSpec spec) {
        T value = outcome.orNull();
        if (value == null) {
            Problem problem = outcome.errors().get(0);
            throw new BuildFault(problem.code(), "remote base '" + spec.url() + "': " + problem.text())
                    .hint(problem.hint());
        }
        return value;
    }

    @Override
    public Bytes fetch(String url) {
        RemoteFiles files = options.files();
        if (files == null) {
            throw new BuildFault("REMOTE_BASE_OFF", "'" + url + "' is not fetched: remote files are off")
                    .hint(
                            "keep a copy of the file in the repository, or give the build RemoteFiles and the URL prefixes "
                                    + "that it may fetch");
        }
        if (!isAllowed(url, options.allowedFiles())) {
            throw new BuildFault("REMOTE_REFUSED", "'" + url + "' is not among the allowed files")
                    .hint("allow its URL prefix");
        }
        Bytes known = fetched.get(url);
        if (known != null) {
            return known;
        }
        Outcome<Bytes> outcome = files.fetch(url);
        Bytes content = outcome.orNull();
        if (content == null) {
            Problem problem = outcome.errors().get(0);
            throw new BuildFault(problem.code(), problem.text()).hint(problem.hint());
        }
        log.fetched(url, content);
        fetched.put(url, content);
        return content;
    }

    /** A prefix ends at the end of the URL or before its next part, so that {@code …/org} does not allow {@code …/organ}. */
    private static boolean isAllowed(String url, List<String> prefixes) {
        if (url.contains("/../") || url.endsWith("/..") || url.indexOf('\\') >= 0) {
            return false;
        }
        for (String prefix : prefixes) {
            if (!prefix.isEmpty() && url.startsWith(prefix)) {
                char next = url.length() == prefix.length() ? '/' : url.charAt(prefix.length());
                if (next == '/' || prefix.endsWith("/") || prefix.endsWith(":") || isEnd(url, prefix.length())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isEnd(String url, int at) {
        return url.startsWith(".git", at) && (url.length() == at + 4 || url.charAt(at + 4) == '/');
    }
}
