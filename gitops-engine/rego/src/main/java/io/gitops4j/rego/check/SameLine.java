package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Rule;
import java.util.List;

/** Names a rule in a message where its line holds several, so that the place alone does not say which. */
final class SameLine {
    private final List<Module> modules;

    SameLine(List<Module> modules) {
        this.modules = modules;
    }

    /** {@code  in rule p}, or nothing when the rule has its line for itself. */
    String of(Rule rule) {
        for (Module module : modules) {
            if (module.source() != rule.location().source()) {
                continue;
            }
            int sharing = 0;
            for (Rule other : module.rules()) {
                sharing += other.location().row() == rule.location().row() ? 1 : 0;
            }
            return sharing > 1 ? " in rule " + RuleConflicts.groundName(rule, module) : "";
        }
        return "";
    }
}
