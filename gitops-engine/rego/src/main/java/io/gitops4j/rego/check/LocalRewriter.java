package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives what bodies declare names of its own: {@code :=}, {@code some}, {@code every}, parameters. Afterwards {@code :=} is
 * {@code =}, {@code some k, v in xs} is {@code v = xs[k]}, and other declarations are gone.
 */
final class LocalRewriter implements Walk.Mapper, RuleRewriter {
    private final Names names;
    private final Scopes scopes = new Scopes();
    private final boolean strict;
    private final List<CheckError> errors;
    /** Calls of locals: errors that silence no other. */
    private final List<CheckError> shadowed = new ArrayList<>();

    /** Errors that leave the rest of the checks in force. */
    private final List<CheckError> unused;

    /** How much was reported before this rule: the innermost scope with something to say speaks for it. */
    private int ruleStart;

    LocalRewriter(Names names, boolean strict, List<CheckError> errors, List<CheckError> unused) {
        this.names = names;
        this.strict = strict;
        this.errors = errors;
        this.unused = unused;
    }

    /** A rule with its branches. A parameter is used when one of them uses it. */
    @Override
    public Rule rule(Rule rule) {
        ruleStart = reported();
        Set<String> usedArgs = new LinkedHashSet<>();
        Set<String> args = new LinkedHashSet<>();
        Rule rewritten = branch(rule, args, usedArgs);
        args.removeAll(usedArgs);
        errors.addAll(shadowed);
        shadowed.clear();
        if (strict) {
            for (String arg : args) {
                unused.add(new CheckError(
                        CheckError.COMPILE,
                        rule.head().location(),
                        "unused argument " + arg + ". (hint: use _ (wildcard variable) instead)"));
            }
        }
        return rewritten;
    }

    private Rule branch(Rule rule, Set<String> args, Set<String> usedArgs) {
        scopes.push();
        Head head = rule.head();
        List<Term> params = head.args() == null ? null : Walk.mapAll(head.parameters(), this::parameter);
        head.parameters().forEach(arg -> addNames(arg, args));
        Body body = bodyExprs(rule.body());
        Term key = head.key();
        Term value = head.value();
        Head rewritten = new Head(
                keys(head.ref()),
                params,
                key == null ? null : term(key),
                value == null ? null : term(value),
                head.assign(),
                head.location());
        List<Scopes.Declaration> declarations = scopes.pop();
        for (Scopes.Declaration declaration : declarations) {
            if (declaration.how() == Scopes.How.ARGUMENT) {
                args.add(declaration.name());
                if (declaration.used()) {
                    usedArgs.add(declaration.name());
                }
            }
        }
        reportUnused(declarations);
        Rule otherwise = rule.otherwise();
        return rule.withHead(rewritten)
                .withBody(body)
                .withOtherwise(otherwise == null ? null : branch(otherwise, args, usedArgs));
    }

    /** All names in a parameter that is no pattern, operators too: nothing can use them. */
    private static void addNames(Term arg, Set<String> args) {
        switch (arg.kind()) {
            case ARRAY, OBJECT, SET -> Walk.children(arg, child -> addNames(child, args), body -> {});
            case VAR -> {}
            default ->
                Walk.terms(arg, term -> {
                    if (term instanceof Var var && !var.isWildcard()) {
                        args.add(var.name());
                    }
                    return true;
                });
        }
    }

    private Term parameter(Term term) {
        if (term instanceof Var var) {
            if (var.isWildcard()) {
                return var;
            }
            String known = scopes.local(var.name());
            if (known != null) {
                return new Var(known, var.location());
            }
            String local = names.freshFor(var.name());
            scopes.declare(var.name(), Scopes.How.ARGUMENT, local, var.location());
            return new Var(local, var.location());
        }
        if (term instanceof Ref ref && ref.size() == 1 && ref.head() instanceof Var root) {
            return parameter(root);
        }
        if (term.kind() == TermKind.ARRAY || term.kind() == TermKind.OBJECT || term.kind() == TermKind.SET) {
            return Walk.map(term, this::parameter, this::body);
        }
        return term(term);
    }

    /** A body with a scope of its own. */
    @Override
    public Body body(Body body) {
        scopes.push();
        Body rewritten = bodyExprs(body);
        reportUnused(scopes.pop());
        return rewritten;
    }

    /** A query's body: what it declares stays declared. */
    Body query(Body body) {
        scopes.push();
        Body rewritten = bodyExprs(body);
        scopes.pop();
        errors.addAll(shadowed);
        return rewritten;
    }

    private Body bodyExprs(Body body) {
        List<Expr> exprs = new ArrayList<>(body.size());
        for (Expr expr : body.exprs()) {
            Expr rewritten = expr(expr);
            if (rewritten != null) {
                exprs.add(rewritten);
            }
        }
        if (exprs.isEmpty()) {
            exprs.add(Expr.of(new BoolTerm(true, body.location())));
        }
        return new Body(exprs);
    }

