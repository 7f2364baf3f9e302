package io.gitops4j.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagSelectionTest {
    private static final List<String> TAGS =
            List.of("v1.0.0", "v1.2.0", "v1.2.3", "v1.10.0", "v2.0.0-rc.1", "v2.0.0", "latest", "v01.2.3", "0.9.1");

    @ParameterizedTest
    @CsvSource({
        "1.x, v1.10.0",
        "~1.2, v1.2.3",
        "~1.2.3-0, v1.2.3",
        "^1.2.0, v1.10.0",
        "'>=1.0.0, <1.10', v1.2.3",
        "'>=1 <2 || >=2', v2.0.0",
        "1.0 - 1.2, v1.2.3",
        "!=2.0.0, v1.10.0",
        "<1, 0.9.1",
        "<=1.2, v1.2.3",
        "'*', v2.0.0",
        ">=2.0.0-0 <2.0.0, v2.0.0-rc.1",
        "^0.9, 0.9.1",
        "v1.2, v1.2",
        "latest, latest",
    })
    void select_constraint_takesTheHighestTagOrThePin(String revision, String tag) {
        assertThat(TagSelection.select(revision, TAGS, "").tag()).isEqualTo(tag);
    }

    @Test
    void select_prefix_filtersAndIsPutBack() {
        List<String> tags = List.of("svc-a/v1.0.0", "svc-a/v1.1.0", "svc-b/v9.0.0");
        assertThat(TagSelection.select("1.x", tags, "svc-a/").tag()).isEqualTo("svc-a/v1.1.0");
        assertThat(TagSelection.select("2.x", tags, "svc-a/").error())
                .isEqualTo("version matching constraint not found in 2 tags");
        assertThat(TagSelection.select("main", tags, "svc-a/").error()).startsWith("failed to parse");
    }

    @Test
    void refOf_branchAndTagOfOneName_branchWins() {
        Map<String, String> refs = new LinkedHashMap<>();
        refs.put("HEAD", "1");
        refs.put("refs/heads/v1", "2");
        refs.put("refs/tags/v1", "3");
        refs.put("refs/tags/v1.4.0", "4");
        assertThat(TagSelection.refOf("", refs)).isEqualTo("HEAD");
        assertThat(TagSelection.refOf("v1", refs)).isEqualTo("refs/heads/v1");
        assertThat(TagSelection.refOf("1.*", refs)).isEqualTo("refs/tags/v1.4.0");
        assertThat(TagSelection.refOf("gone", refs)).isNull();
    }
}
