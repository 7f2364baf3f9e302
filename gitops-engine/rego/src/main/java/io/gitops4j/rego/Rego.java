package io.gitops4j.rego;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.builtin.Builtin;
import io.gitops4j.rego.builtin.BuiltinRegistry;
import io.gitops4j.rego.builtin.Builtins;
import io.gitops4j.rego.check.BuiltinSignatures;
import io.gitops4j.rego.check.CheckOptions;
import io.gitops4j.rego.check.CheckedModules;
import io.gitops4j.rego.check.Checker;
import io.gitops4j.rego.eval.Program;
import io.gitops4j.rego.eval.ProgramCompiler;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Compiles Rego. */
public final class Rego {
    private Rego() {}

    /**
     * Parses, checks and compiles modules.
     *
     * @return the compiled modules, or every error with its place
     */
    public static Outcome<CompiledRego> compile(List<RegoModule> modules, RegoOptions options) {
        List<Problem> problems = new ArrayList<>();
        List<Module> parsed = new ArrayList<>();
        for (RegoModule module : modules) {
            Outcome<Module> outcome = Parser.parseModule(module.name(), module.text(), parsing(options));
            problems.addAll(outcome.problems());
            Module tree = outcome.orNull();
            if (tree != null) {
                parsed.add(tree);
            }
        }
        if (problems.stream().anyMatch(Problem::isError)) {
            return Outcome.failed(problems);
        }
        return compileParsed(parsed, options);
    }

    /** Checks and compiles modules that were parsed before. */
    public static Outcome<CompiledRego> compileParsed(List<Module> modules, RegoOptions options) {
        CheckOptions checks = checks(options);
        return Checker.check(modules, checks).map(checked -> compiled(checked, options));
    }

    private static CompiledRego compiled(CheckedModules checked, RegoOptions options) {
        BuiltinRegistry registry = registry(options);
        boolean newest = options.opa().minor() > 19;
        Program program = ProgramCompiler.compile(checked.modules(), registry, newest, options.watched());
        return new CompiledRego(checked, program, options);
    }

    static ParseOptions parsing(RegoOptions options) {
        ParseOptions parsing = options.version().isV1() ? ParseOptions.v1() : ParseOptions.v0();
        return new ParseOptions(parsing.version(), options.opa(), options.limits(), true);
    }

    private static CheckOptions checks(RegoOptions options) {
        CheckOptions checks = CheckOptions.of(options.opa())
                .withStrict(options.strict())
                .withPrint(options.print())
                .withErrorLimit(options.maxErrors())
                .withSchemas(options.schemas());
        List<String> allowed = options.allowed();
        if (allowed != null) {
            checks = checks.withBuiltins(BuiltinSignatures.of(options.opa()).only(allowed));
        }
        if (options.builtins().isEmpty()) {
            return checks;
        }
        List<io.gitops4j.rego.check.Builtin> signatures = new ArrayList<>();
        for (HostBuiltin builtin : options.builtins()) {
            signatures.add(io.gitops4j.rego.check.Builtin.of(builtin.name(), builtin.signature()));
        }
        return checks.withBuiltins(checks.builtins().with(signatures));
    }

    private static BuiltinRegistry registry(RegoOptions options) {
        List<Builtin> own = new ArrayList<>();
        own.add(ModuleJson.BUILTIN);
        for (HostBuiltin builtin : options.builtins()) {
            own.add(new Builtin(builtin.name(), builtin.arity(), builtin.function()));
        }
        return Builtins.standard().with(own);
    }

    /**
     * The value of a constant term.
     *
     * @throws IllegalArgumentException when the term is no constant
     */
    public static Value constant(Term term) {
        Value value = ProgramCompiler.constant(term);
        if (value == null) {
            throw new IllegalArgumentException("not a constant: " + term);
        }
        return value;
    }
}
