package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Import;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Module;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.Some;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the names that imports and the rules of a package bring by full references. A name that a body declares itself is
 * left alone in that body.
 */
final class NameResolver implements Walk.Mapper {
    private final Map<String, Global> globals;
    private final Deque<Set<String>> declared = new ArrayDeque<>();

    /** What a name stands for, and the import it came by. */
    static final class Global {
        private final Ref path;
        private final @Nullable Import source;
        private boolean used;

        Global(Ref path, @Nullable Import source) {
            this.path = path;
            this.source = source;
        }

        boolean used() {
            return used;
        }

        @Nullable
        Import source() {
            return source;
        }
    }

    NameResolver(Map<String, Global> globals) {
        this.globals = globals;
    }

    /** The names that a module sees: its imports, and the rules of its package in all modules. */
    static Map<String, Global> globals(Module module, Set<String> packageRules) {
        Map<String, Global> globals = new LinkedHashMap<>();
        for (String name : packageRules) {
            Ref path = unplaced(module.packageRef()).append(new StringTerm(name, Location.none()));
            globals.put(name, new Global(path, null));
        }
        for (Import imported : module.imports()) {
            Ref path = imported.path();
            if (path.startsWithVar("data") || path.startsWithVar("input")) {
                globals.put(imported.name(), new Global(unplaced(path), imported));
            }
        }
        return globals;
    }

    /** A root without a place is the document itself, also where a local has its name. */
    private static Ref unplaced(Ref path) {
        List<Term> terms = new ArrayList<>(path.terms());
        terms.set(0, path.head().at(Location.none()));
        return path.withTerms(terms);
    }

    Rule rule(Rule rule, Ref packageRef) {
        Head head = rule.head();
        Set<String> params = new LinkedHashSet<>();
        head.parameters().forEach(arg -> Vars.addAll(arg, params));
        params.removeIf(name -> name.equals("input") || name.equals("data"));
        declared.push(params);
        declared.push(declaredIn(rule.body()));
        Body body = bodyExprs(rule.body());
        Term key = head.key();
        Term value = head.value();
        Head resolved = new Head(
                headRef(head.ref(), packageRef),
                head.args() == null ? null : Walk.mapAll(head.parameters(), this::parameter),
                key == null ? null : term(key),
                value == null ? null : term(value),
                head.assign(),
                head.location());
        declared.pop();
        Rule branch = rule.otherwise();
        declared.pop();
        return rule.withHead(resolved).withBody(body).withOtherwise(branch == null ? null : rule(branch, packageRef));
    }

    private Term parameter(Term term) {
        return term instanceof Var ? term : term(term);
    }

    /** {@code data}, the package, then the rule's own reference; what varies in it is resolved. */
    private Ref headRef(Ref ref, Ref packageRef) {
        List<Term> terms = new ArrayList<>(packageRef.terms());
        if (ref.head() instanceof Var name) {
            terms.add(new StringTerm(name.name(), name.location()));
        }
        for (Term part : ref.terms().subList(1, ref.size())) {
            terms.add(term(part));
        }
        return new Ref(terms, ref.location());
    }

    @Override
    public Body body(Body body) {
        declared.push(declaredIn(body));
        Body resolved = bodyExprs(body);
        declared.pop();
        return resolved;
    }

    private Body bodyExprs(Body body) {
        List<Expr> exprs = new ArrayList<>(body.size());
        for (Expr expr : body.exprs()) {
            exprs.add(expr(expr));
        }
        return new Body(exprs);
    }

    private Expr expr(Expr expr) {
        Expr resolved;
        if (expr.statement() instanceof Every every) {
            resolved = expr.withStatement(every(every));
        } else if (expr.statement() instanceof Some some && !(some.symbols().get(0) instanceof Call)) {
            resolved = expr;
        } else {
            resolved = Walk.map(expr.withModifiers(List.of()), this);
        }
        if (expr.with().isEmpty()) {
            return resolved;
        }
        List<With> with = new ArrayList<>(expr.with().size());
        for (With modifier : expr.with()) {
            with.add(new With(target(modifier.target()), term(modifier.value()), modifier.location()));
        }
        return resolved.withModifiers(with);
    }

    private Term target(Term target) {
        Term resolved = term(target);
        return resolved instanceof Ref ? resolved : new Ref(List.of(resolved), target.location());
    }

    private Every every(Every every) {
        Term domain = term(every.domain());
        Set<String> names = new LinkedHashSet<>();
        Term key = every.key();
        if (key instanceof Var var) {
            names.add(var.name());
        }
        if (every.value() instanceof Var var) {
            names.add(var.name());
        }
        declared.push(names);
        Body body = body(every.body());
        declared.pop();
        return new Every(key, every.value(), domain, body, every.location());
    }

    @Override
    public Term term(Term term) {
        if (term instanceof Var var) {
            Global global = global(var.name());
            return global == null ? var : global.path.at(var.location());
        }
        if (Vars.isComprehension(term)) {
            return comprehension(term);
        }
        if (term instanceof Call call) {
            return call(call);
        }
        return Walk.map(term, this);
    }

    private Term call(Call call) {
        Term operator = term(call.operator());
        return new Call(
                operator instanceof Ref ref ? ref : call.operator(), Walk.mapAll(call.args(), this), call.location());
    }

    /** What the body declares is known in the head too. */
    private Term comprehension(Term term) {
        Body[] inner = new Body[1];
        Walk.children(term, child -> {}, body -> inner[0] = body);
        declared.push(declaredIn(inner[0]));
        Term resolved = Walk.map(term, this::term, this::bodyExprs);
        declared.pop();
        return resolved;
    }

    private @Nullable Global global(String name) {
        for (Set<String> names : declared) {
            if (names.contains(name)) {
                return null;
            }
        }
        Global global = globals.get(name);
        if (global != null) {
            global.used = true;
        }
        return global;
    }

    /** The names that {@code :=} and {@code some} declare in a body itself. */
    static Set<String> declaredIn(Body body) {
        Set<String> names = new LinkedHashSet<>();
        for (Expr expr : body.exprs()) {
            if (expr.isAssign() && expr.statement() instanceof Call call) {
                addDeclared(call.args().get(0), names);
            } else if (expr.statement() instanceof Some some) {
                for (Term symbol : some.symbols()) {
                    if (symbol instanceof Call call) {
                        call.args().subList(0, call.args().size() - 1).forEach(arg -> addDeclared(arg, names));
                    } else {
                        addDeclared(symbol, names);
                    }
                }
            }
        }
        return names;
    }

    private static void addDeclared(Term term, Set<String> names) {
        if (term instanceof Ref ref && ref.head() instanceof Var root) {
            names.add(root.name());
        } else if (!(term instanceof Ref) && !(term instanceof Call)) {
            Vars.addBindable(term, names);
        }
    }
}
