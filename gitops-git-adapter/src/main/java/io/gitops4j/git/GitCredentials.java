package io.gitops4j.git;

import java.util.Optional;

/** Gives the credentials for a repository, when the server asks. */
@FunctionalInterface
public interface GitCredentials {

    /** No credentials for anybody. */
    GitCredentials NONE = url -> Optional.empty();

    /** The credentials for {@code url}, or empty. Asked at most once a call. */
    Optional<Login> forUrl(GitUrl url);

    /** New credentials after the server has refused the last ones; asked once. Empty, the default, when there are no others. */
    default Optional<Login> renewed(GitUrl url) {
        return Optional.empty();
    }

    /** The private key for an SSH server, in PEM or OpenSSH's format, without a passphrase. Empty, the default, for none. */
    default Optional<SshKey> keyFor(GitUrl url) {
        return Optional.empty();
    }

    /** A user and a password or token; prints neither. */
    record Login(String user, String secret) {
        @Override
        public String toString() {
            return "Login[***]";
        }
    }

    /** A private key; prints nothing of it. */
    record SshKey(String text) {
        @Override
        public String toString() {
            return "SshKey[***]";
        }
    }
}
