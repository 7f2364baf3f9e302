package io.gitops4j.rego;

import io.gitops4j.problem.Outcome;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.RegoVersion;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.check.CheckedModules;
import io.gitops4j.rego.check.CheckedQuery;
import io.gitops4j.rego.check.Checker;
import io.gitops4j.rego.eval.Program;
import io.gitops4j.rego.eval.ProgramCompiler;
import io.gitops4j.rego.syntax.Parser;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compiled modules. Immutable; several threads may prepare and evaluate queries at once. */
public final class CompiledRego {
    private final CheckedModules checked;
    private final Program program;
    private final RegoOptions options;

    CompiledRego(CheckedModules checked, Program program, RegoOptions options) {
        this.checked = checked;
        this.program = program;
        this.options = options;
    }

    /**
     * The name of a rule.
     *
     * @param packageName the package with dots, {@code data} first
     * @param name the rule's first part
     * @param reference a query for it
     */
    public record RuleName(String packageName, String name, String reference) {}

    /** Prepares a query: one reference, or expressions joined by semicolons or new lines. */
    public Outcome<RegoQuery> query(String text) {
        return Parser.parseQuery("", text, Rego.parsing(isV1() ? options.version(RegoVersion.V1) : options))
                .then(body -> Checker.checkQuery(checked, body).map(query -> prepared(body, query)));
    }

    /** Whether every module is held to v1, by the options or by its imports. */
    private boolean isV1() {
        return !checked.modules().isEmpty()
                && checked.modules().stream()
                        .allMatch(module -> module.version().isV1());
    }

    private RegoQuery prepared(Body written, CheckedQuery query) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (String variable : QueryVariables.of(query.body())) {
            String name = query.originalNames().getOrDefault(variable, variable);
            if (!name.startsWith("$") && !name.startsWith("__local")) {
                shown.put(name, variable);
            }
        }
        return new RegoQuery(
                ProgramCompiler.query(program, written, query.body(), shown, options.watched()), this::ruleAt);
    }

    /** The rule that stands at a place, {@code ""} when none does. */
    private String ruleAt(Location place) {
        String found = "";
        int row = 0;
        for (Module module : checked.modules()) {
            if (place.file().isEmpty() || !module.file().equals(place.file())) {
                continue;
            }
            for (Rule rule : module.rules()) {
                if (rule.location().row() <= place.row() && rule.location().row() >= row) {
                    row = rule.location().row();
                    found = rule.ref().stringPrefix().toString();
                }
            }
        }
        return found;
    }

    /** The names of all rules, package by package in the order of the modules. */
    public List<RuleName> ruleNames() {
        Set<RuleName> names = new LinkedHashSet<>();
        for (Module module : checked.modules()) {
            String packageName = module.packageRef().toString();
            int depth = module.packageRef().size();
            for (Rule rule : module.rules()) {
                if (rule.ref().size() > depth
                        && rule.ref().get(depth) instanceof io.gitops4j.rego.ast.StringTerm name) {
                    names.add(new RuleName(
                            packageName,
                            name.value(),
                            rule.ref().prefix(depth + 1).toString()));
                }
            }
        }
        return List.copyOf(names);
    }

    /** What the checker made of the modules. */
    public CheckedModules checked() {
        return checked;
    }
}
