package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Operands by type, with OPA's texts for those of another. Positions count from 1. */
final class Operands {
    private Operands() {}

    static BuiltinException error(int position, String text) {
        return BuiltinException.type("operand " + position + " " + text);
    }

    static BuiltinException wrongType(int position, Value got, String... wanted) {
        return error(position, "must be " + oneOf(wanted) + " but got " + got.typeName());
    }

    private static String oneOf(String... wanted) {
        return wanted.length == 1 ? wanted[0] : "one of {" + String.join(", ", wanted) + "}";
    }

    static BuiltinException wrongElement(int position, Value collection, Value element, String... wanted) {
        return error(
                position,
                "must be " + collection.typeName() + " of "
                        + (wanted.length == 1 ? wanted[0] + "s" : oneOf(plural(wanted))) + " but got "
                        + collection.typeName() + " containing " + element.typeName());
    }

    private static String[] plural(String... names) {
        String[] out = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            out[i] = names[i];
        }
        return out;
    }

    static String string(Value[] args, int position) {
        if (args[position - 1] instanceof StringValue text) {
            return text.text();
        }
        throw wrongType(position, args[position - 1], "string");
    }

    static boolean bool(Value[] args, int position) {
        if (args[position - 1] instanceof BoolValue bool) {
            return bool.value();
        }
        throw wrongType(position, args[position - 1], "boolean");
    }

    static NumberValue number(Value[] args, int position) {
        if (args[position - 1] instanceof NumberValue number) {
            return number;
        }
        throw wrongType(position, args[position - 1], "number");
    }

    static ArrayValue array(Value[] args, int position) {
        if (args[position - 1] instanceof ArrayValue array) {
            return array;
        }
        throw wrongType(position, args[position - 1], "array");
    }

    static ObjectValue object(Value[] args, int position) {
        if (args[position - 1] instanceof ObjectValue object) {
            return object;
        }
        throw wrongType(position, args[position - 1], "object");
    }

    static SetValue set(Value[] args, int position) {
        if (args[position - 1] instanceof SetValue set) {
            return set;
        }
        throw wrongType(position, args[position - 1], "set");
    }

    /** A whole number of any size. */
    static BigInteger integer(Value[] args, int position) {
        if (!(args[position - 1] instanceof NumberValue number)) {
            throw wrongType(position, args[position - 1], "integer");
        }
        if (!number.isWhole()) {
            throw error(position, "must be integer number but got floating-point number");
        }
        return number.bigInteger();
    }

    /** A whole number that fits an int. */
    static int intValue(Value[] args, int position) {
        NumberValue number = number(args, position);
        boolean spelled = number.lexeme().indexOf('e') < 0 && number.lexeme().indexOf('E') < 0;
        if (!spelled || !number.isWhole() || !number.isLong()) {
            throw error(position, "must be integer number but got floating-point number");
        }
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number.longValue()));
    }

    static long longValue(Value[] args, int position) {
        NumberValue number = number(args, position);
        if (!number.isLong()) {
            throw error(position, "must be integer number but got floating-point number");
        }
        return number.longValue();
    }

    /** The members of an array or set, in order. */
    static Value[] members(Value[] args, int position) {
        Value value = args[position - 1];
        if (value instanceof ArrayValue array) {
            return array.toArray();
        }
        if (value instanceof SetValue set) {
            return set.sorted();
        }
        throw wrongType(position, value, "set", "array");
    }

    /** The members of an array or set, all of them strings. */
    static List<String> strings(Value[] args, int position) {
        Value collection = args[position - 1];
        List<String> out = new ArrayList<>();
        for (Value member : members(args, position)) {
            if (!(member instanceof StringValue text)) {
                throw wrongElement(position, collection, member, "string");
            }
            out.add(text.text());
        }
        return out;
    }

    static Value text(String text) {
        return new StringValue(text);
    }
}
