package io.gitops4j.rego.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.OpaVersion;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static Outcome<CheckedModules> check(CheckOptions options, ParseOptions parse, String... texts) {
        List<Module> modules = new ArrayList<>();
        for (String text : texts) {
            modules.add(Parser.parseModule("m" + modules.size() + ".rego", text, parse)
                    .orThrow());
        }
        return Checker.check(modules, options);
    }

    private static CheckedModules checked(String... texts) {
        return check(CheckOptions.defaults(), ParseOptions.v1(), texts).orThrow();
    }

    private static List<String> errors(CheckOptions options, ParseOptions parse, String... texts) {
        return check(options, parse, texts).problems().stream()
                .map(problem -> problem.code().replace("rego_", "") + " "
                        + problem.where().line() + " " + problem.text().split("\n", -1)[0])
                .toList();
    }

    private static List<String> errors(String... texts) {
        return errors(CheckOptions.defaults(), ParseOptions.v1(), texts);
    }

    private static List<String> strict(String text) {
        return errors(CheckOptions.defaults().withStrict(true), ParseOptions.v1(), text);
    }

    private static Rule rule(CheckedModules modules, String... path) {
        return modules.rules().rulesAt(Ref.of("data", path)).get(0);
    }

    private static List<String> body(Rule rule) {
        return rule.body().exprs().stream().map(Expr::toString).toList();
    }

    // ---- the form that is evaluated

    @Test
    void names_fromImportsAndThePackage_becomeFullReferences() {
        CheckedModules modules = checked("""
                package a
                import data.lib as l
                import input.x
                p if { l.f(x); q }
                q if x.y
                """, "package lib\nf(_) := true");
        assertThat(body(rule(modules, "a", "p")))
                .containsExactly("__local0__ = input.x", "data.lib.f(__local0__)", "data.a.q");
        assertThat(rule(modules, "a", "q").ref()).hasToString("data.a.q");
    }

    @Test
    void declaredVariables_getNamesOfTheirOwn() {
        CheckedModules modules = checked("package a\np if { x := 1; y := [x | x := 2]; y[0] == x }");
        assertThat(body(rule(modules, "a", "p")))
                .containsExactly(
                        "__local0__ = 1", "__local2__ = [__local1__ | __local1__ = 2]", "__local2__[0] = __local0__");
        assertThat(modules.originalName("__local2__")).isEqualTo("y");
    }

    @Test
    void someIn_becomesAReferenceIntoTheCollection() {
        CheckedModules modules = checked("package a\np if { some k, v in input.xs; k == v }");
        assertThat(body(rule(modules, "a", "p")))
                .containsExactly("__local0__ = input.xs[__local1__]", "__local1__ = __local0__");
    }

    @Test
    void bodies_areReordered_soThatVariablesAreBound() {
        CheckedModules modules = checked("package a\np if { not x > 3; x = y; y = input.v; z = [w | w = y]; z }");
        assertThat(body(rule(modules, "a", "p")))
                .containsExactly("y = input.v", "z = [w | w = y]", "z", "x = y", "not x > 3");
    }

    @Test
    void nestedCalls_areTakenApart_andArgumentsComeBefore() {
        CheckedModules modules = checked("package a\np := upper(concat(input.sep, [lower(input.s), \"x\"]))");
        assertThat(body(rule(modules, "a", "p")))
                .containsExactly(
                        "true",
                        "__local3__ = input.s",
                        "lower(__local3__, __local0__)",
                        "__local4__ = input.sep",
                        "concat(__local4__, [__local0__, \"x\"], __local1__)",
                        "upper(__local1__, __local2__)");
        assertThat(rule(modules, "a", "p").head().value()).hasToString("__local2__");
    }

    @Test
    void heads_withReferences_readThemFromTheBody() {
        CheckedModules modules = checked("package a\np[input.k] := input.v if true\ns contains {\"v\": input.v}");
        Rule object = rule(modules, "a", "p");
        assertThat(object.ref()).hasToString("data.a.p[__local0__]");
        assertThat(body(object)).containsExactly("true", "__local0__ = input.k", "__local1__ = input.v");
    }

    @Test
    void templates_becomeCalls_andPrintIsDroppedUnlessKept() {
        assertThat(body(rule(
                        checked("package a\np if { print(\"x\"); startswith($\"a {input.x}\", \"a\") }"), "a", "p")))
                .containsExactly(
                        "__local2__ = {__local0__ | __local0__ = input.x}",
                        "internal.template_string([\"a \", __local2__], __local1__)",
                        "startswith(__local1__, \"a\")");
        CheckedModules kept = check(
                        CheckOptions.defaults().withPrint(true), ParseOptions.v1(), "package a\np if print(input.x)")
                .orThrow();
        assertThat(body(rule(kept, "a", "p")).get(1)).startsWith("internal.print(");
    }

    @Test
    void withValues_areEvaluatedBefore_functionsStay() {
        CheckedModules modules = checked("""
                package a
                p if count([1]) == 2 with count as two
                q if input.x == 1 with input.x as input.y
                two(_) := 2
                """);
        assertThat(body(rule(modules, "a", "p")).get(0)).isEqualTo("count([1], __local0__) with count as data.a.two");
        assertThat(body(rule(modules, "a", "q")))
                .containsExactly("__local1__ = input.y", "input.x = 1 with input.x as __local1__");
    }

    @Test
    void query_isBroughtIntoTheSameForm() {
        CheckedModules modules = checked("package a\nf(x) := x");
        Body query = Parser.parseQuery("", "x := data.a.f(input.v); y = x", ParseOptions.v1())
                .orThrow();
        CheckedQuery checked = Checker.checkQuery(modules, query).orThrow();
        assertThat(checked.body().toString())
                .isEqualTo(
                        "__local3__ = input.v; data.a.f(__local3__, __local2__); __local1__ = __local2__; y = __local1__");
        assertThat(checked.originalNames()).containsEntry("__local1__", "x");
        assertThat(Checker.checkQuery(
                                modules,
                                Parser.parseQuery("", "not z", ParseOptions.v1())
                                        .orThrow())
                        .ok())
                .isFalse();
    }

    @Test
    void everyModule_checkedTwice_givesTheSame() {
        String text = "package a\nimport rego.v2\np[x].y := z if { some x, z in input.v; not {z > 1} or x and z }";
        assertThat(checked(text).modules()).hasToString(checked(text).modules().toString());
    }

    // ---- what is refused

    @Test
    void unsafeVariables_areNamed() {
        assertThat(errors("package a\np if { not x == 1 }")).containsExactly("unsafe_var_error 2 var x is unsafe");
        assertThat(errors("package a\np := y if true")).containsExactly("unsafe_var_error 2 var y is unsafe");
        assertThat(errors("package a\np if { x > 1 } q := 2"))
                .containsExactly("unsafe_var_error 2 var x is unsafe in rule p");
        assertThat(errors("package a\np if { not input.xs[_] == 1 }"))
                .containsExactly("unsafe_var_error 2 var _ is unsafe");
        assertThat(errors("package a\np if { x := y }")).containsExactly("unsafe_var_error 2 var y is unsafe");
        assertThat(errors(CheckOptions.defaults(), ParseOptions.v0(), "package a\np { x = contains }"))
                .anyMatch(error -> error.contains("hint: `import future.keywords.contains`"));
    }

    @Test
    void unification_bindsThroughPatternsOnly() {
        assertThat(errors("package a\np if { [x, {\"k\": y}] = input.v; z = {\"a\": w}; w = x; z; y }"))
                .isEmpty();
        assertThat(errors("package a\np if { {x} = input.v }")).isNotEmpty();
        assertThat(errors("package a\np if { {x: 1} = input.v }")).isNotEmpty();
        assertThat(errors("package a\np if { x + 1 = 2 }")).isNotEmpty();
    }

    @Test
    void declarations_thatClash_areRefused() {
        assertThat(errors("package a\np if { x := 1; x := 2 }"))
                .containsExactly("compile_error 2 var x assigned above");
        assertThat(errors("package a\np if { y = x; x := 2 }"))
                .containsExactly("compile_error 2 var x referenced above");
        assertThat(errors("package a\nf(x) if { x := 2 }")).containsExactly("compile_error 2 arg x redeclared");
        assertThat(errors("package a\np if { some x }")).containsExactly("compile_error 2 declared var x unused");
        assertThat(errors("package a\np if { a.b := 2 }")).containsExactly("compile_error 2 cannot assign to ref");
        assertThat(errors("package a\np if { not x := 2 }"))
                .containsExactly("compile_error 2 cannot assign vars inside negated expression");
    }

    @Test
    void cycles_areRecursion_throughDynamicReferencesToo() {
        assertThat(errors("package a\np if q\nq if p"))
                .containsExactly(
                        "recursion_error 2 rule data.a.p is recursive: data.a.p -> data.a.q -> data.a.p",
                        "recursion_error 3 rule data.a.q is recursive: data.a.q -> data.a.p -> data.a.q");
        assertThat(errors("package a\np if data[input.x].p")).hasSize(1);
        assertThat(errors("package a\np[x].b := 1 if x := 1\np[x].c := p[1].b if x := 2"))
                .isEmpty();
    }

    @Test
    void calls_toNothingOrWithWrongArity_areTypeErrors() {
        assertThat(errors("package a\np if f(1)")).containsExactly("type_error 2 undefined function f");
        assertThat(errors("package a\nf(x) := x\np if f(1, 2, 3)"))
                .containsExactly("type_error 3 function data.a.f has arity 1, got 3 arguments");
        assertThat(errors("package a\np if count()")).containsExactly("type_error 2 count: arity mismatch");
    }

    @Test
    void rules_thatCannotStandTogether_conflict() {
        assertThat(errors("package a\np := 1\np contains 2"))
                .containsExactly("type_error 2 conflicting rules data.a.p found");
        assertThat(errors("package a\nf(x) := x\nf(x, y) := x")).hasSize(1);
        assertThat(errors("package a\ndefault p := 1\ndefault p := 2")).hasSize(1);
        assertThat(errors("package a\np := 1\np.q := 2").get(0))
                .startsWith("type_error 2 rule data.a.p conflicts with:");
        assertThat(errors("package a\nb := 1", "package a.b\nc := 1"))
                .anyMatch(error -> error.contains("package a.b conflicts with rule b defined at m0.rego:2"));
    }

    @Test
    void types_thatCanNeverFit_areRefused() {
        assertThat(errors("package a\np if count(1) > 0")).containsExactly("type_error 2 count: invalid argument(s)");
        assertThat(errors("package a\nx := \"a\"\np if x + 1 > 0"))
                .containsExactly("type_error 3 plus: invalid argument(s)");
        assertThat(errors("package a\np if 1 == \"a\"")).containsExactly("type_error 2 match error");
        assertThat(errors("package a\no := {\"k\": 1}\np if o.z"))
                .containsExactly("type_error 3 undefined ref: data.a.o.z");
        assertThat(errors("package a\nf(x) := x\np if data.a.f"))
                .containsExactly("type_error 3 function data.a.f used as reference, not called");
        assertThat(errors("package a\np if { x := input.v; count(x) > 0; x.y == 1 }"))
                .isEmpty();
    }

    @Test
    void with_onWhatCannotBeReplaced_isRefused() {
        assertThat(errors("package a\np if { true with walk as f }\nf(_, _)").get(0))
                .contains("must not be a relation");
        assertThat(errors("package a\np := {\"x\": 1}\nq if { true with data.a.p.x as 2 }")
                        .get(0))
                .contains("cannot partially replace virtual document(s)");
        assertThat(errors("package a\nq if { true with nothing as 2 }").get(0))
                .contains("with keyword target must reference existing input, data, or a function");
    }

    @Test
    void strictChecks_findWhatIsUnusedOrHidden() {
        assertThat(strict("package a\nimport data.x\np if { y := 1 }"))
                .containsExactly("compile_error 2 import data.x unused", "compile_error 3 assigned var y unused");
        assertThat(strict("package a\nf(x) := 1")).hasSize(1);
        assertThat(errors("package a\nimport data.x\nimport input.x\np if x"))
                .containsExactly("compile_error 3 import must not shadow import data.x");
        assertThat(errors("package a\np if { input := 1; input }")).hasSize(1);
    }

    @Test
    void deprecatedBuiltins_areRefusedInV1_butNotInV0() {
        String text = "package a\np = any([true])";
        assertThat(errors(text.replace("=", ":=")))
                .containsExactly("type_error 2 deprecated built-in function calls in expression: any");
        assertThat(errors(CheckOptions.defaults(), ParseOptions.v0(), text)).isEmpty();
    }

    @Test
    void print_ofUnknownVariables_isRefused() {
        assertThat(errors(
                        CheckOptions.defaults().withPrint(true),
                        ParseOptions.v1(),
                        "package a\np if { print(x); x = 1 }"))
                .containsExactly("compile_error 2 var x is undeclared");
        assertThat(errors("package a\np := print(1)")).containsExactly("type_error 2 print(1) used as value");
    }

    @Test
    void builtins_followTheRelease_andTheHost() {
        String text = "package a\np if uri.is_valid(\"x\")";
        CheckOptions old = CheckOptions.of(OpaVersion.gatekeeper());
        assertThat(errors(text)).isEmpty();
        assertThat(errors(old, ParseOptions.v1(), text)).hasSize(1);
        CheckOptions hosted =
                old.withBuiltins(old.builtins().with(List.of(Builtin.of("uri.is_valid", "(string) boolean"))));
        assertThat(errors(hosted, ParseOptions.v1(), text)).isEmpty();
    }

    @Test
    void errors_beyondTheLimit_areCut() {
        StringBuilder text = new StringBuilder("package a\n");
        for (int i = 0; i < 30; i++) {
            text.append("p").append(i).append(" if x").append(i).append(" > 1\n");
        }
        assertThat(errors(text.toString())).hasSize(11).first().isEqualTo("compile_error 0 error limit reached");
        assertThat(errors(CheckOptions.defaults().withErrorLimit(0), ParseOptions.v1(), text.toString()))
                .hasSize(30);
    }

    @Test
    void problem_ofAnyCheck_hasPlaceSnippetCaretAndHint() {
        Problem problem = check(CheckOptions.defaults(), ParseOptions.v1(), "package a\np if { x > 1 }")
                .problems()
                .get(0);
        assertThat(problem.where().place()).isEqualTo("m0.rego:2:8");
        assertThat(problem.where().caret()).isEqualTo("  p if { x > 1 }\n         ^\n");
        assertThat(problem.hint()).isNotEmpty();
    }

    @Test
    void everyBuiltin_hasASignatureThatReads() {
        for (Builtin builtin : BuiltinSignatures.of(OpaVersion.newest()).all()) {
            assertThat(builtin.args().size()).as(builtin.name()).isEqualTo(Math.max(0, builtin.arity()));
            assertThat(builtin.result().toString()).as(builtin.name()).isNotEmpty();
        }
    }

    @Test
    void types_printedAndReadAgain_areTheSame() {
        for (String text : List.of(
                "any",
                "array<number, string>[any]",
                "object<a: number, b: set[any]>[string: any]",
                "any<null, boolean>")) {
            assertThat(Types.parse(text)).hasToString(text).isEqualTo(Types.parse(text));
        }
    }
}
