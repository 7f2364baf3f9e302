package io.gitops4j.rollout.expr;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of expressions: conversion from and to JSON, kinds, equality and order. */
public final class Values {
    private Values() {}

    /** The value of a JSON tree: whole numbers become {@link Long}, all others {@link Double}. */
    public static @Nullable Object of(Json json) {
        if (json instanceof JsonBool bool) {
            return bool.value();
        }
        if (json instanceof JsonNumber number) {
            boolean plain = number.isLong() && number.lexeme().chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
            return plain ? (Object) number.longValue() : (Object) number.doubleValue();
        }
        if (json instanceof JsonArray array) {
            List<@Nullable Object> list = new ArrayList<>(array.size());
            for (Json item : array) {
                list.add(of(item));
            }
            return Collections.unmodifiableList(list);
        }
        if (json instanceof JsonObject object) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            object.forEach((key, value) -> map.put(key, of(value)));
            return Collections.unmodifiableMap(map);
        }
        return json.textOrNull();
    }

    /** The JSON tree of a value; NaN and the infinities become strings, as JSON has no numbers for them. */
    public static Json json(@Nullable Object value) {
        if (value == null) {
            return Json.nul();
        }
        if (value instanceof Boolean bool) {
            return Json.of((boolean) bool);
        }
        if (value instanceof Long number) {
            return Json.of((long) number);
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? JsonNumber.parse(text(number)) : Json.of(text(number));
        }
        if (value instanceof List<?> list) {
            JsonArray.Builder out = JsonArray.builder();
            list.forEach(item -> out.add(json(item)));
            return out.build();
        }
        if (value instanceof Map<?, ?> map) {
            JsonObject.Builder out = JsonObject.builder();
            map.forEach((key, item) -> out.put(String.valueOf(key), json(item)));
            return out.build();
        }
        return Json.of(text(value));
    }

    /** The text of a value, as {@code string()} gives it and measurements show it. */
    public static String text(@Nullable Object value) {
        if (value instanceof Double number) {
            if (number.isNaN()) {
                return "NaN";
            }
            if (number.isInfinite()) {
                return number > 0 ? "+Inf" : "-Inf";
            }
            double magnitude = Math.abs(number);
            if (number == 0 || (magnitude >= 1e-4 && magnitude < 1e21)) {
                String plain = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
                return plain;
            }
            return exponent(number);
        }
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            return json(value).toJson();
        }
        return value == null ? "nil" : value.toString();
    }

    private static String exponent(double number) {
        BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (number < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "nil";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof List<?> list) {
            return numeric(list) && !list.isEmpty() ? "[]float64" : "[]interface {}";
        }
        if (value instanceof Map<?, ?>) {
            return "map[string]interface {}";
        }
        return value instanceof Duration ? "time.Duration" : "time.Time";
    }

    static boolean numeric(List<?> list) {
        for (Object item : list) {
            if (!(item instanceof Number)) {
                return false;
            }
        }
        return true;
    }

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (a instanceof Long x && b instanceof Long y) {
            return x.longValue() == y.longValue();
        }
        if (a instanceof Number x && b instanceof Number y) {
            return x.doubleValue() == y.doubleValue();
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            for (Map.Entry<?, ?> entry : x.entrySet()) {
                if (!y.containsKey(entry.getKey()) || !equal(entry.getValue(), y.get(entry.getKey()))) {
                    return false;
                }
            }
            return true;
        }
        return a.equals(b);
    }

    static boolean comparableKinds(@Nullable Object a, @Nullable Object b) {
        return a == null || b == null || kind(a) == kind(b);
    }

    private static int kind(Object value) {
        return value instanceof Number
                ? 1
                : value instanceof String
                        ? 2
                        : value instanceof Boolean
                                ? 3
                                : value instanceof List<?>
                                        ? 4
                                        : value instanceof Map<?, ?> ? 5 : value instanceof Duration ? 6 : 7;
    }

    /** -1, 0, 1, or 2 when one of them is NaN and no order holds. */
    static int compare(@Nullable Object a, @Nullable Object b, String operator) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Number x && b instanceof Number y) {
            double left = x.doubleValue();
            double right = y.doubleValue();
            return left < right ? -1 : left > right ? 1 : left == right ? 0 : 2;
        }
        if (a instanceof String x && b instanceof String y) {
            return Integer.signum(x.compareTo(y));
        }
        if (a instanceof Duration x && b instanceof Duration y) {
            return Integer.signum(x.compareTo(y));
        }
        if (a instanceof Instant x && b instanceof Instant y) {
            return Integer.signum(x.compareTo(y));
        }
        throw mismatch(operator, a, b);
    }

    static ExpressionError mismatch(String operator, @Nullable Object a, @Nullable Object b) {
        return new ExpressionError(
                "invalid operation: " + operator + " (mismatched types " + typeName(a) + " and " + typeName(b) + ")");
    }
}
