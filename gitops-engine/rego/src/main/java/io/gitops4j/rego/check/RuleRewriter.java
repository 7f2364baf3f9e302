package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Rule;

/** A stage that rewrites rules one by one. */
interface RuleRewriter {

    /** The rule as the next stage sees it, its branches too. */
    Rule rule(Rule rule);
}
