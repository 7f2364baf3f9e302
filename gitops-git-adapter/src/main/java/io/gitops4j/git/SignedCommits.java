package io.gitops4j.git;

import io.gitops4j.git.signature.TrustedKeys;
import io.gitops4j.spi.CommitVerifier;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Verifies commits for the engine with keys that come from configuration: exactly the commit that is rendered, whatever names it.
 */
public final class SignedCommits implements CommitVerifier {
    private final Function<String, JGitRepository> repositories;
    private final TrustedKeys keys;
    private final InstantSource clock;

    /**
     * A verifier.
     *
     * @param repositories gives the open repository of a URL
     * @param keys that count
     * @param clock against which expiry is judged
     */
    public SignedCommits(Function<String, JGitRepository> repositories, TrustedKeys keys, InstantSource clock) {
        this.repositories = repositories;
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Verdict verify(String repositoryUrl, String commit) {
        return keys.judgeCommit(repositories.apply(repositoryUrl).rawCommit(commit), clock.instant());
    }
}
