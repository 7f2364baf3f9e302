package io.gitops4j.rego.eval;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.eval.RuleIndex.Demand;
import io.gitops4j.rego.eval.RuleIndex.Source;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from a rule what it demands of input and arguments before it can hold. */
final class IndexDemands {
    private final Map<String, Source> sources = new HashMap<>();
    private final List<Demand> demands = new ArrayList<>();

    private IndexDemands() {}

    static List<Demand> of(Rule rule) {
        if (rule.otherwise() != null) {
            return List.of();
        }
        IndexDemands found = new IndexDemands();
        List<Term> parameters = rule.head().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Source source = new Source(i, List.of());
            Value constant = BodyCompiler.constant(parameters.get(i));
            if (constant != null) {
                found.demands.add(new Demand(source, List.of(constant), null));
            } else if (parameters.get(i) instanceof Var var) {
                found.sources.putIfAbsent(var.name(), source);
            }
        }
        for (Expr expr : rule.body().exprs()) {
            if (!expr.negated() && expr.with().isEmpty() && expr.statement() instanceof Call call) {
                found.call(call.name(), call.args());
            }
        }
        return found.demands;
    }

    private void call(String name, List<Term> args) {
        switch (name) {
            case "eq", "equal", "assign" -> {
                if (args.size() == 2) {
                    equal(args.get(0), args.get(1));
                    equal(args.get(1), args.get(0));
                }
            }
            case "startswith" -> {
                Source source = args.size() == 2 ? source(args.get(0)) : null;
                Value prefix = args.size() == 2 ? BodyCompiler.constant(args.get(1)) : null;
                if (source != null && prefix instanceof StringValue text) {
                    demands.add(new Demand(source, List.of(), text.text()));
                }
            }
            case "internal.member_2" -> {
                Source source = args.size() == 2 ? source(args.get(0)) : null;
                Value all = args.size() == 2 ? BodyCompiler.constant(args.get(1)) : null;
                if (source != null && all instanceof SetValue set) {
                    demands.add(new Demand(source, Arrays.asList(set.sorted()), null));
                } else if (source != null && all instanceof ArrayValue array) {
                    demands.add(new Demand(source, Arrays.asList(array.toArray()), null));
                }
            }
            default -> {}
        }
    }

    private void equal(Term left, Term right) {
        Source source = source(left);
        if (source == null) {
            return;
        }
        Value constant = BodyCompiler.constant(right);
        if (constant != null) {
            demands.add(new Demand(source, List.of(constant), null));
        } else if (right instanceof Var var && !var.isRootDocument()) {
            sources.putIfAbsent(var.name(), source);
        }
    }

    private @Nullable Source source(Term term) {
        if (term instanceof Var var) {
            return sources.get(var.name());
        }
        if (!(term instanceof Ref ref)) {
            return null;
        }
        List<String> path = new ArrayList<>();
        for (int i = 1; i < ref.size(); i++) {
            if (!(ref.get(i) instanceof StringTerm text)) {
                return null;
            }
            path.add(text.value());
        }
        if (ref.startsWithVar(Var.INPUT)) {
            return new Source(-1, path);
        }
        Source known = ref.head() instanceof Var var ? sources.get(var.name()) : null;
        if (known != null) {
            List<String> longer = new ArrayList<>(known.path());
            longer.addAll(path);
            return new Source(known.argument(), longer);
        }
        return null;
    }
}
