package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what {@code with} replaces, and evaluates its values in expressions of their own before. */
final class Modifiers implements Walk.Mapper, BodyRewriter {
    private final RuleTree rules;
    private final BuiltinSignatures builtins;
    private final Names names;
    private final List<CheckError> errors;

    Modifiers(RuleTree rules, BuiltinSignatures builtins, Names names, List<CheckError> errors) {
        this.rules = rules;
        this.builtins = builtins;
        this.names = names;
        this.errors = errors;
    }

    @Override
    public Body body(Body body) {
        List<Expr> out = new ArrayList<>(body.size());
        for (Expr expr : body.exprs()) {
            Expr inner = nested(expr);
            if (inner.with().isEmpty()) {
                out.add(inner);
                continue;
            }
            List<With> with = new ArrayList<>(inner.with().size());
            int before = errors.size();
            for (With modifier : inner.with()) {
                with.add(errors.size() > before ? modifier : modifier(modifier, out));
            }
            out.add(inner.withModifiers(with));
        }
        return new Body(out);
    }

    private Expr nested(Expr expr) {
        if (expr.statement() instanceof Every every) {
            return expr.withStatement(
                    new Every(every.key(), every.value(), term(every.domain()), body(every.body()), every.location()));
        }
        if (expr.statement() instanceof NotBody not) {
            return expr.withStatement(new NotBody(body(not.body()), not.explicit(), not.location()));
        }
        if (expr.statement() instanceof Logical logical) {
            return expr.withStatement(new Logical(
                    logical.isOr(),
                    body(logical.left()),
                    logical.leftExplicit(),
                    body(logical.right()),
                    logical.rightExplicit(),
                    logical.location()));
        }
        return Walk.map(expr, this);
    }

    @Override
    public Term term(Term term) {
        return term.isConstant() || term instanceof Var ? term : Walk.map(term, this);
    }

    private With modifier(With modifier, List<Expr> out) {
        Term value = modifier.value();
        if (value instanceof Var var && builtins.has(var.name()) && !names.isMade(var.name())) {
            value = new Ref(List.of(var), var.location());
        }
        Ref target = (Ref) modifier.target();
        Boolean evaluate = mustEvaluate(target, value);
        if (evaluate == null || !evaluate || !needsEvaluation(value)) {
            return new With(target, value, modifier.location());
        }
        Var local = new Var(names.fresh(), value.location());
        out.add(CallFlattener.generated(CallFlattener.eq(local, value), List.of()));
        return new With(target, local, modifier.location());
    }

    private static boolean needsEvaluation(Term term) {
        boolean[] found = new boolean[1];
        Walk.terms(term, inner -> {
            found[0] |= inner.kind() == TermKind.REF || Vars.isComprehension(inner);
            return !found[0];
        });
        return found[0];
    }

    /** Whether the value is evaluated, and no function put in the target's place; {@code null} after an error. */
    private @Nullable Boolean mustEvaluate(Ref target, Term value) {
        if (target.startsWithVar(Var.DATA)) {
            return dataTarget(target, value);
        }
        if (target.startsWithVar(Var.INPUT)) {
            return true;
        }
        Builtin builtin = builtins.find(target.size() == 1 ? target.head().toString() : Names.dotted(target));
        if (builtin == null) {
            error(
                    CheckError.TYPE,
                    target.location(),
                    "with keyword target must reference existing input, data, or a function");
            return null;
        }
        String refusal = refusal(builtin);
        if (refusal != null) {
            error(CheckError.COMPILE, target.location(), "with keyword replacing built-in function: " + refusal);
            return null;
        }
        return !isFunctionValue(value);
    }

    private static @Nullable String refusal(Builtin builtin) {
        switch (builtin.name()) {
            case "eq", "rego.metadata.chain", "rego.metadata.rule" -> {
                return "replacement of \"" + builtin.name() + "\" invalid";
            }
            default -> {}
        }
        if (builtin.name().startsWith("internal.")) {
            return "replacement of internal function \"" + builtin.name() + "\" invalid";
        }
        if (builtin.relation()) {
            return "target must not be a relation";
        }
        return builtin.isVoid() ? "target must not be a void function" : null;
    }

    private @Nullable Boolean dataTarget(Ref target, Term value) {
        RuleTree node = rules;
        for (int i = 1; i < target.size() - 1 && node != null; i++) {
            node = node.child(target.get(i));
            if (node != null && !node.rules().isEmpty()) {
                error(
                        CheckError.COMPILE,
                        target.location(),
                        "with keyword cannot partially replace virtual document(s)");
                return null;
            }
        }
        RuleTree last = node == null || target.size() == 1 ? null : node.child(target.last());
        if (last != null && isFunction(last) && isFunctionValue(value)) {
            return false;
        }
        return !(value instanceof Ref ref && ref.startsWithVar(Var.DATA) && isFunction(rules.find(ref)));
    }

    private static boolean isFunction(@Nullable RuleTree node) {
        if (node != null) {
            for (Rule rule : node.rules()) {
                if (rule.head().isFunction()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the value names a rule or a builtin, which then stands in for the target. */
    private boolean isFunctionValue(Term value) {
        if (!(value instanceof Ref ref)) {
            return false;
        }
        if (ref.startsWithVar(Var.DATA)) {
            return rules.find(ref) != null;
        }
        return builtins.has(Names.dotted(ref));
    }

    private void error(String code, Location place, String message) {
        errors.add(new CheckError(code, place, message));
    }
}
