package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.BoolTerm;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
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
final class LocalRewriter {
    private final Names names;
    private final Scopes scopes = new Scopes();
    private final boolean strict;
    private final List<CheckError> errors;
    /** Errors that leave the rest of the checks in force. */
    private final List<CheckError> unused;

    private int wildcards;

    LocalRewriter(Names names, boolean strict, List<CheckError> errors, List<CheckError> unused) {
        this.names = names;
        this.strict = strict;
        this.errors = errors;
        this.unused = unused;
    }

    /** A rule with its branches. A parameter is used when one of them uses it. */
    Rule rule(Rule rule) {
        Set<String> usedArgs = new LinkedHashSet<>();
        Set<String> args = new LinkedHashSet<>();
        Rule rewritten = branch(rule, args, usedArgs);
        args.removeAll(usedArgs);
        if (strict && !rule.isDefault()) {
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
        int before = errors.size();
        Head head = rule.head();
        List<Term> params = head.args() == null ? null : Walk.mapAll(head.parameters(), this::parameter);
        Body body = bodyExprs(rule.body());
        Term key = head.key();
        Term value = head.value();
        Head rewritten = new Head(
                (Ref) Walk.map(head.ref(), this::term, this::body),
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
        reportUnused(declarations, body, before);
        Rule otherwise = rule.otherwise();
        return rule.withHead(rewritten)
                .withBody(body)
                .withOtherwise(otherwise == null ? null : branch(otherwise, args, usedArgs));
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
        return Walk.map(term, this::term, this::body);
    }

    /** A body with a scope of its own. */
    Body body(Body body) {
        scopes.push();
        int before = errors.size();
        Body rewritten = bodyExprs(body);
        reportUnused(scopes.pop(), rewritten, before);
        return rewritten;
    }

    /** A query's body: what it declares stays declared. */
    Body query(Body body) {
        scopes.push();
        Body rewritten = bodyExprs(body);
        scopes.pop();
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
    private void reportUnused(List<Scopes.Declaration> declarations, Body body, int errorsBefore) {
        if (errors.size() > errorsBefore) {
            return;
        }
        for (Scopes.Declaration declaration : declarations) {
            if (declaration.used()) {
                continue;
            }
            if (declaration.how() == Scopes.How.DECLARED) {
                error(body.location(), "declared var " + declaration.name() + " unused");
            } else if (strict && declaration.how() == Scopes.How.ASSIGNED) {
                unused.add(new CheckError(
                        CheckError.COMPILE, declaration.place(), "assigned var " + declaration.name() + " unused"));
            }
        }
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
        Expr bare = expr.withModifiers(List.of());
        return modifiers(Walk.map(bare, this::term, this::body).withModifiers(expr.with()));
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
                return new ArrayTerm(Walk.mapAll(array.items(), item -> part(item, place)), array.location());
            }
            case OBJECT -> {
                List<ObjectTerm.Entry> entries = new ArrayList<>();
                for (ObjectTerm.Entry entry : ((ObjectTerm) target).entries()) {
                    entries.add(new ObjectTerm.Entry(term(entry.key()), part(entry.value(), place)));
                }
                return new ObjectTerm(entries, target.location());
            }
            default -> {
                error(target.location(), "cannot assign to " + target.kind().typeName());
                return target;
            }
        }
    }

    /** An element of a pattern: constants may stand there, to be matched. */
    private Term part(Term term, Location place) {
        return term.isScalar() ? term : assigned(term, place);
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
        Term key =
                args.size() == 3 ? args.get(0) : new Var("$some" + wildcards++ + "_" + names.fresh(), call.location());
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
        int before = errors.size();
        Term key = every.key();
        Term newKey = key instanceof Var var && !var.isWildcard()
                ? declare(var, Scopes.How.DECLARED, every.location())
                : new Var(names.fresh(), every.location());
        Term newValue = every.value() instanceof Var var && !var.isWildcard()
                ? declare(var, Scopes.How.DECLARED, every.location())
                : every.value();
        Body body = bodyExprs(every.body());
        reportUnused(scopes.pop(), body, before);
        return new Every(newKey, newValue, domain, body, every.location());
    }

    private Term term(Term term) {
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
                return Walk.map(ref, this::term, this::body);
            }
            case CALL -> {
                Call call = (Call) term;
                return new Call(operator(call.operator()), Walk.mapAll(call.args(), this::term), call.location());
            }
            case ARRAY_COMPREHENSION, SET_COMPREHENSION, OBJECT_COMPREHENSION -> {
                return comprehension(term);
            }
            default -> {
                return Walk.map(term, this::term, this::body);
            }
        }
    }

    private Ref operator(Ref operator) {
        if (operator.head() instanceof Var var) {
            String local = scopes.local(var.name());
            if (local != null) {
                error(operator.location(), "called function " + operator + " shadowed");
            }
        }
        return operator;
    }

    private Term comprehension(Term term) {
        scopes.push();
        int before = errors.size();
        Body[] inner = new Body[1];
        Term rewritten = Walk.map(term, this::term, body -> inner[0] = bodyExprs(body));
        reportUnused(scopes.pop(), inner[0], before);
        return rewritten;
    }

    private Term var(Var var) {
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
