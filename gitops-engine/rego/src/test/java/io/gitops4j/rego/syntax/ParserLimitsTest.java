package io.gitops4j.rego.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.check.CheckOptions;
import io.gitops4j.rego.check.CheckedModules;
import io.gitops4j.rego.check.Checker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ParserLimitsTest {
    private static final String POLICY = """
            package example
            import data.lib as l
            import rego.v2

            # METADATA
            # title: A title
            default allow := false

            allow if {
                input.method == "GET"
                some i, x in input.items
                not l.denied[x.name]
                every v in x.values { v > i; v != -1 }
                msg := sprintf("%v %d", [x.name, count({y | y := x.values[_]})])
                startswith(msg, $"a {x.name}") or { i == 1; true }
            } else := {"a": [1, 2.5e3]} if input.z with input.q as 1

            deny contains {"msg": m} if m := [k | k := data.x[_]][_]
            f(a, [b, c]) := a + b * c
            p[x].y[z] := 1 if { x := "a"; z := 2 }
            """;

    private static Outcome<Module> parse(String text) {
        return Parser.parseModule("p.rego", text, ParseOptions.v1());
    }

    private static void refused(String text) {
        Outcome<Module> outcome = Assertions.assertTimeoutPreemptively(Duration.ofMinutes(5), () -> parse(text));
        assertThat(outcome.ok()).isFalse();
        assertThat(outcome.problems()).allMatch(problem -> problem.code().equals(Parser.CODE));
        assertThat(outcome.problems().get(0).hint()).isNotEmpty();
    }

    @Test
    void moduleOfTenMegabytes_isRefused() {
        refused("package a\n" + "p := 1\n".repeat(1_500_000));
    }

    @Test
    void tenThousandNestedBrackets_areRefused() {
        for (String open : List.of("[", "{", "(", "{\"a\":", "[x | ", "f(", "x[", "not (", "{[1, {", "$\"{")) {
            refused("package a\nimport rego.v2\np if { " + open.repeat(10_000));
            refused("package a\nimport rego.v2\np := " + open.repeat(10_000) + "1");
        }
    }

    @Test
    void closedNesting_ofTenThousand_isRefused() {
        refused("package a\np := " + "[".repeat(10_000) + "]".repeat(10_000));
    }

    @Test
    void nestingWithinTheBound_isRead_checkedAndPrinted() {
        String text = "package a\np := " + "[".repeat(250) + "]".repeat(250);
        Module module = parse(text).orThrow();
        assertThat(Checker.check(List.of(module), CheckOptions.defaults()).ok()).isTrue();
        assertThat(module.rules().get(0).head().value().toString()).hasSize(500);
    }

    @Test
    void operatorsInARow_beyondTheBound_areRefused() {
        refused("package a\np := " + "1 + ".repeat(20_000) + "1");
        refused("package a\nimport rego.v2\np if { " + "x or ".repeat(20_000) + "x }");
        assertThat(parse("package a\np := " + "1 + ".repeat(900) + "1").ok()).isTrue();
    }

    @Test
    void alternativesThatAreTriedTwice_doNotMultiply() {
        refused("package a\np if { " + "some x in [1 | ".repeat(300));
        refused("package a\nimport rego.v2\np if { " + "{x and ({".repeat(60));
        refused("package a\np if " + "{x: y | p if ".repeat(200));
    }

    @Test
    void elseBranches_beyondTheBound_areRefused() {
        refused("package a\np := 1 if x" + " else := 2 if y".repeat(5_000));
    }

    @Test
    void mutatedModules_giveValuesOrTypedProblems_andTheSameTwice() {
        long seed = 20_261_125L;
        Random random = new Random(seed);
        String[] pieces = {
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ":=",
            "=",
            "|",
            "&",
            ";",
            ",",
            ".",
            "not ",
            " some x in ",
            " every y in z {",
            "with ",
            " as ",
            "if ",
            "else ",
            "default ",
            "contains ",
            "\"",
            "`",
            "$\"",
            "{x",
            "\n",
            "\t",
            "0",
            "1e9",
            "-",
            "data",
            "input",
            "import ",
            "package ",
            "# METADATA\n",
            "_",
            "\\",
            "\u00e9",
            "\uD83D\uDE00",
            "\uD83D",
            "\u0000",
            "and ",
            "or ",
            "rego.v2"
        };
        for (int round = 0; round < 3_000; round++) {
            String text = mutated(random, pieces);
            String first = describe(text, seed, round);
            if (round % 20 == 0) {
                assertThat(describe(text, seed, round)).isEqualTo(first);
            }
        }
    }

    private static String mutated(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder(POLICY);
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, pieces[random.nextInt(pieces.length)]);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(30)));
                default -> {
                    int from = random.nextInt(text.length());
                    text.insert(at, text.substring(from, Math.min(text.length(), from + random.nextInt(40))));
                }
            }
            if (text.length() == 0) {
                text.append(' ');
            }
        }
        return text.toString();
    }

    private static String describe(String text, long seed, int round) {
        try {
            List<String> lines = new ArrayList<>();
            for (ParseOptions options : List.of(ParseOptions.v1(), ParseOptions.v0())) {
                Outcome<Module> outcome = Parser.parseModule("p.rego", text, options);
                List<Problem> problems = new ArrayList<>(outcome.problems());
                if (outcome.ok()) {
                    Outcome<CheckedModules> checked = Checker.check(
                            List.of(outcome.orThrow()),
                            CheckOptions.defaults().withPrint(true).withStrict(true));
                    problems.addAll(checked.problems());
                    checked.value()
                            .ifPresent(modules -> lines.add(modules.modules().toString()));
                }
                problems.forEach(problem -> lines.add(problem.display()));
            }
            return String.join("\n", lines);
        } catch (RuntimeException | StackOverflowError crash) {
            throw new AssertionError("seed " + seed + " round " + round + ":\n" + text, crash);
        }
    }
}
