package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Call;
import io.gitops4j.rego.ast.Every;
import io.gitops4j.rego.ast.Expr;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.ast.Walk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** That references lead somewhere, as far as the types on their way are known; gives types to the variables in brackets. */
final class RefCheck {
    private final TypeEnv env;
    private final Names names;
    private final List<CheckError> errors;

    RefCheck(TypeEnv env, Names names, List<CheckError> errors) {
        this.env = env;
        this.names = names;
        this.errors = errors;
    }

    void check(Expr expr) {
        if (expr.statement() instanceof Call call) {
            call.args().forEach(this::check);
        } else if (expr.statement() instanceof Every every) {
            check(every.domain());
        } else if (expr.statement() instanceof Term term) {
            check(term);
        }
    }

    private void check(Term term) {
        if (Vars.isComprehension(term) || term.isConstant() || term instanceof Var) {
            return;
        }
        if (term instanceof Ref ref) {
            String error = error(ref);
            if (error != null) {
                errors.add(new CheckError(CheckError.TYPE, ref.location(), error));
                return;
            }
        }
        Walk.children(term, this::check, body -> {});
    }

    private @Nullable String error(Ref ref) {
        if (ref.startsWithVar(Var.DATA) && env.of(ref) instanceof Type.Function) {
            return "function " + shown(ref) + " used as reference, not called";
        }
        Ref path = env.schemas().path(ref);
        if (path != null) {
            return leaf(env.schemas().type(path), ref, path.size());
        }
        if (!(ref.head() instanceof Var head)) {
            Type type = env.of(ref.head());
            return type == null ? null : leaf(type, ref, 1);
        }
        if (head.name().equals(Var.INPUT)) {
            return leaf(Type.ANY, ref, 1);
        }
        if (head.name().equals(Var.DATA)) {
            RuleTypes root = env.rules().child(head);
            return root == null ? null : node(root, ref, 1);
        }
        Type type = env.var(head.name());
        return leaf(type == null ? Type.ANY : type, ref, 1);
    }

    private @Nullable String node(RuleTypes node, Ref ref, int at) {
        if (at == ref.size()) {
            return null;
        }
        Type type = node.type();
        Term key = ref.get(at);
        if (type != null) {
            return node.children().iterator().hasNext() ? null : leaf(type, ref, at);
        }
        if (key.kind() == TermKind.STRING) {
            RuleTypes child = node.child(key);
            return child == null ? null : node(child, ref, at + 1);
        }
        Type keys = node.keys();
        if (key instanceof Var var) {
            Type known = env.var(var.name());
            if (known == null) {
                env.put(var.name(), keys);
            } else if (!TypeMath.unifies(keys, known)) {
                return undefined(ref, known, keys);
            }
        } else if (key instanceof Ref inner) {
            Type known = env.of(inner);
            if (known != null && !TypeMath.unifies(keys, known)) {
                return undefined(ref, known, keys);
            }
        } else if (!key.isConstant() || !TypeMath.unifies(keys, TypeMath.ofConstant(key))) {
            return undefined(ref, null, keys);
        }
        return null;
    }

    private @Nullable String leaf(@Nullable Type start, Ref ref, int from) {
        Type type = start;
        for (int at = from; at < ref.size(); at++) {
            Type keys = TypeMath.keys(type);
            if (keys == null) {
                return undefined(ref, type, null);
            }
            Term key = ref.get(at);
            if (key instanceof Var var && !var.isRootDocument()) {
                Type known = env.var(var.name());
                if (known == null) {
                    env.put(var.name(), keys);
                } else if (!TypeMath.unifies(known, keys)) {
                    return undefined(ref, known, keys);
                }
            } else if (key instanceof Ref || Vars.isComprehension(key) || key instanceof Var) {
                Type known = env.of(key);
                if (known != null && !TypeMath.unifies(known, keys)) {
                    return undefined(ref, known, keys);
                }
            } else if (!key.isScalar()) {
                if (!TypeCheck.assign(key, keys, false, env)) {
                    return undefined(ref, env.of(key), keys);
                }
            } else {
                Type child = TypeMath.select(type, key);
                if (child == null) {
                    return type instanceof Type.Obj object && object.restKey() == null && key.kind() == TermKind.STRING
                            ? undefinedKey(ref, at, object)
                            : undefined(ref, TypeMath.ofConstant(key), keys);
                }
                type = child;
                continue;
            }
            type = TypeMath.values(type);
        }
        return null;
    }

    /** A key that an object of known keys does not have: which, and which it has. */
    private String undefinedKey(Ref ref, int at, Type.Obj object) {
        Ref written = shown(ref);
        String before = written.prefix(at).toString();
        String indent = "\n\t" + " ".repeat(before.length() + 1);
        StringBuilder want = new StringBuilder();
        for (Type.Property property : object.properties()) {
            want.append(want.length() == 0 ? "" : " ").append(property.key());
        }
        return "undefined ref: " + written + "\n\t" + written + indent + "^" + indent + "have: " + ref.get(at) + indent
                + "want (one of): [" + want + "]";
    }

    private String undefined(Ref ref, @Nullable Type have, @Nullable Type want) {
        StringBuilder out = new StringBuilder("undefined ref: ").append(shown(ref));
        if (have != null) {
            out.append("\n\thave: ").append(have);
        }
        if (want != null) {
            out.append("\n\twant (type): ").append(want);
        }
        return out.toString();
    }

    /** The reference with the names that were written. */
    private Ref shown(Ref ref) {
        List<Term> terms = new ArrayList<>(ref.size());
        for (Term term : ref.terms()) {
            terms.add(term instanceof Var var ? new Var(names.original(var.name()), var.location()) : term);
        }
        return new Ref(terms, ref.location());
    }
}
