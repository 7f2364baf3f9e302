package io.gitops4j.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import io.gitops4j.spi.GitRepository;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a {@link GitRepository} does, whatever stands behind it. A subclass makes a repository of the given commits. */
public abstract class GitContract {

    /**
     * A commit to make: files on top of the branch's head.
     *
     * @param branch branch to move; it starts at the last commit made when it does not exist
     * @param message message
     * @param files path to text
     * @param tag tag to put on the commit, {@code ""} for none
     */
    public record Step(String branch, String message, Map<String, String> files, String tag) {}

    /** A repository whose default branch is {@code main}, with these commits in this order. */
    protected abstract GitRepository given(List<Step> steps);

    private GitRepository usual() {
        return given(List.of(
                new Step("main", "first", Map.of("README", "hello\n", "apps/a.yaml", "a: 1\n"), "v1.0.0"),
                new Step("main", "second\n\nwith a body", Map.of("apps/b.yaml", "b: 1\n"), "v1.2.0"),
                new Step("main", "third", Map.of("apps/a.yaml", "a: 2\n"), "v2.0.0-rc.1"),
                new Step("feature", "fourth", Map.of("only", "here\n"), "")));
    }

    @Test
    void refs_areFullNames_withCommits_sorted() {
        GitRepository repository = usual();

        assertThat(List.copyOf(repository.refs().keySet()))
                .contains("HEAD", "refs/heads/feature", "refs/heads/main", "refs/tags/v1.0.0")
                .isSorted();
        assertThat(repository.refs()).containsEntry("HEAD", repository.refs().get("refs/heads/main"));
        assertThat(repository.refs().values()).allMatch(id -> id.matches("[0-9a-f]{40}"));
    }

    @Test
    void resolve_understandsEveryFormOfARevision() {
        GitRepository repository = usual();
        Map<String, String> refs = repository.refs();
        String main = refs.get("refs/heads/main");

        assertThat(repository.resolve("main").orThrow()).isEqualTo(main);
        assertThat(repository.resolve("").orThrow()).isEqualTo(main);
        assertThat(repository.resolve("HEAD").orThrow()).isEqualTo(main);
        assertThat(repository.resolve("refs/heads/feature").orThrow()).isEqualTo(refs.get("refs/heads/feature"));
        assertThat(repository.resolve("v1.0.0").orThrow()).isEqualTo(refs.get("refs/tags/v1.0.0"));
        assertThat(repository.resolve(String.valueOf(main)).orThrow()).isEqualTo(main);
        assertThat(repository.resolve(String.valueOf(main).substring(0, 10)).orThrow())
                .isEqualTo(main);
        assertThat(repository.resolve("1.x").orThrow()).isEqualTo(refs.get("refs/tags/v1.2.0"));
        assertThat(repository.resolve(">=1 <1.1").orThrow()).isEqualTo(refs.get("refs/tags/v1.0.0"));
        assertThat(repository.resolve("nowhere").problems())
                .extracting(Problem::code)
                .containsExactly("GIT_REVISION_UNKNOWN");
    }

    @Test
    void aTree_holdsTheFilesOfItsCommit() {
        GitRepository repository = usual();
        SourceTree first = repository.tree(repository.resolve("v1.0.0").orThrow());
        SourceTree main = repository.tree(repository.resolve("main").orThrow());

        assertThat(first.list("")).containsExactly("README", "apps");
        assertThat(first.list("apps")).containsExactly("a.yaml");
        assertThat(main.list("apps")).containsExactly("a.yaml", "b.yaml");
        assertThat(main.read("apps/a.yaml").orElseThrow().utf8()).isEqualTo("a: 2\n");
        assertThat(main.entry("apps")).isEqualTo(SourceTree.Entry.DIRECTORY);
        assertThat(main.entry("apps/a.yaml")).isEqualTo(SourceTree.Entry.FILE);
        assertThat(main.entry("none")).isEqualTo(SourceTree.Entry.MISSING);
        assertThat(main.read("apps")).isEmpty();
        assertThat(main.read("../README")).isEmpty();
        assertThat(main.contentId("README")).contains("ce013625030ba8dba906f756967f9e9ca394464a");
    }

    @Test
    void theHistory_isFirstParent_newestFirst() {
        GitRepository repository = usual();
        String main = repository.resolve("main").orThrow();

        assertThat(repository.log(main, 10))
                .extracting(CommitInfo::subject)
                .containsExactly("third", "second", "first");
        assertThat(repository.log(main, 2)).hasSize(2);
        CommitInfo commit = repository.commit(main);
        assertThat(commit.id()).isEqualTo(main);
        assertThat(commit.parents()).hasSize(1);
        assertThat(repository.commit(commit.parents().get(0)).message().strip()).isEqualTo("second\n\nwith a body");
    }
}
