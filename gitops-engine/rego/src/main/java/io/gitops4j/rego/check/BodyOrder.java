package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Puts the bodies of rules in an order in which they can be evaluated. */
final class BodyOrder implements RuleRewriter {
    private final Safety safety;
    private final Names names;
    private final SameLine sameLine;
    private final List<CheckError> errors;

    BodyOrder(Safety safety, Names names, SameLine sameLine, List<CheckError> errors) {
        this.safety = safety;
        this.names = names;
        this.sameLine = sameLine;
        this.errors = errors;
    }

    @Override
    public Rule rule(Rule rule) {
        Set<String> globals = new LinkedHashSet<>();
        globals.add(Var.DATA);
        globals.add(Var.INPUT);
        for (Term arg : rule.head().parameters()) {
            Vars.addAll(arg, globals);
        }
        Safety.Ordered ordered = safety.order(rule.body(), globals);
        if (!ordered.unsafe().isEmpty()) {
            UnsafeReport.add(ordered.unsafe(), names, sameLine.of(rule), errors);
        }
        Rule branch = rule.otherwise();
        return rule.withBody(ordered.body()).withOtherwise(branch == null ? null : rule(branch));
    }
}
