package io.gitops4j.glob;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "https://git.example/*, /, https://git.example/a, true",
        "https://git.example/*, /, https://git.example/a/b, false",
        "https://git.example/**, /, https://git.example/a/b, true",
        "'team-{a,b{1,2}}', '', team-b2, true",
        "'{,a}b', '', b, true",
        "[!a]b, '', cb, true",
        "[a-c]x, '', bx, true",
        "\\*, '', *, true",
        "a?c, /, a/c, false",
    })
    void gobwas_matchesAsProjectsDo(String pattern, String separators, String text, boolean matches) {
        assertThat(Glob.gobwas(pattern, separators).orElseThrow().matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "apps/*, apps/web, true",
        "apps/*, apps/web/base, false",
        "apps/**, apps/web/base, true",
        "apps/**, apps, true",
        "**/x.yaml, x.yaml, true",
        "**/x.yaml, a/b/x.yaml, true",
        "a/**/z, a/z, true",
        "a/**/z, a/b/c/z, true",
        "'{a,b}/*.yaml', b/k.yaml, true",
        "[^a]*, abc, false",
    })
    void doublestar_matchesPaths(String pattern, String path, boolean matches) {
        assertThat(Glob.doublestar(pattern).orElseThrow().matches(path)).isEqualTo(matches);
    }

    @Test
    void pathMatch_takesBracesAsTheyAre() {
        assertThat(Glob.pathMatch("{a,b}").orElseThrow().matches("{a,b}")).isTrue();
        assertThat(Glob.pathMatch("a*c").orElseThrow().matches("a/c")).isFalse();
    }

    @Test
    void patternsThatAreNotWellFormed_areRefused() {
        assertThat(Glob.gobwas("[", "")).isEmpty();
        assertThat(Glob.gobwas("[z-a]", "")).isEmpty();
        assertThat(Glob.doublestar("{a")).isEmpty();
        assertThat(Glob.pathMatch("a\\")).isEmpty();
    }

    @Test
    void manyStars_takeLinearTime() {
        String text = "a".repeat(2_000);

        assertThat(Glob.gobwas("*a*a*a*a*a*a*a*a*b", "").orElseThrow().matches(text))
                .isFalse();
    }
}
