package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.Arithmetic;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Aggregates, arrays and sets. */
final class CollectionBuiltins {
    private CollectionBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "count" -> family.add(1, (c, a) -> count(a));
            case "sum" -> family.add(1, (c, a) -> sum(a));
            case "product" -> family.add(1, (c, a) -> product(a));
            case "max" -> family.add(1, (c, a) -> extreme(a, 1));
            case "min" -> family.add(1, (c, a) -> extreme(a, -1));
            case "sort" -> family.add(1, (c, a) -> sort(a));
            case "all" -> family.add(1, (c, a) -> all(a));
            case "any" -> family.add(1, (c, a) -> any(a));
            case "array.concat" -> family.add(2, (c, a) -> concat(a));
            case "array.reverse" -> family.add(1, (c, a) -> reverse(a));
            case "array.slice" -> family.add(3, (c, a) -> slice(a));
            case "array.flatten" -> family.add(1, (c, a) -> flatten(a));
            case "and" -> family.add(2, (c, a) -> intersect(Operands.set(a, 1), Operands.set(a, 2)));
            case "or" ->
                family.add(
                        2,
                        (c, a) -> SetValue.builder()
                                .addAll(Operands.set(a, 1))
                                .addAll(Operands.set(a, 2))
                                .build());
            case "set_diff" -> family.add(2, (c, a) -> difference(a));
            case "union" -> family.add(1, (c, a) -> union(a));
            case "intersection" -> family.add(1, (c, a) -> intersection(a));
            case "internal.member_2" -> family.add(2, (c, a) -> member(a));
            case "internal.member_3" -> family.add(3, (c, a) -> memberWithKey(a));
            default -> {}
        }
    }

    private static Value member(Value[] args) {
        if (args[1] instanceof SetValue set) {
            return BoolValue.of(set.contains(args[0]));
        }
        if (args[1] instanceof ObjectValue object) {
            for (int i = 0; i < object.size(); i++) {
                if (object.valueAt(i).equals(args[0])) {
                    return BoolValue.TRUE;
                }
            }
        }
        return BoolValue.of(args[1] instanceof ArrayValue array
                && Arrays.asList(array.toArray()).contains(args[0]));
    }

    private static Value memberWithKey(Value[] args) {
        Value found = args[2].isCollection() ? args[2].get(args[0]) : null;
        return BoolValue.of(found != null && found.equals(args[1]));
    }

    private static Value count(Value[] args) {
        if (args[0] instanceof StringValue text) {
            return NumberValue.of(text.text().codePointCount(0, text.text().length()));
        }
        if (!args[0].isCollection()) {
            throw Operands.wrongType(1, args[0], "array", "object", "set", "string");
        }
        return NumberValue.of(args[0].size());
    }

    private static Value sum(Value[] args) {
        NumberValue sum = NumberValue.ZERO;
        for (Value member : Operands.members(args, 1)) {
            if (!(member instanceof NumberValue number)) {
                throw Operands.wrongElement(1, args[0], member, "number");
            }
            sum = Arithmetic.plus(sum, number);
        }
        return sum;
    }

    private static Value product(Value[] args) {
        NumberValue product = NumberValue.ONE;
        for (Value member : Operands.members(args, 1)) {
            if (!(member instanceof NumberValue number)) {
                throw Operands.wrongElement(1, args[0], member, "number");
            }
            product = Arithmetic.times(product, number);
        }
        return product;
    }

    private static @Nullable Value extreme(Value[] args, int sign) {
        Value best = null;
        for (Value member : Operands.members(args, 1)) {
            if (best == null || member.compareTo(best) * sign > 0) {
                best = member;
            }
        }
        return best;
    }

    private static Value sort(Value[] args) {
        Value[] members = Operands.members(args, 1).clone();
        boolean strings = true;
        for (Value member : members) {
            strings &= member instanceof StringValue text && text.isPlain();
        }
        if (strings) {
            StringValue[] texts = Arrays.copyOf(members, members.length, StringValue[].class);
            Arrays.sort(texts, (a, b) -> a.text().compareTo(b.text()));
            return ArrayValue.of((Value[]) texts);
        }
        Arrays.sort(members);
        return ArrayValue.of(members);
    }

    private static Value all(Value[] args) {
        for (Value member : Operands.members(args, 1)) {
            if (member != BoolValue.TRUE) {
                return BoolValue.FALSE;
            }
        }
        return BoolValue.TRUE;
    }

    private static Value any(Value[] args) {
        for (Value member : Operands.members(args, 1)) {
            if (member == BoolValue.TRUE) {
                return BoolValue.TRUE;
            }
        }
        return BoolValue.FALSE;
    }

    private static Value concat(Value[] args) {
        ArrayValue left = Operands.array(args, 1);
        ArrayValue right = Operands.array(args, 2);
        Value[] items = Arrays.copyOf(left.toArray(), left.size() + right.size());
        System.arraycopy(right.toArray(), 0, items, left.size(), right.size());
        return ArrayValue.of(items);
    }

    private static Value reverse(Value[] args) {
        Value[] items = Operands.array(args, 1).toArray();
        Value[] reversed = new Value[items.length];
        for (int i = 0; i < items.length; i++) {
            reversed[i] = items[items.length - 1 - i];
        }
        return ArrayValue.of(reversed);
    }

    private static Value slice(Value[] args) {
        ArrayValue array = Operands.array(args, 1);
        int from = Math.max(0, Operands.intValue(args, 2));
        int to = Math.min(array.size(), Operands.intValue(args, 3));
        return from >= to ? ArrayValue.empty() : ArrayValue.of(Arrays.copyOfRange(array.toArray(), from, to));
    }

    private static Value flatten(Value[] args) {
        List<Value> out = new ArrayList<>();
        for (Value item : Operands.array(args, 1).toArray()) {
            if (item instanceof ArrayValue inner) {
                out.addAll(Arrays.asList(inner.toArray()));
            } else {
                out.add(item);
            }
        }
        return ArrayValue.of(out);
    }

    static SetValue intersect(SetValue left, SetValue right) {
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < left.size(); i++) {
            if (right.contains(left.memberAt(i))) {
                out.add(left.memberAt(i));
            }
        }
        return out.build();
    }

    static Value difference(Value[] args) {
        SetValue left = Operands.set(args, 1);
        SetValue right = Operands.set(args, 2);
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < left.size(); i++) {
            if (!right.contains(left.memberAt(i))) {
                out.add(left.memberAt(i));
            }
        }
        return out.build();
    }

    private static Value union(Value[] args) {
        SetValue sets = Operands.set(args, 1);
        SetValue.Builder out = SetValue.builder();
        for (int i = 0; i < sets.size(); i++) {
            if (!(sets.memberAt(i) instanceof SetValue set)) {
                throw Operands.wrongType(1, sets.memberAt(i), "set");
            }
            out.addAll(set);
        }
        return out.build();
    }

    private static Value intersection(Value[] args) {
        SetValue all = null;
        SetValue sets = Operands.set(args, 1);
        for (Value member : sets.sorted()) {
            if (!(member instanceof SetValue set)) {
                throw Operands.wrongType(1, member, "set");
            }
            all = all == null ? set : intersect(all, set);
        }
        return all == null ? SetValue.empty() : all;
    }
}
