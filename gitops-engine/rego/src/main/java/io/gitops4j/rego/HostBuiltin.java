package io.gitops4j.rego;

import io.gitops4j.json.Json;
import io.gitops4j.rego.builtin.BuiltinException;
import io.gitops4j.rego.builtin.BuiltinFunction;
import io.gitops4j.rego.check.Builtin;
import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.SetValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A builtin that the host adds. Calls are checked against its signature; what a typed one is given at run time is checked too, with
 * OPA's texts.
 *
 * @param name the name with dots
 * @param signature its type as OPA writes it, such as {@code (string, any) boolean}
 * @param arity the number of operands
 * @param function what it does
 */
public record HostBuiltin(String name, String signature, int arity, BuiltinFunction function) {
    /** A builtin with as many operands as its signature says. */
    public static HostBuiltin of(String name, String signature, BuiltinFunction function) {
        return new HostBuiltin(name, signature, Builtin.of(name, signature).arity(), function);
    }

    /** A builtin of one operand in Java's types: {@code HostBuiltin.of("x.len", String.class, Integer.class, String::length)}. */
    public static <A, R> HostBuiltin of(
            String name, Class<A> operand, Class<R> result, Function<A, @Nullable R> function) {
        return new HostBuiltin(
                name,
                "(" + type(operand) + ") " + type(result),
                1,
                (context, args) -> value(function.apply(java(args, 0, operand))));
    }

    /** A builtin of two operands in Java's types. */
    public static <A, B, R> HostBuiltin of(
            String name, Class<A> first, Class<B> second, Class<R> result, BiFunction<A, B, @Nullable R> function) {
        return new HostBuiltin(
                name,
                "(" + type(first) + ", " + type(second) + ") " + type(result),
                2,
                (context, args) -> value(function.apply(java(args, 0, first), java(args, 1, second))));
    }

    private static String type(Class<?> type) {
        if (type == String.class || type == StringValue.class) {
            return "string";
        }
        if (type == Boolean.class || type == BoolValue.class) {
            return "boolean";
        }
        if (type == Integer.class || type == Long.class || type == BigDecimal.class || type == NumberValue.class) {
            return "number";
        }
        if (type == List.class || type == ArrayValue.class) {
            return "array[any]";
        }
        if (type == Map.class || type == ObjectValue.class) {
            return "object[any: any]";
        }
        if (type == SetValue.class) {
            return "set[any]";
        }
        if (type == Json.class || type == Value.class) {
            return "any";
        }
        throw new IllegalArgumentException("no Rego type for " + type);
    }

    private static <T> T java(Value[] args, int at, Class<T> type) {
        Object converted = converted(args[at], type);
        if (converted == null) {
            String wanted = type(type);
            int bracket = wanted.indexOf('[');
            throw BuiltinException.type("operand " + (at + 1) + " must be "
                    + (bracket < 0 ? wanted : wanted.substring(0, bracket)) + " but got " + args[at].typeName());
        }
        return type.cast(converted);
    }

    private static @Nullable Object converted(Value value, Class<?> type) {
        if (type.isInstance(value)) {
            return value;
        }
        if (type == Json.class) {
            return value.toJson();
        }
        if (value instanceof StringValue text) {
            return type == String.class ? text.text() : null;
        }
        if (value instanceof BoolValue) {
            return type == Boolean.class ? value == BoolValue.TRUE : null;
        }
        if (value instanceof NumberValue && value.toJson() instanceof io.gitops4j.json.JsonNumber number) {
            BigDecimal exact = number.decimal();
            if (type == BigDecimal.class) {
                return exact;
            }
            try {
                return type == Integer.class
                        ? (Object) exact.intValueExact()
                        : type == Long.class ? exact.longValueExact() : null;
            } catch (ArithmeticException e) {
                throw BuiltinException.of("operand must be an integer in range");
            }
        }
        if (value instanceof ArrayValue array && type == List.class) {
            return List.of(array.toArray());
        }
        return null;
    }

    private static @Nullable Value value(@Nullable Object result) {
        if (result == null || result instanceof Value) {
            return (Value) result;
        }
        if (result instanceof Json json) {
            return Value.of(json);
        }
        if (result instanceof String text) {
            return new StringValue(text);
        }
        if (result instanceof Boolean bool) {
            return BoolValue.of(bool);
        }
        if (result instanceof Integer || result instanceof Long) {
            return NumberValue.of(((Number) result).longValue());
        }
        if (result instanceof BigDecimal number) {
            return Value.of(Json.of(number));
        }
        if (result instanceof List<?> list) {
            List<Value> items = new ArrayList<>();
            for (Object item : list) {
                Value member = value(item);
                if (member != null) {
                    items.add(member);
                }
            }
            return ArrayValue.of(items);
        }
        if (result instanceof Map<?, ?> map) {
            var out = ObjectValue.builder();
            map.forEach((key, member) -> {
                Value converted = value(member);
                if (converted != null) {
                    out.put(String.valueOf(key), converted);
                }
            });
            return out.build();
        }
        throw new IllegalArgumentException("no Rego value for " + result.getClass());
    }
}
