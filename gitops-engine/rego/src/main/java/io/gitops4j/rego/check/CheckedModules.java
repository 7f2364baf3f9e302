package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Module;
import java.util.List;
import java.util.Map;

/**
 * Modules that were checked and rewritten. In them:
 *
 * <ul>
 *   <li>every reference to a rule, a package or an import starts with {@code data} or {@code input}; so do heads of rules;
 *   <li>what bodies declare is named {@code __localN__}; {@code :=}, {@code some}, {@code ==} between two terms and template
 *       strings are gone ({@code eq}, {@code internal.template_string});
 *   <li>bodies are ordered: every variable is bound before it is needed;
 *   <li>arguments of calls and elements of collections hold no reference, comprehension or call, but a variable bound before;
 *       a call's result is its last argument; sides of {@code eq} may be a reference or a comprehension;
 *   <li>heads hold variables, constants and collections of those.
 * </ul>
 *
 * @param modules by file name
 * @param rules all rules by path
 * @param builtins what was callable
 * @param options how they were checked
 * @param originalNames what a {@code __localN__} was called in the text
 * @param names how many locals were made, so that a query's get other names
 * @param types what is known of the values of rules
 */
public record CheckedModules(
        List<Module> modules,
        RuleTree rules,
        BuiltinSignatures builtins,
        CheckOptions options,
        Map<String, String> originalNames,
        int names,
        RuleTypes types) {

    /** What a variable was called in the text; its own name when it was not renamed. */
    public String originalName(String variable) {
        return originalNames.getOrDefault(variable, variable);
    }
}
