package io.gitops4j.rego.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.rego.Rego;
import io.gitops4j.rego.RegoModule;
import io.gitops4j.rego.RegoOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people's files hold beside the language: tabs in strings, byte-order marks, imports that are given twice. */
class OddFilesTest {
    private static List<String> errors(String text, RegoOptions options) {
        return Rego.compile(List.of(new RegoModule("odd.rego", text)), options).errors().stream()
                .map(Problem::text)
                .toList();
    }

    private static List<String> errors(String text) {
        return errors(text, RegoOptions.v1());
    }

    @Test
    void controlCharactersInStrings_standForThemselvesUnlessSomethingIsEscaped() {
        assertThat(errors("package odd\n\ncolumns := \"name\tage\"\n")).isEmpty();
        assertThat(errors("package odd\n\ncolumns := $\"name\tage\"\n")).isEmpty();
        assertThat(errors("package odd\n\ncolumns := \"name\tage\\n\"\n"))
                .first()
                .isEqualTo("illegal string literal: \"name\tage\\n\"");
        assertThat(errors("package odd\n\ncolumns := $\"name\tage\\n\"\n"))
                .first()
                .isEqualTo("illegal template-string part: \"name\tage\\n\"");
    }

    @Test
    void byteOrderMark_isFineAtTheStartAlone() {
        assertThat(errors("\uFEFFpackage odd\n\nx := 1\n")).isEmpty();
        assertThat(errors("package odd\n\nx := \"\uFEFF\"\n")).first().isEqualTo("illegal byte-order mark");
        assertThat(errors("package odd\n\nx := `\uFEFF`\n")).first().isEqualTo("illegal byte-order mark");
        assertThat(errors("package odd\n\nx := 1\uFEFF\n")).first().isEqualTo("illegal byte-order mark");
        assertThat(errors("package odd\n\n# \uFEFF\nx := 1\n")).first().isEqualTo("illegal byte-order mark");
        assertThat(errors("package odd\n\nx := \"\u0000\"\n")).first().isEqualTo("illegal null character");
    }

    @Test
    void importsOfWords_shadowEachOther() {
        assertThat(errors("package odd\n\nimport rego.v1\nimport rego.v1\n"))
                .containsExactly("import must not shadow import rego.v1");
        assertThat(errors("package odd\n\nimport future.keywords.if\nimport future.keywords.if\n"))
                .containsExactly("import must not shadow import future.keywords[\"if\"]");
        assertThat(errors("package odd\n\nimport data.api.v1\nimport rego.v1\n"))
                .containsExactly("import must not shadow import data.api.v1");
        assertThat(errors("package odd\n\nimport rego.v1\nimport future.keywords\nimport future.keywords.in\n"))
                .isEmpty();
        assertThat(errors("package odd\n\nimport future.keywords\nimport future.keywords\n", RegoOptions.v0()))
                .isEmpty();
        assertThat(errors("package odd\n\nimport rego.v1\nimport rego.v1\n", RegoOptions.v0()))
                .containsExactly("import must not shadow import rego.v1");
    }

    @Test
    void setInParentheses_isAConditionAndNoBody() {
        assertThat(errors("package odd\n\nallowed if ({1, 2})\n")).isEmpty();
        assertThat(errors("package odd\n\nallowed if {1, 2}\n")).isNotEmpty();
    }
}