    /** Reports what a scope declares and nothing uses, unless its declarations were wrong already. */
    private void reportUnused(List<Scopes.Declaration> declarations) {
        if (reported() > ruleStart) {
            return;
        }
        for (Scopes.Declaration declaration : declarations) {
            if (declaration.used()) {
                continue;
            }
            if (declaration.how() == Scopes.How.DECLARED) {
                unused.add(new CheckError(
                        CheckError.COMPILE, declaration.place(), "declared var " + declaration.name() + " unused"));
            } else if (strict && declaration.how() == Scopes.How.ASSIGNED) {
                unused.add(new CheckError(
                        CheckError.COMPILE, declaration.place(), "assigned var " + declaration.name() + " unused"));
            }
        }
    }

    private int reported() {
        return errors.size() + unused.size();
    }

    private @Nullable Expr expr(Expr expr) {
        if (expr.isAssign() && expr.statement() instanceof Call call) {
            return assignment(expr, call);
        }
        if (expr.statement() instanceof Some some) {
            return some(expr, some);
        }
        if (expr.statement() instanceof Every every) {
            return modifiers(expr.withStatement(every(every)));
        }
        if (expr.statement() instanceof NotBody not
                && !not.explicit()
                && not.body().exprs().get(0).isAssign()) {
            error(expr.location(), "cannot assign vars inside negated expression");
            return expr;
        }
        if (expr.statement() instanceof Call call && call.operator().head() instanceof Var head) {
            String local = scopes.local(head.name());
            if (local != null) {
                List<Term> operator = new ArrayList<>(keys(call.operator()).terms());
                operator.set(0, new Var(local, head.location()));
                Call shadowed =
                        new Call(call.operator().withTerms(operator), Walk.mapAll(call.args(), this), call.location());
                return modifiers(expr.withStatement(shadowed));
            }
        }
        Expr bare = expr.withModifiers(List.of());
        return modifiers(Walk.map(bare, this).withModifiers(expr.with()));
    }

    private Expr modifiers(Expr expr) {
        if (expr.with().isEmpty()) {
            return expr;
        }
        List<With> with = new ArrayList<>(expr.with().size());
        for (With modifier : expr.with()) {
            with.add(new With(target(modifier.target()), term(modifier.value()), modifier.location()));
        }
        return expr.withModifiers(with);
    }

    /** The root of a target is never a local, even where one has its name. */
    private Term target(Term target) {
        if (!(target instanceof Ref ref)) {
            return target;
        }
        List<Term> terms = new ArrayList<>();
        terms.add(ref.head());
        for (Term part : ref.terms().subList(1, ref.size())) {
            terms.add(term(part));
        }
        return ref.withTerms(terms);
    }

    private Expr assignment(Expr expr, Call call) {
        if (expr.negated()) {
            error(expr.location(), "cannot assign vars inside negated expression");
            return expr;
        }
        Term value = term(call.args().get(1));
        Expr modified = modifiers(expr);
        Term target = assigned(call.args().get(0), expr.location());
        Call unify = new Call(Ref.of("eq").at(call.operator().location()), List.of(target, value), call.location());
        return modified.withStatement(unify);
    }

    private Term assigned(Term target, Location place) {
        if (target instanceof Var var) {
            return var.isWildcard() ? var : declare(var, Scopes.How.ASSIGNED, place);
        }
        if (target instanceof Ref ref && ref.size() == 1 && ref.head() instanceof Var root) {
            return declare(root, Scopes.How.ASSIGNED, place);
        }
        switch (target.kind()) {
            case ARRAY -> {
                ArrayTerm array = (ArrayTerm) target;
                return new ArrayTerm(Walk.mapAll(array.items(), item -> assigned(item, place)), array.location());
            }
            case OBJECT -> {
                List<ObjectTerm.Entry> entries = new ArrayList<>();
                for (ObjectTerm.Entry entry : ((ObjectTerm) target).entries()) {
                    entries.add(new ObjectTerm.Entry(term(entry.key()), assigned(entry.value(), place)));
                }
                return new ObjectTerm(entries, target.location());
            }
            default -> {
                error(target.location(), "cannot assign to " + target.kind().typeName());
                return target;
            }
        }
    }

    private Term declare(Var var, Scopes.How how, Location place) {
        Scopes.How known = scopes.how(var.name());
        if (known != null) {
            String shown = var.toString();
            switch (known) {
                case SEEN -> error(var.location(), "var " + shown + " referenced above");
                case ASSIGNED -> error(var.location(), "var " + shown + " assigned above");
                case DECLARED -> error(var.location(), "var " + shown + " declared above");
                case ARGUMENT -> error(var.location(), "arg " + shown + " redeclared");
            }
            return var;
        }
        String local = names.freshFor(var.name());
        scopes.declare(var.name(), how, local, place);
        return new Var(local, var.location());
    }

