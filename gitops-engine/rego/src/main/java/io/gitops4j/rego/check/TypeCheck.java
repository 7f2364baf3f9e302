package io.gitops4j.rego.check;

import com.google.common.collect.ImmutableMap;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.Body;
import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Head;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Logical;
import io.gitops4j.rego.ast.NotBody;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import io.gitops4j.rego.ast.With;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Infers types, rules after those they refer to, and finds calls, unifications and references that can never hold. What comes
 * from {@code input} or from data without rules may be anything.
 */
final class TypeCheck {
    private final RuleTypes rules;
    private final RuleAnnotations annotations;
    private final SchemaSet schemas;
    private final SchemaScope everywhere;
    private final BuiltinSignatures builtins;
    private final Names names;
    private final List<CheckError> errors;

    TypeCheck(
            RuleTypes rules,
            RuleAnnotations annotations,
            SchemaSet schemas,
            BuiltinSignatures builtins,
            Names names,
            List<CheckError> errors) {
        this.rules = rules;
        this.annotations = annotations;
        this.schemas = schemas;
        this.builtins = builtins;
        this.names = names;
        this.errors = errors;
        this.everywhere = SchemaScope.ofInput(schemas, errors);
    }

    void check(List<Rule> dependenciesFirst) {
        for (Rule rule : dependenciesFirst) {
            check(rule);
        }
    }

    /** A query: its variables have types of their own. */
    void check(Body query) {
        body(query, new TypeEnv(rules, builtins, everywhere, ImmutableMap.of()));
    }

    private void check(Rule rule) {
        int before = errors.size();
        TypeEnv env = new TypeEnv(
                rules,
                builtins,
                SchemaScope.of(rule, annotations, schemas, everywhere, errors),
                ImmutableMap.of(
                        "rego.metadata.rule",
                        annotations.ofRule(rule),
                        "rego.metadata.chain",
                        annotations.ofChain(rule)));
        body(rule.body(), env);
        Ref path = rule.ref();
        if (errors.size() > before) {
            rules.add(path.groundPrefix(), Type.ANY);
            return;
        }
        Type type = type(rule.head(), env);
        if (type != null) {
            rules.add(path.groundPrefix(), type);
        }
    }

    private static @Nullable Type type(Head head, TypeEnv env) {
        Term value = head.value();
        if (head.isFunction()) {
            Set<String> params = new LinkedHashSet<>();
            head.parameters().forEach(arg -> Vars.addAll(arg, params));
            for (String param : params) {
                if (env.var(param) == null) {
                    env.put(param, Type.ANY);
                }
            }
            List<Type> args = new ArrayList<>();
            for (Term arg : head.parameters()) {
                Type type = env.of(arg);
                args.add(type == null ? Type.ANY : type);
            }
            return new Type.Function(args, value == null ? null : env.of(value));
        }
        Term key = head.key();
        Type leaf;
        if (key != null) {
            Type member = env.of(key);
            leaf = member == null ? null : new Type.SetOf(member);
        } else {
            leaf = value == null ? null : env.of(value);
        }
        return leaf == null ? null : nested(head.ref(), leaf, env);
    }

    /** The object that a rule with a varying reference adds to. */
    private static Type nested(Ref ref, Type leaf, TypeEnv env) {
        Type type = leaf;
        for (int i = ref.size() - 1; i >= ref.groundPrefix().size(); i--) {
            Term key = ref.get(i);
            if (key.isConstant()) {
                type = new Type.Obj(List.of(new Type.Property(key, type)), null, null);
            } else {
                Type keyType = env.of(key);
                type = new Type.Obj(List.of(), keyType == null ? Type.ANY : keyType, type);
            }
        }
        return type;
    }

    private void body(Body body, TypeEnv env) {
        for (Expr expr : body.exprs()) {
            expr(expr, env);
        }
    }

    private void expr(Expr expr, TypeEnv env) {
        int before = errors.size();
        closures(expr, env);
        new RefCheck(env, names, errors).check(expr);
        boolean inner = errors.size() > before;
        CheckError error = exprError(expr, env);
        boolean follows = inner && error != null && hasUnknown(expr, env);
        if (error != null && !follows) {
            errors.add(error);
        }
    }

    /** Whether an operand has no type: then an error was said where it comes from. */
    private static boolean hasUnknown(Expr expr, TypeEnv env) {
        if (expr.statement() instanceof Call call) {
            for (Term arg : call.args()) {
                if (env.of(arg) == null) {
                    return true;
                }
            }
        }
        return false;
    }

