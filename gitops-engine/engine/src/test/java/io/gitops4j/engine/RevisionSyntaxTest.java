package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionSyntaxTest {
    private final FakeRepository repository = FakeGit.create().repository("https://git.example.com/x");
    private String first = "";
    private String second = "";
    private String merge = "";

    @BeforeEach
    void history() {
        first = repository.change("1").file("a", "1").push();
        second = repository.change("2").file("a", "2").push();
        String side =
                repository.change("side").from(first).on("side").file("b", "1").push();
        merge = repository.change("merge").merging(side).file("a", "3").push();
        repository.tag("1.0.0", second);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD~1, second",
        "HEAD~, second",
        "main~2, first",
        "main^, second",
        "main^2^1, first",
        "main^1~1, first",
        "HEAD~0, merge",
        "side~, first",
        "~1, second",
        "main, merge",
        "1.0.0~1, first",
        "~1.0.0, second",
        "^1.0, second"
    })
    void stepsBack_areFollowed_andRangesStayRanges(String revision, String commit) {
        String wanted = commit.equals("first") ? first : commit.equals("second") ? second : merge;

        assertThat(RevisionSyntax.commit(repository, revision).orThrow()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD@{1}", "@{-1}", "main..side", ":/merge", "HEAD^{tree}", "HEAD~x", "main^-1"})
    void whatNeedsAWorkTree_isRefusedWithAHint(String revision) {
        assertThat(RevisionSyntax.commit(repository, revision).errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("BAD_REF");
                    assertThat(problem.hint()).contains("HEAD~1");
                });
    }

    @Test
    void stepsBeyondTheHistory_areAProblem() {
        assertThat(RevisionSyntax.commit(repository, "HEAD~9").errors())
                .extracting(Problem::code)
                .containsExactly("GIT_REVISION_UNKNOWN");
        assertThat(RevisionSyntax.commit(repository, "main^3").errors()).hasSize(1);
    }
}
