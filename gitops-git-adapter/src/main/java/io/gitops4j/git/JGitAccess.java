package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Opens repositories with JGit: local ones in place, remote ones as bare mirrors below a cache folder. A damaged mirror is
 * dropped and fetched once more. Immutable and safe for use by several threads; two threads should not open one URL at once.
 */
public final class JGitAccess implements GitAccess {
    private final @Nullable Path cache;
    private final GitCredentials credentials;
    private final boolean local;
    private final int timeoutSeconds;
    private final int depth;
    private final Limits limits;

    private JGitAccess(Builder builder) {
        cache = builder.cache;
        credentials = builder.credentials;
        local = builder.local;
        timeoutSeconds = builder.timeoutSeconds;
        depth = builder.depth;
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
            return Outcome.of(new JGitRepository(url, repository, null, limits.fileBytes()));
        } catch (IOException e) {
            return Outcome.failed(GitFailure.problem(url, e));
        }
    }

    private Outcome<JGitRepository> openMirror(GitUrl url) {
        Path folder = cache;
        if (folder == null) {
            return Outcome.failed(Problem.error("TRANSPORT", "remote repositories need a cache folder: " + url.text())
                    .hint("set JGitAccess.builder().cache(folder)"));
        }
        Path mirrorFolder = folder.resolve(nameOf(url.text()) + ".git");
        Mirror mirror = new Mirror(url, credentials, timeoutSeconds, depth);
        Outcome<JGitRepository> first = fetched(url, mirrorFolder, mirror);
        boolean damaged = first.problems().stream().anyMatch(p -> p.code().equals("GIT_CORRUPT"));
        if (!damaged) {
            return first;
        }
        deleteAll(mirrorFolder);
        return fetched(url, mirrorFolder, mirror);
    }

    private Outcome<JGitRepository> fetched(GitUrl url, Path folder, Mirror mirror) {
        try {
            boolean isNew = !Files.exists(folder.resolve("HEAD"));
            Repository repository = new FileRepositoryBuilder()
                    .setGitDir(folder.toFile())
                    .setBare()
                    .build();
            if (isNew) {
                repository.create(true);
            }
            Problem problem = mirror.fetch(repository);
            if (problem != null) {
                repository.close();
                if (isNew) {
                    deleteAll(folder);
                }
                return Outcome.failed(problem);
            }
            return Outcome.of(new JGitRepository(url, repository, mirror, limits.fileBytes()));
        } catch (IOException e) {
            return Outcome.failed(Problem.error(
                    "GIT_CORRUPT", "the cached copy of " + url.text() + " cannot be used: " + e.getMessage()));
        }
    }

    private static String nameOf(String url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void deleteAll(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new GitOpsException("GIT_CACHE", "cannot remove " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Collects the options of an access. */
    public static final class Builder {
        private @Nullable Path cache;
        private GitCredentials credentials = GitCredentials.NONE;
        private boolean local;
        private int timeoutSeconds = 90;
        private int depth;
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
