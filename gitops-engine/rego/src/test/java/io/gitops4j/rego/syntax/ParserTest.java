package io.gitops4j.rego.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.ast.Rule;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ParserTest {
    private static Module v1(String text) {
        return Parser.parseModule("p.rego", text, ParseOptions.v1()).orThrow();
    }

    private static Module v0(String text) {
        return Parser.parseModule("p.rego", text, ParseOptions.v0()).orThrow();
    }

    private static List<String> errors(String text, ParseOptions options) {
        return Parser.parseModule("p.rego", text, options).problems().stream()
                .map(problem -> problem.where().line() + ": " + problem.text())
                .toList();
    }

    private static String rules(Module module) {
        return module.rules().stream()
                .map(rule -> rule.head().ref()
                        + (rule.head().args() == null ? "" : rule.head().args().toString())
                        + (rule.head().key() == null
                                ? ""
                                : " contains " + rule.head().key())
                        + (rule.head().value() == null
                                ? ""
                                : " := " + rule.head().value()))
                .collect(Collectors.joining("\n"));
    }

    private static Expr only(Module module) {
        return module.rules().get(0).body().exprs().get(0);
    }

    @Test
    void heads_ofAllKinds_areReadInV1() {
        Module module = v1("""
                package a.b
                import data.x as y
                p := 1
                q if input.x
                s contains x if some x in [1]
                o[k] := v if v := input[k]
                a.b[c].d := 2 if c := "x"
                f(x, [1, y]) := z if z := x + y
                default r := {"a": [1]}
                default g(_, b) := true
                """);
        assertThat(module.packageRef()).hasToString("data.a.b");
        assertThat(module.imports().get(0).name()).isEqualTo("y");
        assertThat(rules(module)).isEqualTo("""
                p := 1
                q := true
                s contains x
                o[k] := v
                a.b[c].d := 2
                f[x, [1, y]] := z
                r := {"a": [1]}
                g[_, b] := true""");
    }

    @Test
    void twoPartHead_withoutIfInV0_isKeyedByItsLastPart() {
        Module module = v0("""
                package a
                p[x] { x := 1 }
                p.q { true }
                o[x] = y { x := 1; y := 2 }
                a.b.c { true }
                """);
        assertThat(rules(module)).isEqualTo("""
                p contains x
                p contains "q"
                o[x] := y
                a.b.c := true""");
    }

    @Test
    void chainedBodies_becomeRulesOfTheSameHead() {
        assertThat(v0("package a\np { a } { b }\n").rules()).hasSize(2);
    }

    @Test
    void elseBranches_areNested() {
        Rule rule =
                v1("package a\np := 1 if a else := 2 if b else := 3").rules().get(0);
        Rule second = rule.otherwise();
        assertThat(second).isNotNull();
        assertThat(second.head().value()).hasToString("2");
        assertThat(second.otherwise()).isNotNull();
    }

    @Test
    void operators_bindFromLooseToTight() {
        assertThat(only(v1("package a\np if x in a | b & c + d * -e")))
                .hasToString("internal.member_2(x, or(a, and(b, plus(c, mul(d, minus(0, e))))))");
    }

    @Test
    void every_hasKeyValueAndBody() {
        Every every = (Every)
                only(v1("package a\np if every k, v in xs { k; v > 1 }")).statement();
        assertThat(every.key()).hasToString("k");
        assertThat(every.body().size()).isEqualTo(2);
    }

    @Test
    void logicalOperators_whenImported_nestLeftAndBindByRank() {
        Module module = v1("package a\nimport rego.v2\np if not x and y or {z; w}");
        Logical or = (Logical) only(module).statement();
        assertThat(or.isOr()).isTrue();
        assertThat(or.rightExplicit()).isTrue();
        Logical and = (Logical) or.left().exprs().get(0).statement();
        assertThat(and.left().exprs().get(0).statement()).isInstanceOf(NotBody.class);
    }

    @Test
    void newerSyntax_withAnOlderRelease_isRefused() {
        ParseOptions gatekeeper = ParseOptions.v1().withOpa(OpaVersion.gatekeeper());
        assertThat(errors("package a\nimport rego.v2", gatekeeper)).isNotEmpty();
        assertThat(errors("package a\nimport future.keywords.or", gatekeeper)).isNotEmpty();
        assertThat(errors("package a\nimport rego.v1\nimport future.keywords", gatekeeper))
                .isEmpty();
    }

    @Test
    void futureWords_inV0_areNamesUntilImported() {
        assertThat(rules(v0("package a\nin := 1\nif := 2"))).isEqualTo("in := 1\nif := 2");
        assertThat(v0("package a\nimport future.keywords.every\np { every x in [1] { x } }")
                        .rules())
                .hasSize(1);
        assertThat(v0("package a\nimport rego.v1\np if true").version()).isEqualTo(RegoVersion.V0_COMPAT_V1);
    }

    @Test
    void v1Rules_areHeldTo_ifAndContains() {
        assertThat(errors("package a\np { true }\nq[x] { x := 1 }\nr[1]", ParseOptions.v1()))
                .containsExactly(
                        "2: `if` keyword is required before rule body",
                        "3: `if` keyword is required before rule body",
                        "3: `contains` keyword is required for partial set rules",
                        "4: `contains` keyword is required for partial set rules");
    }

    @Test
    void severalBrokenStatements_areAllReported() {
        List<String> errors = errors("package a\np := [1,\nq := 1\nr := }\ns if {\n  x y\n}\n", ParseOptions.v1());
        assertThat(errors).hasSizeGreaterThanOrEqualTo(3);
        assertThat(errors.get(0)).startsWith("3: ");
        assertThat(errors.get(errors.size() - 1)).startsWith("6: ");
    }

    @Test
    void strictParse_stopsAtTheFirstBrokenStatement() {
        assertThat(Parser.parseModuleStrictly("p", "package a\nr := }\ns if {\n  x y\n}\n", ParseOptions.v1())
                        .problems())
                .allMatch(problem -> problem.where().line() == 2);
    }

    @Test
    void problem_ofAnySyntaxError_hasPlaceSnippetCaretAndHint() {
        Problem problem = Parser.parseModule("p.rego", "package a\np if { x = = 1 }", ParseOptions.v1())
                .problems()
                .get(0);
        assertThat(problem.code()).isEqualTo("rego_parse_error");
        assertThat(problem.where().place()).isEqualTo("p.rego:2:12");
        assertThat(problem.where().caret()).isEqualTo("  p if { x = = 1 }\n             ^\n");
        assertThat(problem.hint()).isNotEmpty();
    }

    @Test
    void columns_countCodePoints() {
        assertThat(Parser.parseModule("p", "package a\np := \"\uD83D\uDE00\" ! 1", ParseOptions.v1())
                        .problems()
                        .get(0)
                        .where()
                        .column())
                .isEqualTo(10);
    }

    @Test
    void strings_areUnescaped_rawOnesAreNot() {
        Module module = v1("package a\np := \"a\\u00e9\\n\\\\\"\nq := `\\n`");
        assertThat(module.rules().get(0).head().value()).hasToString("\"a\u00e9\\n\\\\\"");
        assertThat(module.rules().get(1).head().value()).hasToString("\"\\\\n\"");
    }

    @Test
    void numbers_outOfRangeOrMisspelt_areRefused() {
        for (String number : List.of("01", "1e2147483648", "1e100000", "1.", ".x")) {
            assertThat(errors("package a\np := " + number, ParseOptions.v1()))
                    .as(number)
                    .isNotEmpty();
        }
        assertThat(rules(v1("package a\np := -.5"))).isEqualTo("p := -0.5");
    }

    @Test
    void defaultRules_withMoreThanAValue_areRefused() {
        assertThat(errors("package a\ndefault p := input.x", ParseOptions.v1()))
                .containsExactly("2: illegal default rule (value cannot contain ref)");
        assertThat(errors("package a\ndefault f(x, x) := 1", ParseOptions.v1()))
                .containsExactly("2: illegal default rule (arguments cannot be repeated x)");
    }

    @Test
    void imports_thatCannotBe_areRefused() {
        assertThat(errors("package a\nimport foo.bar", ParseOptions.v1()).get(0))
                .contains("must begin with one of");
        assertThat(errors("package a\nimport future.keywords.x", ParseOptions.v1())
                        .get(0))
                .contains("must be one of");
        assertThat(errors("package a\nimport rego.v1 as x", ParseOptions.v1()).get(0))
                .contains("cannot be aliased");
        assertThat(errors("package a\nimport data.foo.contains", ParseOptions.v1())
                        .get(0))
                .contains("keyword");
    }

    @Test
    void metadata_aboveStatements_isAttachedByScope() {
        Module module = v1("""
                # METADATA
                # title: all
                package a

                # METADATA
                # authors: ["Ann <a@b.c>"]
                # entrypoint: true
                p := 1
                """);
        assertThat(module.annotations()).extracting(Annotations::scope).containsExactly("package", "document");
        assertThat(module.rules().get(0).annotations().get(0).values().toJson())
                .isEqualTo("{\"authors\":[{\"name\":\"Ann\",\"email\":\"a@b.c\"}],\"entrypoint\":true}");
    }

    @Test
    void metadata_thatIsWrong_isAnError() {
        assertThat(errors("package a\n\n# METADATA\n# scope: package\np := 1", ParseOptions.v1()))
                .containsExactly("3: annotation scope 'package' must be applied to package");
        assertThat(errors("package a\n\n# METADATA\n# just text\np := 1", ParseOptions.v1()))
                .hasSize(1);
        assertThat(errors("package a\n\n# METADATA\n\np := 1", ParseOptions.v1()))
                .containsExactly("3: expected METADATA block, found whitespace");
    }

    @Test
    void template_withNestedBraces_splitsIntoParts() {
        assertThat(rules(v1("package a\np := $\"a {{x | x := 1}} \\{b} {$\"{y}\"}\"")))
                .isEqualTo("p := $\"a {{x | x := 1}} \\{b} {$\"{y}\"}\"");
        assertThat(errors("package a\np := $\"{some x in y}\"", ParseOptions.v1()))
                .isNotEmpty();
        assertThat(errors("package a\np := $\"{x", ParseOptions.v1())).isNotEmpty();
    }

    @Test
    void emptyText_andTextWithoutPackage_areRefused() {
        assertThat(errors("", ParseOptions.v1())).hasSize(1);
        assertThat(errors("p := 1", ParseOptions.v1())).containsExactly("1: package expected");
    }

    @Test
    void packageMissing_isReportedWithWhatElseIsWrong() {
        assertThat(errors("x := 1\npackage a\ny\n", ParseOptions.v1()))
                .containsExactly("1: package expected", "2: unexpected package", "3: var cannot be used for rule name");
        assertThat(errors("", ParseOptions.v1())).containsExactly("0: empty module");
    }

    @Test
    void operatorAfterName_isRefusedOnlyWhereItTouchesTheName() {
        assertThat(errors("package a\np-1\n", ParseOptions.v1())).containsExactly("2: unexpected minus token");
        assertThat(errors("package a\np - 1\n", ParseOptions.v1()))
                .containsExactly("2: rule name conflicts with built-in function");
    }

    @Test
    void wordThatIsOff_isHintedAtInTheMessage() {
        assertThat(errors("package a\np if { x }\n", ParseOptions.v0()))
                .containsExactly(
                        "2: var cannot be used for rule name (hint: `import future.keywords.if` for `p if { ... }` rules)");
        assertThat(errors("package a\np { x, y in z }\n", ParseOptions.v0()))
                .containsExactly("2: unexpected , token: expected \\n or ; or } "
                        + "(hint: `import future.keywords.in` for `x in xs` expressions)");
    }

    @Test
    void metadataBlock_isCheckedUpToWhereParsingStops() {
        assertThat(errors("package a\n# METADATA\n\np := 1\n}\n# METADATA\n", ParseOptions.v1()))
                .containsExactlyInAnyOrder("2: expected METADATA block, found whitespace", "5: unexpected } token");
    }

    @Test
    void brokenNumber_saysWhichPartIsMissing() {
        assertThat(errors("package a\n1.x\n", ParseOptions.v1()))
                .containsExactly("2: expected fraction", "2: illegal number format");
    }

    @Test
    void wordBeforeDot_isANameOnlyWhereAnExpressionStarts() {
        assertThat(errors("package a\np if not.foo == 1\n", ParseOptions.v1())).isEmpty();
        assertThat(errors("package a\np if 1 == not.foo\n", ParseOptions.v1()))
                .containsExactly("2: unexpected not keyword");
    }
}
