package io.gitops4j.git;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Problem;
import java.net.SocketTimeoutException;
import java.util.Locale;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.PackInvalidException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;

/** Puts JGit's exceptions into this library's codes, without the URL's secrets and without stack traces. */
final class GitFailure {
    private GitFailure() {}

    /** A problem for what went wrong while reaching {@code url}. */
    static Problem problem(GitUrl url, Exception failure) {
        String said = rootMessage(failure);
        String lower = said.toLowerCase(Locale.ROOT);
        if (said.startsWith(GuardedConnections.REFUSED)) {
            return Problem.error(
                            "REDIRECT",
                            "the server of " + url.text() + " redirects elsewhere: "
                                    + said.substring(GuardedConnections.REFUSED.length()))
                    .hint("use the URL that the repository has now");
        }
        if (badTree(failure)) {
            return Problem.error(
                    "BAD_TREE", "the repository " + url.text() + " holds names that are not allowed: " + said);
        }
        if (lower.contains("server key did not validate") || lower.contains("host key")) {
            return Problem.error("HOST_KEY", "the host key of " + url.host() + " is not among the known ones")
                    .hint("give the access the right known hosts");
        }
        if (isCause(failure, SocketTimeoutException.class)
                || lower.contains("timed out")
                || lower.contains("timeout")) {
            return Problem.error("TIMEOUT", "the server of " + url.text() + " has not answered in time")
                    .hint("check the network");
        }
        if (isCause(failure, MissingObjectException.class)
                || isCause(failure, CorruptObjectException.class)
                || isCause(failure, PackInvalidException.class)
                || isCause(failure, java.io.EOFException.class)) {
            return Problem.error("GIT_CORRUPT", "the repository " + url.text() + " is damaged: " + said);
        }
        if (lower.contains("not authorized")
                || lower.contains("auth fail")
                || lower.contains("no more authentication methods")
                || lower.contains("authentication")
                || lower.contains("no credentialsprovider")) {
            return Problem.error("GIT_AUTH", "the server refused the credentials for " + url.text())
                    .hint("hand valid credentials to the access");
        }
        if (isCause(failure, RepositoryNotFoundException.class) || lower.contains("not found")) {
            return Problem.error("GIT_UNREACHABLE", "there is no repository at " + url.text())
                    .hint("check the URL");
        }
        if (isCause(failure, NotSupportedException.class)) {
            return Problem.error("TRANSPORT", "the URL cannot be reached: " + url.text());
        }
        return Problem.error("GIT_UNREACHABLE", "cannot reach " + url.text() + ": " + said)
                .hint("check the network and the URL");
    }

    /** An exception for a repository that was open and now fails. */
    static GitOpsException exception(GitUrl url, Exception failure) {
        Problem problem = problem(url, failure);
        return new GitOpsException(problem.code(), problem.text(), failure);
    }

    /** Whether an object was refused for what it says, not because its bytes are broken. */
    private static boolean badTree(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CorruptObjectException corrupt && corrupt.getErrorType() != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        String message = at.getMessage();
        return message == null ? at.getClass().getSimpleName() : message;
    }
}
