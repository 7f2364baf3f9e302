package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Rule;

/** A stage that rewrites bodies and leaves heads alone. */
interface BodyRewriter extends RuleRewriter {

    /** The body as the next stage sees it. */
    Body body(Body body);

    @Override
    default Rule rule(Rule rule) {
        Rule branch = rule.otherwise();
        return rule.withBody(body(rule.body())).withOtherwise(branch == null ? null : rule(branch));
    }
}
