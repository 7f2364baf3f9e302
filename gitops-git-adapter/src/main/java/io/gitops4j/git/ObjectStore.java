package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import java.io.IOException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackInvalidException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** The object database behind a repository. What is found damaged is mended once, where it can be fetched again. */
interface ObjectStore {

    /** A read of the database. */
    interface Read<T> {
        T from(Repository repository) throws IOException;
    }

    /** The database as it is now. */
    Repository repository();

    /** Gets a damaged database anew; answers whether reading again is worth it. */
    boolean mend();

    /** Whether the object was left at the server because of its size. */
    default boolean isLeftOut(ObjectId id) {
        return false;
    }

    /** Closes it. */
    void close();

    /** Reads, and once more after mending when the database is damaged. */
    default <T> T read(GitUrl url, Read<T> read) {
        try {
            return read.from(repository());
        } catch (IOException e) {
            if (!isDamage(e) || !mend()) {
                throw GitFailure.exception(url, e);
            }
        }
        try {
            return read.from(repository());
        } catch (IOException e) {
            throw GitFailure.exception(url, e);
        }
    }

    /** Whether the failure is the database's, as opposed to the question's. */
    static boolean isDamage(IOException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof MissingObjectException
                    || at instanceof CorruptObjectException
                    || at instanceof PackInvalidException
                    || at instanceof java.util.zip.DataFormatException
                    || at instanceof java.io.EOFException) {
                return true;
            }
        }
        return false;
    }

    /** One that nobody else has a copy of. */
    static ObjectStore local(Repository repository) {
        return new ObjectStore() {
            @Override
            public Repository repository() {
                return repository;
            }

            @Override
            public boolean mend() {
                return false;
            }

            @Override
            public void close() {
                repository.close();
            }
        };
    }

    /** A failure of a kind that {@link #read} does not meet. */
    static GitOpsException closed(GitUrl url) {
        return new GitOpsException("GIT_CLOSED", "the repository " + url.text() + " is closed");
    }
}
