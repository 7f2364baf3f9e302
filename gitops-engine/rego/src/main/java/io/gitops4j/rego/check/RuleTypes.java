package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.TermKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the values of rules, by path. */
public final class RuleTypes {
    RuleTypes() {}

    private @Nullable Type type;
    private final Map<Term, RuleTypes> children = new LinkedHashMap<>();

    @Nullable
    RuleTypes child(Term key) {
        return children.get(key);
    }

    /** The type of the rules here, {@code null} when only rules further down are known. */
    @Nullable
    Type type() {
        return type;
    }

    boolean isLeaf() {
        return type != null;
    }

    /** The types of keys here: strings, as data has them, and what rules have. */
    Type keys() {
        Type all = Type.STRING;
        for (Term key : children.keySet()) {
            Type joined = Types.or(all, TypeMath.ofConstant(key));
            all = joined == null ? all : joined;
        }
        return all;
    }

    Iterable<RuleTypes> children() {
        return children.values();
    }

    /** Adds what one rule at {@code path} may give. */
    void add(Ref path, Type added) {
        RuleTypes at = this;
        for (Term key : path.terms()) {
            at = at.children.computeIfAbsent(key, ignored -> new RuleTypes());
        }
        Type known = at.type;
        if (known instanceof Type.Function one && added instanceof Type.Function two) {
            at.type = joined(one, two);
        } else {
            at.type = Types.or(known, added);
        }
    }

    private static Type joined(Type.Function one, Type.Function two) {
        if (one.args().size() != two.args().size()) {
            return Type.ANY;
        }
        List<Type> args = new ArrayList<>();
        for (int i = 0; i < one.args().size(); i++) {
            Type both = Types.or(one.args().get(i), two.args().get(i));
            args.add(both == null ? Type.ANY : both);
        }
        return new Type.Function(args, Types.or(one.result(), two.result()));
    }

    /** The type of everything here: a value, or an object of what stands below. */
    Type extent() {
        if (type != null) {
            return children.isEmpty() ? type : Type.ANY;
        }
        List<Type.Property> properties = new ArrayList<>();
        children.forEach((key, child) -> {
            Type below = child.extent();
            if (!(below instanceof Type.Function)) {
                properties.add(new Type.Property(key, below));
            }
        });
        return new Type.Obj(properties, Type.STRING, Type.ANY);
    }

    /** The type of a reference whose first term was looked up already; {@code null} when it is undefined. */
    @Nullable
    Type of(Ref ref, int at) {
        if (at == ref.size()) {
            return type != null ? type : extent();
        }
        Term key = ref.get(at);
        if (type != null) {
            RuleTypes below = children.get(key);
            return below != null ? below.of(ref, at + 1) : children.isEmpty() ? select(type, ref, at) : Type.ANY;
        }
        if (!key.isConstant()) {
            return select(extent(), ref, at);
        }
        RuleTypes below = children.get(key);
        return below == null ? Type.ANY : below.of(ref, at + 1);
    }

    static @Nullable Type select(@Nullable Type type, Ref ref, int from) {
        Type at = type;
        for (int i = from; i < ref.size() && at != null; i++) {
            Term key = ref.get(i);
            boolean open = switch (key.kind()) {
                case VAR, REF, ARRAY, OBJECT, SET -> true;
                default -> key.kind() == TermKind.CALL;
            };
            at = open ? TypeMath.values(at) : TypeMath.select(at, key);
        }
        return at;
    }
}
