package io.gitops4j.testkit;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.GitAccess;
import io.gitops4j.spi.GitRepository;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Git repositories in memory, by URL. Object ids are those that Git itself would give, so the same commits have the same ids
 * in every run.
 */
public final class FakeGit implements GitAccess {
    private final InstantSource time;
    private final Map<String, FakeRepository> repositories = new LinkedHashMap<>();
    private final Map<String, Problem> failures = new LinkedHashMap<>();

    private FakeGit(InstantSource time) {
        this.time = time;
    }

    /** Without repositories, under a clock of its own. */
    public static FakeGit create() {
        return new FakeGit(VirtualTime.create());
    }

    /** Without repositories, under this clock. */
    public static FakeGit create(InstantSource time) {
        return new FakeGit(time);
    }

    /** The repository at {@code url}; an empty one with the branch {@code main} is made when there is none. */
    public synchronized FakeRepository repository(String url) {
        return repositories.computeIfAbsent(url, u -> new FakeRepository(u, time));
    }

    /** From now on, opening {@code url} fails with this problem, such as {@code GIT_UNREACHABLE} or {@code GIT_AUTH}. */
    public synchronized FakeGit fail(String url, String code, String text) {
        failures.put(url, Problem.error(code, text));
        return this;
    }

    /** Ends the failure of {@code url}. */
    public synchronized FakeGit heal(String url) {
        failures.remove(url);
        return this;
    }

    @Override
    public synchronized Outcome<GitRepository> open(String url) {
        Problem failure = failures.get(url);
        if (failure != null) {
            return Outcome.failed(failure);
        }
        if (url.isBlank()) {
            return Outcome.failed(Problem.error("GIT_URL_INVALID", "the repository URL is empty"));
        }
        FakeRepository repository = repositories.get(url);
        return repository == null
                ? Outcome.failed(Problem.error("GIT_UNREACHABLE", "repository not found: " + url))
                : Outcome.of(repository);
    }
}
