package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Opens repositories with JGit: local ones in place, remote ones as bare mirrors below a cache folder of bounded size. A
 * damaged mirror is dropped and fetched once more. No work tree, no hooks, no processes, no configuration of the user. Safe for
 * use by several threads.
 */
public final class JGitAccess implements GitAccess {
    private final @Nullable MirrorCache cache;
    private final GitCredentials credentials;
    private final boolean local;
    private final boolean plainHttp;
    private final FetchSettings settings;
    private final Limits limits;

    private JGitAccess(Builder builder) {
        Path folder = builder.cache;
        cache = folder == null ? null : new MirrorCache(folder, builder.cacheBytes);
        credentials = builder.credentials;
        local = builder.local;
        plainHttp = builder.plainHttp;
        settings = new FetchSettings(
                builder.timeoutSeconds,
                builder.depth,
                builder.largestBlob,
                List.copyOf(builder.branches),
                builder.knownHosts);
        limits = builder.limits;
    }

    /** A builder: no local paths, no cache folder, no credentials, 90 seconds. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Outcome<GitRepository> open(String url) {
        return GitUrl.parse(url).then(this::open);
    }

    /** Opens a local repository for reading and writing. */
    public Outcome<JGitRepository> openLocal(Path folder) {
        return openInPlace(new GitUrl(folder.toString(), GitUrl.Transport.LOCAL, "", folder.toString()));
    }

    private Outcome<GitRepository> open(GitUrl url) {
        if (url.transport() != GitUrl.Transport.LOCAL) {
            return openMirror(url).map(r -> r);
        }
        if (!local) {
            return Outcome.failed(Problem.error("TRANSPORT", "local repositories are not allowed: " + url.text())
                    .hint("allow them with JGitAccess.builder().allowLocal(true)"));
        }
        return openInPlace(url).map(r -> r);
    }

    private Outcome<JGitRepository> openInPlace(GitUrl url) {
        File folder = new File(url.path());
        File gitDir = RepositoryCache.FileKey.resolve(folder, FS.DETECTED);
        if (gitDir == null) {
            return Outcome.failed(Problem.error("GIT_UNREACHABLE", "there is no repository at " + url.text())
                    .hint("check the path, or run git init"));
        }
        try {
            Repository repository = new FileRepositoryBuilder()
                    .setGitDir(gitDir)
                    .setMustExist(true)
                    .build();
            return Outcome.of(new JGitRepository(url, ObjectStore.local(repository), limits.fileBytes()));
        } catch (IOException e) {
            return Outcome.failed(GitFailure.problem(url, e));
        }
    }

    private Outcome<JGitRepository> openMirror(GitUrl url) {
        MirrorCache mirrors = cache;
        if (mirrors == null) {
            return Outcome.failed(Problem.error("TRANSPORT", "remote repositories need a cache folder: " + url.text())
                    .hint("set JGitAccess.builder().cache(folder)"));
        }
        if (url.transport() == GitUrl.Transport.HTTP && !plainHttp && !url.isLoopback()) {
            return Outcome.failed(Problem.error("TRANSPORT", "plain http is not allowed: " + url.text())
                    .hint("use https, or allow it with JGitAccess.builder().allowPlainHttp(true)"));
        }
        MirrorStore store = new MirrorStore(mirrors, url, new Mirror(url, credentials, settings));
        Problem problem;
        try {
            problem = store.open();
        } catch (GitOpsException e) {
            problem = Problem.error(e.code(), String.valueOf(e.getMessage()));
        }
        return problem == null
                ? Outcome.of(new JGitRepository(url, store, limits.fileBytes()))
                : Outcome.failed(problem);
    }

    /** Collects the options of an access. */
    public static final class Builder {
        private @Nullable Path cache;
        private GitCredentials credentials = GitCredentials.NONE;
        private boolean local;
        private int timeoutSeconds = 90;
        private int depth;
        private long largestBlob = -1;
        private long cacheBytes = 2L << 30;
        private List<String> branches = List.of();
        private String knownHosts = "";
        private boolean plainHttp;
        private Limits limits = Limits.defaults();

        private Builder() {}

        /** The folder for mirrors of remote repositories. */
        public Builder cache(Path folder) {
            cache = folder;
            return this;
        }

        /** Who answers when a server asks for credentials. */
        public Builder credentials(GitCredentials source) {
            credentials = source;
            return this;
        }

        /** Whether local paths and {@code file://} URLs may be opened. Default: no. */
        public Builder allowLocal(boolean allowed) {
            local = allowed;
            return this;
        }

        /** Seconds without an answer after which a call fails. Default 90. */
        public Builder timeoutSeconds(int seconds) {
            timeoutSeconds = seconds;
            return this;
        }

        /** How many commits of each branch are fetched; 0 for all, the default. */
        public Builder depth(int commits) {
            depth = commits;
            return this;
        }

        /**
         * Leaves files of more bytes at the server, where the server can; reading one then fails with {@code FILE_SIZE}.
         * Default: everything is fetched.
         */
        public Builder largestBlob(long bytes) {
            largestBlob = bytes;
            return this;
        }

        /** Fetches these branches alone, and no tags. Default: all branches and tags. */
        public Builder branches(List<String> names) {
            branches = List.copyOf(names);
            return this;
        }

        /** How many bytes the mirrors may take together; those not used for the longest time go first. Default 2 GiB. */
        public Builder cacheBytes(long bytes) {
            cacheBytes = bytes;
            return this;
        }

        /** The host keys of SSH servers, as the text of a known-hosts file. Default: none, so that no server is trusted. */
        public Builder knownHosts(String text) {
            knownHosts = text;
            return this;
        }

        /** Whether plain http may be used with other machines; credentials are never sent by it. Default: no. */
        public Builder allowPlainHttp(boolean allowed) {
            plainHttp = allowed;
            return this;
        }

        /** Bounds; {@link Limits#fileBytes()} holds for every file. */
        public Builder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        /** The access. */
        public JGitAccess build() {
            return new JGitAccess(this);
        }
    }
}
