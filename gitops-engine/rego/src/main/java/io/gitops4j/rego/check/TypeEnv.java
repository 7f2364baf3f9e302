package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.ArrayComprehension;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.ObjectComprehension;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.SetComprehension;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Types of variables in a body, within those of the bodies around it, within those of rules. */
final class TypeEnv {
    private final @Nullable TypeEnv outer;
    private final RuleTypes rules;
    private final BuiltinSignatures builtins;
    private final Map<String, Type> vars = new LinkedHashMap<>();
    private final Set<String> widened = new LinkedHashSet<>();
    /** Types of comprehensions, found when their bodies were checked. */
    private final Map<Term, Type> comprehensions;

    private final SchemaScope schemas;
    /** Results of {@code rego.metadata} functions. */
    private final Map<String, Type> metadata;

    TypeEnv(RuleTypes rules, BuiltinSignatures builtins, SchemaScope schemas, Map<String, Type> metadata) {
        this(null, rules, builtins, new IdentityHashMap<>(), schemas, metadata);
    }

    private TypeEnv(
            @Nullable TypeEnv outer,
            RuleTypes rules,
            BuiltinSignatures builtins,
            Map<Term, Type> comprehensions,
            SchemaScope schemas,
            Map<String, Type> metadata) {
        this.schemas = schemas;
        this.metadata = metadata;
        this.outer = outer;
        this.rules = rules;
        this.builtins = builtins;
        this.comprehensions = comprehensions;
    }

    TypeEnv nested() {
        return new TypeEnv(this, rules, builtins, comprehensions, schemas, metadata);
    }

    @Nullable
    TypeEnv outer() {
        return outer;
    }

    SchemaScope schemas() {
        return schemas;
    }

    RuleTypes rules() {
        return rules;
    }

    /** The type of a variable, {@code null} when nothing is known yet. */
    @Nullable
    Type var(String name) {
        for (TypeEnv at = this; at != null; at = at.outer) {
            Type known = at.vars.get(name);
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    void put(String name, Type type) {
        vars.put(name, type);
    }

    /** Adds to what a variable may be; only one that had no type before is widened. */
    boolean widen(String name, Type type) {
        Type known = var(name);
        if (known != null && !widened.contains(name)) {
            return TypeMath.unifies(known, type);
        }
        widened.add(name);
        Type joined = Types.or(known, type);
        vars.put(name, joined == null ? type : joined);
        return true;
    }

    void putComprehension(Term term, Type type) {
        comprehensions.put(term, type);
    }

    /** The type of what is called, {@code null} when there is no such function. */
    @Nullable
    Type function(Ref operator) {
        if (operator.startsWithVar(Var.DATA)) {
            RuleTypes root = rules.child(operator.head());
            return root == null ? Type.ANY : root.of(operator, 1);
        }
        String name = Names.dotted(operator);
        Type constant = metadata.get(name);
        if (constant != null) {
            return new Type.Function(List.of(), constant);
        }
        Builtin builtin = builtins.find(name);
        return builtin == null ? null : new Type.Function(builtin.args(), builtin.isVoid() ? null : builtin.result());
    }

    /** The type of a term, {@code null} when a variable in it has none yet. */
    @Nullable
    Type of(Term term) {
        switch (term.kind()) {
            case VAR -> {
                Var var = (Var) term;
                return var.isRootDocument() ? ofRoot(var) : var(var.name());
            }
            case REF -> {
                return ofRef((Ref) term);
            }
            case ARRAY -> {
                List<Type> items = new ArrayList<>();
                for (Term item : ((ArrayTerm) term).items()) {
                    Type type = of(item);
                    if (type == null) {
                        return null;
                    }
                    items.add(type);
                }
                return new Type.Array(items, null);
            }
            case SET -> {
                Type all = null;
                for (Term item : ((SetTerm) term).items()) {
                    Type type = of(item);
                    if (type == null) {
                        return null;
                    }
                    all = Types.or(all, type);
                }
                return new Type.SetOf(all == null ? Type.NOTHING : all);
            }
            case OBJECT -> {
                return ofObject((ObjectTerm) term);
            }
            case ARRAY_COMPREHENSION, SET_COMPREHENSION, OBJECT_COMPREHENSION -> {
                return comprehensions.get(term);
            }
            default -> {
                return TypeMath.ofConstant(term);
            }
        }
    }

    private @Nullable Type ofObject(ObjectTerm object) {
        List<Type.Property> properties = new ArrayList<>();
        Type restKey = null;
        Type restValue = null;
        for (ObjectTerm.Entry entry : object.entries()) {
            Type value = of(entry.value());
            if (value == null) {
                return null;
            }
            if (entry.key().isConstant()) {
                properties.add(new Type.Property(entry.key(), value));
                continue;
            }
            Type key = of(entry.key());
            if (key == null) {
                return null;
            }
            restKey = Types.or(restKey, key);
            restValue = Types.or(restValue, value);
        }
        return new Type.Obj(properties, restKey, restValue);
    }

    /** The type of a comprehension whose body was checked in this environment. */
    @Nullable
    Type ofComprehension(Term term) {
        if (term instanceof ArrayComprehension array) {
            Type item = of(array.term());
            return item == null ? null : new Type.Array(List.of(), item);
        }
        if (term instanceof SetComprehension set) {
            Type item = of(set.term());
            return item == null ? null : new Type.SetOf(item);
        }
        if (term instanceof ObjectComprehension object) {
            Type key = of(object.key());
            Type value = of(object.value());
            return key == null || value == null ? null : new Type.Obj(List.of(), key, value);
        }
        return null;
    }

    private Type ofRoot(Var root) {
        Ref path = schemas.path(new Ref(List.of(root), root.location()));
        return path == null ? Type.ANY : schemas.type(path);
    }

    private @Nullable Type ofRef(Ref ref) {
        Ref path = schemas.path(ref);
        if (path != null) {
            return RuleTypes.select(schemas.type(path), ref, path.size());
        }
        if (!(ref.head() instanceof Var head)) {
            return RuleTypes.select(of(ref.head()), ref, 1);
        }
        if (head.name().equals(Var.DATA)) {
            RuleTypes root = rules.child(head);
            return root == null ? Type.ANY : root.of(ref, 1);
        }
        if (head.name().equals(Var.INPUT)) {
            return Type.ANY;
        }
        Type known = var(head.name());
        return known == null ? Type.ANY : RuleTypes.select(known, ref, 1);
    }
}
