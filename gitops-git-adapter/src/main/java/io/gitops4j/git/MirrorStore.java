package io.gitops4j.git;

import io.gitops4j.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A bare mirror in the cache folder. Safe for use by several threads. */
final class MirrorStore implements ObjectStore {
    private final MirrorCache cache;
    private final GitUrl url;
    private final Path folder;
    private final Mirror mirror;
    private @Nullable Repository repository;
    private boolean mended;

    MirrorStore(MirrorCache cache, GitUrl url, Mirror mirror) {
        this.cache = cache;
        this.url = url;
        this.folder = cache.of(url);
        this.mirror = mirror;
    }

    /** Makes the mirror what the remote is; a damaged one is dropped and fetched once more. */
    synchronized @Nullable Problem open() {
        ReentrantLock lock = cache.lock(url);
        lock.lock();
        try {
            Problem problem = fetched();
            if (problem != null && problem.code().equals("GIT_CORRUPT")) {
                mended = true;
                MirrorCache.delete(folder);
                problem = fetched();
            }
            if (problem == null) {
                cache.opened(folder);
            }
            return problem;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Problem fetched() {
        boolean isNew = !Files.exists(folder.resolve("HEAD"));
        try {
            Repository opened = new FileRepositoryBuilder()
                    .setGitDir(folder.toFile())
                    .setBare()
                    .build();
            if (isNew) {
                opened.create(true);
            }
            tidyInPlace(opened);
            Problem problem = mirror.fetch(opened, false);
            if (problem == null) {
                repository = opened;
                return null;
            }
            opened.close();
            if (isNew) {
                MirrorCache.delete(folder);
            }
            return problem;
        } catch (IOException e) {
            return Problem.error(
                    "GIT_CORRUPT", "the cached copy of " + url.text() + " cannot be used: " + e.getMessage());
        }
    }

    /** Lets a fetch tidy the mirror itself, under the lock of the mirror, and not a thread of its own some time later. */
    private static void tidyInPlace(Repository repository) throws IOException {
        StoredConfig config = repository.getConfig();
        if (config.getBoolean("gc", "autoDetach", true)) {
            config.setBoolean("gc", null, "autoDetach", false);
            config.save();
        }
    }

    @Override
    public synchronized Repository repository() {
        Repository opened = repository;
        if (opened == null) {
            throw ObjectStore.closed(url);
        }
        return opened;
    }

    @Override
    public synchronized boolean mend() {
        if (mended) {
            return false;
        }
        mended = true;
        ReentrantLock lock = cache.lock(url);
        lock.lock();
        try {
            Repository broken = repository;
            if (broken != null) {
                broken.close();
            }
            MirrorCache.delete(folder);
            return fetched() == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isLeftOut(ObjectId id) {
        try {
            return mirror.leavesFilesOut() && !repository().getObjectDatabase().has(id);
        } catch (IOException e) {
            return false;
        }
    }

    /** Fetches what is new. */
    @Nullable
    Problem refresh(boolean whole) {
        ReentrantLock lock = cache.lock(url);
        lock.lock();
        try {
            return mirror.fetch(repository(), whole);
        } finally {
            lock.unlock();
        }
    }

    Mirror mirror() {
        return mirror;
    }

    @Override
    public synchronized void close() {
        Repository opened = repository;
        if (opened != null) {
            repository = null;
            opened.close();
            cache.closed(folder);
        }
    }
}