    private void closures(Expr expr, TypeEnv env) {
        if (expr.statement() instanceof Every every) {
            comprehensions(every.domain(), env);
            TypeEnv inner = env.nested();
            Type domain = env.of(every.domain());
            put(every.key(), TypeMath.keys(domain), inner);
            put(every.value(), TypeMath.values(domain), inner);
            body(every.body(), inner);
        } else if (expr.statement() instanceof NotBody not) {
            body(not.body(), env.nested());
        } else if (expr.statement() instanceof Logical logical) {
            body(logical.left(), env.nested());
            body(logical.right(), env.nested());
        } else if (expr.statement() instanceof Term term) {
            comprehensions(term, env);
        }
        for (With with : expr.with()) {
            comprehensions(with.value(), env);
        }
    }

    private static void put(@Nullable Term term, @Nullable Type type, TypeEnv env) {
        if (term instanceof Var var) {
            env.put(var.name(), type == null ? Type.ANY : type);
        }
    }

    private void comprehensions(Term term, TypeEnv env) {
        if (term.isConstant() || term instanceof Var) {
            return;
        }
        if (Vars.isComprehension(term)) {
            int before = errors.size();
            TypeEnv inner = env.nested();
            Walk.children(term, child -> {}, body -> body(body, inner));
            Type type = errors.size() > before ? null : inner.ofComprehension(term);
            if (type != null) {
                env.putComprehension(term, type);
            }
            return;
        }
        Walk.children(term, child -> comprehensions(child, env), body -> {});
    }

    private @Nullable CheckError exprError(Expr expr, TypeEnv env) {
        for (With with : expr.with()) {
            CheckError error = modifierError(with, env);
            if (error != null) {
                return error;
            }
        }
        if (!(expr.statement() instanceof Call call)) {
            return null;
        }
        if (expr.isUnify()) {
            return unify(call.args().get(0), call.args().get(1), env)
                    ? null
                    : new CheckError(CheckError.TYPE, expr.location(), "match error" + sides(call, env));
        }
        return callError(call, expr.location(), env);
    }

    private static @Nullable CheckError modifierError(With with, TypeEnv env) {
        if (!(with.target() instanceof Ref target) || !(with.value() instanceof Ref value)) {
            return null;
        }
        if (target.startsWithVar(Var.INPUT)) {
            return null;
        }
        Type replaced = env.function(target);
        Type replacement = env.function(value);
        if (replaced instanceof Type.Function one
                && replacement instanceof Type.Function two
                && !TypeMath.unifies(one, two)) {
            return new CheckError(
                    CheckError.TYPE,
                    with.location(),
                    Names.dotted(target) + ": arity mismatch\n\thave: " + new Type.Function(two.args(), null)
                            + "\n\twant: " + new Type.Function(one.args(), null));
        }
        return null;
    }

    private static String sides(Call call, TypeEnv env) {
        return "\n\tleft  : " + shown(env.of(call.args().get(0))) + "\n\tright : "
                + shown(env.of(call.args().get(1)));
    }

    private static String shown(@Nullable Type type) {
        return type == null ? "???" : type.toString();
    }

    private @Nullable CheckError callError(Call call, Location place, TypeEnv env) {
        Type type = env.function(call.operator());
        if (type != null && !type.isAny() && !(type instanceof Type.Function)) {
            return new CheckError(CheckError.TYPE, place, "undefined function " + call.operator());
        }
        if (!(type instanceof Type.Function function)) {
            return null;
        }
        CheckError member = memberError(call, place, env);
        if (member != null) {
            return member;
        }
        List<Type> wanted = new ArrayList<>(function.args());
        Type result = function.result();
        if (result != null) {
            wanted.add(result);
        }
        Builtin builtin = builtins.find(Names.dotted(call.operator()));
        if (builtin != null && builtin.arity() < 0) {
            return null;
        }
        for (int i = 0; i < call.args().size() && i < wanted.size(); i++) {
            if (!assign(call.args().get(i), wanted.get(i), false, env)) {
                return new CheckError(CheckError.TYPE, place, invalidArguments(call, wanted, env));
            }
        }
        return null;
    }

    /** {@code "a" in [1, 2]} can never hold. */
    private static @Nullable CheckError memberError(Call call, Location place, TypeEnv env) {
        if (!call.name().equals("internal.member_2")) {
            return null;
        }
        Type item = env.of(call.args().get(0));
        Type members = TypeMath.values(env.of(call.args().get(1)));
        boolean never = item != null && members != null && !TypeMath.unifies(item, members);
        return never ? new CheckError(CheckError.TYPE, place, "match error") : null;
    }

