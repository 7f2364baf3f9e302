package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.List;

/** Makes references of rules plain: what must be evaluated in one moves to the end of the body. */
final class HeadRefs implements RuleRewriter {
    private final Names names;

    HeadRefs(Names names) {
        this.names = names;
    }

    /** In {@code p[input.x].y := 1} the varying part becomes a variable. */
    @Override
    public Rule rule(Rule rule) {
        Ref ref = rule.ref();
        List<Term> terms = null;
        List<Expr> body = new ArrayList<>(rule.body().exprs());
        for (int i = 1; i < ref.size(); i++) {
            Term term = ref.get(i);
            if (term.isScalar() || term instanceof Var) {
                continue;
            }
            if (terms == null) {
                terms = new ArrayList<>(ref.terms());
            }
            Var local = new Var(names.fresh(), term.location());
            terms.set(i, local);
            body.add(CallFlattener.generated(CallFlattener.eq(local, term), List.of()));
        }
        Rule branch = rule.otherwise();
        Rule mapped = branch == null ? rule : rule.withOtherwise(rule(branch));
        return terms == null
                ? mapped
                : mapped.withHead(rule.head().withRef(ref.withTerms(terms))).withBody(new Body(body));
    }
}
