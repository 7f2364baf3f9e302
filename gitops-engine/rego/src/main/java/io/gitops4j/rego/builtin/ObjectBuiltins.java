package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** Objects. */
final class ObjectBuiltins {
    private ObjectBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "object.get" -> family.add(3, (c, a) -> get(a));
            case "object.keys" -> family.add(1, (c, a) -> keys(a));
            case "object.filter" -> family.add(2, (c, a) -> filter(a, true));
            case "object.remove" -> family.add(2, (c, a) -> filter(a, false));
            case "object.union" -> family.add(2, (c, a) -> union(Operands.object(a, 1), Operands.object(a, 2)));
            case "object.union_n" -> family.add(1, (c, a) -> unionAll(a));
            case "object.subset" -> family.add(2, (c, a) -> subset(a));
            default -> {}
        }
    }

    private static Value get(Value[] args) {
        ObjectValue object = Operands.object(args, 1);
        if (!(args[1] instanceof ArrayValue path)) {
            Value found = object.get(args[1]);
            return found == null ? args[2] : found;
        }
        Value at = object;
        for (int i = 0; i < path.size() && at != null; i++) {
            at = at.get(path.at(i));
        }
        return at == null ? args[2] : at;
    }

    private static Value keys(Value[] args) {
        ObjectValue object = Operands.object(args, 1);
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < object.size(); i++) {
            out.add(object.keyAt(i));
        }
        return out.build();
    }

    private static Value filter(Value[] args, boolean keep) {
        ObjectValue object = Operands.object(args, 1);
        SetValue keys = keySet(args);
        ObjectBuilder out = ObjectValue.builder();
        for (int i = 0; i < object.size(); i++) {
            if (keys.contains(object.keyAt(i)) == keep) {
                out.put(object.keyAt(i), object.valueAt(i));
            }
        }
        return out.build();
    }

    private static SetValue keySet(Value[] args) {
        if (args[1] instanceof SetValue set) {
            return set;
        }
        if (args[1] instanceof ArrayValue array) {
            return SetValue.of(array.toArray());
        }
        if (args[1] instanceof ObjectValue) {
            return (SetValue) keys(new Value[] {args[1]});
        }
        throw Operands.wrongType(2, args[1], "object", "set", "array");
    }

    private static ObjectValue union(ObjectValue left, ObjectValue right) {
        ObjectBuilder out = ObjectValue.builder();
        for (int i = 0; i < left.size(); i++) {
            out.put(left.keyAt(i), left.valueAt(i));
        }
        for (int i = 0; i < right.size(); i++) {
            Value key = right.keyAt(i);
            Value value = right.valueAt(i);
            out.put(
                    key,
                    left.get(key) instanceof ObjectValue a && value instanceof ObjectValue b ? union(a, b) : value);
        }
        return out.build();
    }

    private static Value unionAll(Value[] args) {
        ObjectValue all = ObjectValue.empty();
        ArrayValue objects = Operands.array(args, 1);
        for (Value item : objects.toArray()) {
            if (!(item instanceof ObjectValue object)) {
                throw Operands.wrongElement(1, objects, item, "object");
            }
            all = union(all, object);
        }
        return all;
    }

    private static Value subset(Value[] args) {
        Value whole = args[0];
        Value part = args[1];
        if (whole instanceof ObjectValue a && part instanceof ObjectValue b) {
            return BoolValue.of(covers(a, b));
        }
        if (whole instanceof SetValue a && part instanceof SetValue b) {
            return BoolValue.of(covers(a, b));
        }
        if (whole instanceof ArrayValue a && part instanceof ArrayValue b) {
            return BoolValue.of(covers(a, b));
        }
        if (whole instanceof ArrayValue a && part instanceof SetValue b) {
            SetValue all = SetValue.of(a.toArray());
            for (int i = 0; i < b.size(); i++) {
                if (!all.contains(b.memberAt(i))) {
                    return BoolValue.FALSE;
                }
            }
            return BoolValue.TRUE;
        }
        throw BuiltinException.type("both arguments object.subset must be of the same type or array and set");
    }

    private static boolean covers(ObjectValue whole, ObjectValue part) {
        for (int i = 0; i < part.size(); i++) {
            @Nullable Value mine = whole.get(part.keyAt(i));
            if (mine == null || !coversValue(mine, part.valueAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean coversValue(Value whole, Value part) {
        if (whole instanceof ObjectValue a && part instanceof ObjectValue b) {
            return covers(a, b);
        }
        if (whole instanceof SetValue a && part instanceof SetValue b) {
            return covers(a, b);
        }
        if (whole instanceof ArrayValue a && part instanceof ArrayValue b) {
            return covers(a, b);
        }
        return whole.equals(part);
    }

    private static boolean covers(SetValue whole, SetValue part) {
        for (int i = 0; i < part.size(); i++) {
            if (!whole.contains(part.memberAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean covers(ArrayValue whole, ArrayValue part) {
        for (int from = 0; from + part.size() <= whole.size(); from++) {
            boolean all = true;
            for (int i = 0; i < part.size() && all; i++) {
                all = whole.at(from + i).equals(part.at(i));
            }
            if (all) {
                return true;
            }
        }
        return false;
    }
}