    private static String invalidArguments(Call call, List<Type> wanted, TypeEnv env) {
        List<String> have = new ArrayList<>();
        List<String> want = new ArrayList<>();
        call.args().forEach(arg -> have.add(shown(env.of(arg))));
        wanted.forEach(type -> want.add(type.toString()));
        return call.operator() + ": invalid argument(s)\n\thave: (" + String.join(", ", have) + ")\n\twant: ("
                + String.join(", ", want) + ")";
    }

    // ---- unification

    private boolean unify(Term a, Term b, TypeEnv env) {
        Type left = env.of(a);
        Type right = env.of(b);
        if (left != null && right != null) {
            return TypeMath.unifies(left, right);
        }
        if (right != null) {
            return assign(a, right, false, env);
        }
        if (left != null) {
            return assign(b, left, false, env);
        }
        if (a instanceof ArrayTerm one && b instanceof ArrayTerm two) {
            return unifyArrays(one, two, env);
        }
        if (a instanceof ObjectTerm one && b instanceof ObjectTerm two) {
            return unifyObjects(one, two, env);
        }
        if (isOpen(a) && isOpen(b)) {
            assign(a, Type.ANY, false, env);
            Type known = env.of(a);
            return assign(b, known == null ? Type.ANY : known, false, env);
        }
        return true;
    }

    private static boolean isOpen(Term term) {
        return term instanceof Var || term instanceof ArrayTerm || term instanceof ObjectTerm;
    }

    private boolean unifyArrays(ArrayTerm one, ArrayTerm two, TypeEnv env) {
        if (one.items().size() != two.items().size()) {
            return false;
        }
        for (int i = 0; i < one.items().size(); i++) {
            if (!unify(one.items().get(i), two.items().get(i), env)) {
                return false;
            }
        }
        return true;
    }

    private boolean unifyObjects(ObjectTerm one, ObjectTerm two, TypeEnv env) {
        if (one.entries().size() != two.entries().size()) {
            return false;
        }
        for (ObjectTerm.Entry entry : one.entries()) {
            Term other = two.get(entry.key());
            if (other == null || !unify(entry.value(), other, env)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a term may be of a type; variables without a type get it, or with {@code join} get it too. */
    static boolean assign(Term term, Type type, boolean join, TypeEnv env) {
        if (term instanceof Var var) {
            if (var.isRootDocument()) {
                return true;
            }
            if (join) {
                return env.widen(var.name(), type);
            }
            Type known = env.var(var.name());
            if (known != null) {
                return TypeMath.unifies(known, type);
            }
            env.put(var.name(), type);
            return true;
        }
        if (!(term instanceof ArrayTerm) && !(term instanceof ObjectTerm) && !(term instanceof SetTerm)) {
            return TypeMath.unifies(env.of(term), type);
        }
        if (type instanceof Type.Union union) {
            if (union.of().isEmpty()) {
                Walk.children(term, child -> assign(child, Type.ANY, true, env), body -> {});
                return true;
            }
            boolean fits = false;
            for (Type part : union.of()) {
                fits |= assign(term, part, true, env);
            }
            return fits;
        }
        if (term instanceof ArrayTerm array) {
            return type instanceof Type.Array shape && assignArray(array, shape, join, env);
        }
        if (term instanceof SetTerm set) {
            return type instanceof Type.SetOf shape && assignAll(set.items(), shape.item(), join, env);
        }
        return type instanceof Type.Obj shape && assignObject((ObjectTerm) term, shape, join, env);
    }

    private static boolean assignAll(List<Term> terms, Type type, boolean join, TypeEnv env) {
        for (Term term : terms) {
            if (!assign(term, type, join, env)) {
                return false;
            }
        }
        return true;
    }

    private static boolean assignArray(ArrayTerm array, Type.Array shape, boolean join, TypeEnv env) {
        if (array.items().size() != shape.items().size() && shape.rest() == null) {
            return false;
        }
        for (int i = 0; i < array.items().size(); i++) {
            Type item = TypeMath.item(shape, i);
            if (item == null || !assign(array.items().get(i), item, join, env)) {
                return false;
            }
        }
        return true;
    }

    private static boolean assignObject(ObjectTerm object, Type.Obj shape, boolean join, TypeEnv env) {
        if (object.entries().size() != shape.properties().size() && shape.restValue() == null) {
            return false;
        }
        for (ObjectTerm.Entry entry : object.entries()) {
            if (!entry.key().isConstant()) {
                assign(entry.value(), Type.ANY, join, env);
                continue;
            }
            Type child = TypeMath.property(shape, entry.key());
            if (child == null || !assign(entry.value(), child, join, env)) {
                return false;
            }
        }
        return true;
    }
}
