package io.gitops4j.changed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangedPathsTest {
    @Test
    void paths_areTakenFromTheSourceOrFromTheRoot() {
        assertThat(ChangedPaths.refreshPaths("apps/web", ".;../shared; /libs ;../../x/*.yaml"))
                .containsExactly("apps/web", "apps/shared", "libs", "x/*.yaml");
    }

    @Test
    void change_countsBelowAPathAndNotBesideIt() {
        List<String> paths = List.of("apps/web", "libs/*.yaml");

        assertThat(ChangedPaths.changed(paths, List.of("apps/web/a/b.yaml"))).isTrue();
        assertThat(ChangedPaths.changed(paths, List.of("libs/x.yaml"))).isTrue();
        assertThat(ChangedPaths.changed(paths, List.of("apps/web2/a.yaml", "libs/sub/x.yaml")))
                .isFalse();
        assertThat(ChangedPaths.changed(List.of(), List.of("any"))).isTrue();
    }

    @Test
    void filesOfTheLastRender_needNoAnnotation() {
        assertThat(ChangedPaths.changedSinceRender(Set.of("a.yaml"), List.of("b.yaml", "a.yaml")))
                .isTrue();
        assertThat(ChangedPaths.changedSinceRender(Set.of("a.yaml"), List.of("b.yaml")))
                .isFalse();
    }
}