    private @Nullable Expr some(Expr expr, Some some) {
        if (!(some.symbols().get(0) instanceof Call call)) {
            for (Term symbol : some.symbols()) {
                if (symbol instanceof Var var && !var.isWildcard()) {
                    declare(var, Scopes.How.DECLARED, expr.location());
                }
            }
            return null;
        }
        List<Term> args = call.args();
        Term container = term(args.get(args.size() - 1));
        Term key = args.size() == 3 ? args.get(0) : new Var("$".concat(names.fresh()), call.location());
        Term value = args.get(args.size() - 2);
        Set<String> inContainer = new LinkedHashSet<>();
        Vars.addAll(args.get(args.size() - 1), inContainer);
        Set<String> declared = new LinkedHashSet<>();
        addOutputs(value, declared);
        addOutputs(key, declared);
        for (String name : declared) {
            if (name.startsWith("$")) {
                continue;
            }
            if (inContainer.contains(name) && scopes.how(name) == Scopes.How.SEEN) {
                error(call.location(), "var " + name + " assigned before");
            } else {
                declare(new Var(name, place(name, call)), Scopes.How.DECLARED, expr.location());
                scopes.local(name);
            }
        }
        Term rewrittenKey = term(key);
        Term rewrittenValue = term(value);
        Ref member = Walk.spliced(List.of(container, rewrittenKey), container.location());
        Call unify = new Call(Ref.of("eq").at(call.location()), List.of(rewrittenValue, member), call.location());
        return modifiers(expr).withStatement(unify);
    }

    /** What a pattern binds: not what keys of objects and references in it need. */
    private static void addOutputs(Term term, Set<String> outputs) {
        if (!(term instanceof Ref) && !(term instanceof Call)) {
            Vars.addBindable(term, outputs);
        } else if (term instanceof Ref ref && ref.size() == 1 && ref.head() instanceof Var root) {
            outputs.add(root.name());
        }
    }

    private static Location place(String name, Call call) {
        Location[] found = {call.location()};
        for (Term arg : call.args()) {
            Walk.terms(arg, term -> {
                if (term instanceof Var var && var.name().equals(name) && found[0] == call.location()) {
                    found[0] = var.location();
                }
                return true;
            });
        }
        return found[0];
    }

    private Every every(Every every) {
        Term domain = term(every.domain());
        scopes.push();
        Term key = every.key();
        Location place = every.body().location();
        Term newKey = key instanceof Var var && !var.isWildcard()
                ? declare(var, Scopes.How.DECLARED, place)
                : new Var(names.fresh(), every.location());
        Term newValue = every.value() instanceof Var var && !var.isWildcard()
                ? declare(var, Scopes.How.DECLARED, place)
                : every.value();
        Body body = bodyExprs(every.body());
        reportUnused(scopes.pop());
        return new Every(newKey, newValue, domain, body, every.location());
    }

    @Override
    public Term term(Term term) {
        switch (term.kind()) {
            case VAR -> {
                return var((Var) term);
            }
            case REF -> {
                Ref ref = (Ref) term;
                if (ref.size() == 1 && ref.head() instanceof Var root) {
                    Term local = var(root);
                    return local == root ? ref : local;
                }
                return Walk.map(ref, this);
            }
            case CALL -> {
                Call call = (Call) term;
                return new Call(operator(call.operator()), Walk.mapAll(call.args(), this), call.location());
            }
            case ARRAY_COMPREHENSION, SET_COMPREHENSION, OBJECT_COMPREHENSION -> {
                return comprehension(term);
            }
            default -> {
                return Walk.map(term, this);
            }
        }
    }

    private Ref operator(Ref operator) {
        if (operator.head() instanceof Var var) {
            String local = scopes.local(var.name());
            if (local != null) {
                shadowed.add(new CheckError(
                        CheckError.COMPILE, operator.location(), "called function " + operator + " shadowed"));
            }
        }
        return keys(operator);
    }

    private Ref keys(Ref operator) {
        List<Term> keys = operator.terms().subList(1, operator.size());
        List<Term> mapped = Walk.mapAll(keys, this);
        if (mapped == keys) {
            return operator;
        }
        List<Term> terms = new ArrayList<>();
        terms.add(operator.head());
        terms.addAll(mapped);
        return operator.withTerms(terms);
    }

    private Term comprehension(Term term) {
        scopes.push();
        Term rewritten = Walk.map(term, this::term, this::bodyExprs);
        reportUnused(scopes.pop());
        return rewritten;
    }

    private Term var(Var var) {
        if (var.isRootDocument() && var.location().equals(Location.none())) {
            return var;
        }
        String local = scopes.local(var.name());
        if (local != null) {
            return new Var(local, var.location());
        }
        if (!var.isWildcard()) {
            scopes.see(var.name(), var.location());
        }
        return var;
    }

    private void error(Location place, String message) {
        errors.add(new CheckError(CheckError.COMPILE, place, message));
    }
}
