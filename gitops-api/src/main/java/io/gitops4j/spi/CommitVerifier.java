package io.gitops4j.spi;

/** Verifies the signatures of commits. */
public interface CommitVerifier {

    /** What the signature of a commit is worth. */
    Verdict verify(String repositoryUrl, String commit);

    /** What was found. */
    enum Result {
        GOOD,
        UNSIGNED,
        /** The signature does not fit the commit. */
        BAD,
        EXPIRED,
        REVOKED,
        /** Nothing is known of the key. */
        UNKNOWN_KEY
    }

    /**
     * A verdict.
     *
     * @param result what was found
     * @param keyId the key that signed, {@code ""} when there is none
     */
    record Verdict(Result result, String keyId) {}
}
