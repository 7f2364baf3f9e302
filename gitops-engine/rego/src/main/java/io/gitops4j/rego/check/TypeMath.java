package io.gitops4j.rego.check;

import io.gitops4j.json.JsonNumber;
import io.gitops4j.rego.ast.ArrayTerm;
import io.gitops4j.rego.ast.NumberTerm;
import io.gitops4j.rego.ast.ObjectTerm;
import io.gitops4j.rego.ast.SetTerm;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What types share, and what stands under a key of one. A missing type is {@code null}. */
final class TypeMath {
    private TypeMath() {}

    /** Whether some value may be of both types. */
    static boolean unifies(@Nullable Type a, @Nullable Type b) {
        if (a == null || b == null) {
            return false;
        }
        if (a instanceof Type.Union union) {
            return unifiesAny(union, b) || b instanceof Type.Union other && unifiesAny(other, a);
        }
        if (b instanceof Type.Union union) {
            return unifiesAny(union, a);
        }
        if (a instanceof Type.Scalar) {
            return a.equals(b);
        }
        if (a instanceof Type.Array one && b instanceof Type.Array two) {
            return unifiesItems(one, two)
                    && unifiesItems(two, one)
                    && (one.rest() == null || two.rest() == null || unifies(one.rest(), two.rest()));
        }
        if (a instanceof Type.Obj one && b instanceof Type.Obj two) {
            return unifiesProperties(one, two)
                    && unifiesProperties(two, one)
                    && (one.restValue() == null
                            || two.restValue() == null
                            || unifies(one.restValue(), two.restValue()));
        }
        if (a instanceof Type.SetOf one && b instanceof Type.SetOf two) {
            return one.item().equals(Type.NOTHING)
                    || two.item().equals(Type.NOTHING)
                    || unifies(one.item(), two.item());
        }
        return a instanceof Type.Function one && b instanceof Type.Function two && unifiesFunctions(one, two);
    }

    private static boolean unifiesAny(Type.Union union, Type type) {
        if (type instanceof Type.Function) {
            return false;
        }
        for (Type part : union.of()) {
            if (unifies(part, type)) {
                return true;
            }
        }
        return union.of().isEmpty();
    }

    private static boolean unifiesItems(Type.Array one, Type.Array two) {
        for (int i = 0; i < one.items().size(); i++) {
            if (!unifies(one.items().get(i), item(two, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean unifiesProperties(Type.Obj one, Type.Obj two) {
        for (Type.Property property : one.properties()) {
            if (!unifies(property.value(), property(two, property.key()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean unifiesFunctions(Type.Function one, Type.Function two) {
        if (one.args().size() != two.args().size()) {
            return false;
        }
        for (int i = 0; i < one.args().size(); i++) {
            if (!unifies(one.args().get(i), two.args().get(i))) {
                return false;
            }
        }
        return true;
    }

    static @Nullable Type item(Type.Array array, int index) {
        return index < array.items().size() ? array.items().get(index) : array.rest();
    }

    static @Nullable Type property(Type.Obj object, Term key) {
        for (Type.Property property : object.properties()) {
            if (property.key().equals(key)) {
                return property.value();
            }
        }
        return object.restKey() != null && contains(object.restKey(), ofConstant(key)) ? object.restValue() : null;
    }

    /** Whether {@code type} has all values of {@code part}. */
    static boolean contains(Type type, Type part) {
        if (type instanceof Type.Union union) {
            if (union.of().isEmpty()) {
                return true;
            }
            for (Type one : union.of()) {
                if (contains(one, part)) {
                    return true;
                }
            }
            return false;
        }
        return unifies(type, part);
    }

    /** The type of keys, {@code null} when there are none. */
    static @Nullable Type keys(@Nullable Type type) {
        if (type instanceof Type.Union union) {
            if (union.of().isEmpty()) {
                return Type.ANY;
            }
            Type all = null;
            for (Type part : union.of()) {
                all = Types.or(all, keys(part));
            }
            return all;
        }
        if (type instanceof Type.Array) {
            return Type.NUMBER;
        }
        if (type instanceof Type.Obj object) {
            Type all = object.restKey();
            for (Type.Property property : object.properties()) {
                all = Types.or(all, ofConstant(property.key()));
            }
            return all;
        }
        return type instanceof Type.SetOf set ? member(set) : null;
    }

    private static @Nullable Type member(Type.SetOf set) {
        return set.item().equals(Type.NOTHING) ? null : set.item();
    }

    /** The type of what stands under some key, {@code null} when nothing does. */
    static @Nullable Type values(@Nullable Type type) {
        if (type instanceof Type.Union union) {
            if (union.of().isEmpty()) {
                return Type.ANY;
            }
            Type all = null;
            for (Type part : union.of()) {
                all = Types.or(all, values(part));
            }
            return all;
        }
        if (type instanceof Type.Array array) {
            Type all = array.rest();
            for (Type item : array.items()) {
                all = Types.or(all, item);
            }
            return all;
        }
        if (type instanceof Type.Obj object) {
            Type all = object.restValue();
            for (Type.Property property : object.properties()) {
                all = Types.or(all, property.value());
            }
            return all;
        }
        return type instanceof Type.SetOf set ? member(set) : null;
    }

    /** The type of what stands under a constant, {@code null} when nothing does. */
    static @Nullable Type select(@Nullable Type type, Term key) {
        if (type instanceof Type.Union union) {
            if (union.of().isEmpty()) {
                return Type.ANY;
            }
            Type all = null;
            for (Type part : union.of()) {
                all = Types.or(all, select(part, key));
            }
            return all;
        }
        if (type instanceof Type.Array array) {
            int index = index(key);
            return index < 0 ? null : item(array, index);
        }
        if (type instanceof Type.Obj object) {
            return property(object, key);
        }
        return type instanceof Type.SetOf set && contains(set.item(), ofConstant(key)) ? set.item() : null;
    }

    private static int index(Term key) {
        return key instanceof NumberTerm number && JsonNumber.isNumber(number.text())
                ? JsonNumber.parse(number.text()).intValueOr(-1)
                : -1;
    }

    /** The type of a constant. */
    static Type ofConstant(Term term) {
        switch (term.kind()) {
            case NULL -> {
                return Type.NULL;
            }
            case BOOLEAN -> {
                return Type.BOOLEAN;
            }
            case NUMBER -> {
                return Type.NUMBER;
            }
            case STRING -> {
                return Type.STRING;
            }
            case ARRAY -> {
                List<Type> items = new ArrayList<>();
                ((ArrayTerm) term).items().forEach(item -> items.add(ofConstant(item)));
                return new Type.Array(items, null);
            }
            case SET -> {
                Type all = null;
                for (Term item : ((SetTerm) term).items()) {
                    all = Types.or(all, ofConstant(item));
                }
                return new Type.SetOf(all == null ? Type.NOTHING : all);
            }
            case OBJECT -> {
                List<Type.Property> properties = new ArrayList<>();
                for (ObjectTerm.Entry entry : ((ObjectTerm) term).entries()) {
                    properties.add(new Type.Property(entry.key(), ofConstant(entry.value())));
                }
                return new Type.Obj(properties, null, null);
            }
            default -> {
                return Type.ANY;
            }
        }
    }
}
