package io.gitops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.source.CommitInfo;
import io.gitops4j.source.SourceTree;
import org.junit.jupiter.api.Test;

class FakeGitTest {
    private static final String URL = "https://git.example.com/shop.git";

    private final FakeGit git = FakeGit.create(VirtualTime.create());
    private final FakeRepository repository = git.repository(URL);

    @Test
    void sameCommits_haveSameIds_asGitComputesThem() {
        String id = repository.change("first").file("a.txt", "hello\n").push();
        String again = FakeGit.create(VirtualTime.create())
                .repository("other")
                .change("first")
                .file("a.txt", "hello\n")
                .push();

        assertThat(id).hasSize(40).isEqualTo(again);
        assertThat(repository.tree(id).contentId("a.txt")).contains("ce013625030ba8dba906f756967f9e9ca394464a");
    }

    @Test
    void aCommit_buildsOnItsParent() {
        String first =
                repository.change("first").file("d/a", "1").file("d/b", "2").push();
        String second =
                repository.change("second").remove("d/a").symlink("link", "d/b").push();
        SourceTree tree = repository.tree(second);

        assertThat(tree.list("d")).containsExactly("b");
        assertThat(tree.entry("d")).isEqualTo(SourceTree.Entry.DIRECTORY);
        assertThat(tree.linkTarget("link")).contains("d/b");
        assertThat(tree.read("link")).isEmpty();
        assertThat(repository.tree(first).list("d")).containsExactly("a", "b");
        assertThat(repository.log(second, 10)).extracting(CommitInfo::subject).containsExactly("second", "first");
    }

    @Test
    void resolve_knowsBranchesTagsIdsAndRanges() {
        String one = repository.change("one").file("f", "1").push();
        repository.tag("v1.2.0", one);
        String two = repository.change("two").file("f", "2").push();
        repository.tag("v1.10.0", two).branch("release", one);

        assertThat(repository.resolve("main").orThrow()).isEqualTo(two);
        assertThat(repository.resolve("HEAD").orThrow()).isEqualTo(two);
        assertThat(repository.resolve("release").orThrow()).isEqualTo(one);
        assertThat(repository.resolve("1.x").orThrow()).isEqualTo(two);
        assertThat(repository.resolve("v1.2.0").orThrow()).isEqualTo(one);
        assertThat(repository.resolve("~1.2").orThrow()).isEqualTo(one);
        assertThat(repository.resolve(one.substring(0, 8)).orThrow()).isEqualTo(one);
        assertThat(repository.resolve("nope").problems())
                .extracting(Problem::code)
                .containsExactly("GIT_REVISION_UNKNOWN");
    }

    @Test
    void aRepositoryThatFails_isUnreachableUntilHealed() {
        git.fail(URL, "GIT_AUTH", "authentication required");

        assertThat(git.open(URL).problems()).extracting(Problem::code).containsExactly("GIT_AUTH");
        assertThat(git.heal(URL).open(URL).ok()).isTrue();
        assertThat(git.open("https://git.example.com/none").problems())
                .extracting(Problem::code)
                .containsExactly("GIT_UNREACHABLE");
    }
}
