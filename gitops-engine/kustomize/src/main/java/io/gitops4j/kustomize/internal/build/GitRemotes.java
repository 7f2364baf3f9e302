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
import java.util.HashMap;
import java.util.Map;

/** Repositories through the Git SPI, where the options allow them; each revision is opened once in a build. */
final class GitRemotes implements Remotes {
    private final KustomizeOptions options;
    private final FileLog log;
    private final Map<String, TreeFiles> opened = new HashMap<>();

    GitRemotes(KustomizeOptions options, FileLog log) {
        this.options = options;
        this.log = log;
    }

    @Override
    public TreeFiles clone(RepoSpec spec) {
        GitAccess git = options.git();
        if (git == null) {
            throw new BuildFault("REMOTE_OFF", "remote base '" + spec.url() + "' is not opened: remote bases are off")
                    .hint("give the build a GitAccess and the URL prefixes that it may open");
        }
        if (options.allowedRepositories().stream().noneMatch(spec.url()::startsWith)) {
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
        throw new BuildFault(
                        "REMOTE_OFF",
                        "'" + url + "' is not fetched: files are read from the tree and from repositories only")
                .hint("keep a copy of the file in the repository, or name the repository and the directory");
    }
}
