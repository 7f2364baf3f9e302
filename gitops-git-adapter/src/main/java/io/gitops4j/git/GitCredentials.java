package io.gitops4j.git;

import java.util.Optional;

/** Gives the credentials for a repository, when the server asks. */
@FunctionalInterface
public interface GitCredentials {

    /** No credentials for anybody. */
    GitCredentials NONE = url -> Optional.empty();

    /** The credentials for {@code url}, or empty. Asked at most once a call. */
    Optional<Login> forUrl(GitUrl url);

    /** A user and a password or token; prints neither. */
    record Login(String user, String secret) {
        @Override
        public String toString() {
            return "Login[***]";
        }
    }
}
