package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Operators on two values, and the order of values: null, false, true, numbers, strings, arrays, objects. */
final class Arithmetic {
    private static final int MAX_TEXT = 1_000_000;

    private Arithmetic() {}

    static Json apply(String operator, Json a, Json b) {
        return switch (operator) {
            case "==" -> Json.of(a.equals(b));
            case "!=" -> Json.of(!a.equals(b));
            case "<" -> Json.of(compare(a, b) < 0);
            case "<=" -> Json.of(compare(a, b) <= 0);
            case ">" -> Json.of(compare(a, b) > 0);
            case ">=" -> Json.of(compare(a, b) >= 0);
            case "+" -> add(a, b);
            case "-" -> subtract(a, b);
            case "*" -> multiply(a, b);
            case "/" -> divide(a, b);
            default -> modulo(a, b);
        };
    }

    private static JqError wrong(String what, Json a, Json b) {
        return new JqError("cannot " + what + ": " + a.toJson() + " and " + b.toJson());
    }

    private static Json number(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return JsonNumber.parse(
                plain.scale() <= 0 && plain.precision() - plain.scale() < 30
                        ? plain.toBigInteger().toString()
                        : plain.toString().replace("E+", "e").replace("E", "e"));
    }

    private static Json add(Json a, Json b) {
        if (a.isNull()) {
            return b;
        }
        if (b.isNull()) {
            return a;
        }
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return number(x.decimal().add(y.decimal()));
        }
        if (a.textOrNull() != null && b.textOrNull() != null) {
            String text = String.valueOf(a.textOrNull()) + b.textOrNull();
            if (text.length() > MAX_TEXT) {
                throw new JqError("a string grows too long");
            }
            return Json.of(text);
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            List<Json> all = new ArrayList<>(x.items());
            all.addAll(y.items());
            return JsonArray.of(all);
        }
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            JsonObject.Builder out = x.toBuilder();
            y.forEach(out::put);
            return out.build();
        }
        throw wrong("add", a, b);
    }

    private static Json subtract(Json a, Json b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return number(x.decimal().subtract(y.decimal()));
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            List<Json> left = new ArrayList<>(x.items());
            left.removeAll(y.items());
            return JsonArray.of(left);
        }
        throw wrong("subtract", a, b);
    }

    private static Json multiply(Json a, Json b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return number(x.decimal().multiply(y.decimal(), MathContext.DECIMAL64));
        }
        if (a.textOrNull() != null && b instanceof JsonNumber n) {
            double times = n.doubleValue();
            String text = String.valueOf(a.textOrNull());
            if (times * text.length() > MAX_TEXT) {
                throw new JqError("a string grows too long");
            }
            return times <= 0 ? Json.nul() : Json.of(text.repeat((int) Math.max(1, times)));
        }
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            return merge(x, y);
        }
        throw wrong("multiply", a, b);
    }

    private static JsonObject merge(JsonObject a, JsonObject b) {
        JsonObject.Builder out = a.toBuilder();
        b.forEach((key, value) -> {
            Json known = out.get(key);
            out.put(key, known instanceof JsonObject x && value instanceof JsonObject y ? merge(x, y) : value);
        });
        return out.build();
    }

    private static Json divide(Json a, Json b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            if (y.decimal().signum() == 0) {
                throw wrong("divide", a, b);
            }
            return number(x.decimal().divide(y.decimal(), MathContext.DECIMAL64));
        }
        if (a.textOrNull() != null && b.textOrNull() != null) {
            return Builtins.split(String.valueOf(a.textOrNull()), String.valueOf(b.textOrNull()));
        }
        throw wrong("divide", a, b);
    }

    private static Json modulo(Json a, Json b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            long divisor = (long) y.doubleValue();
            if (divisor == 0) {
                throw wrong("modulo", a, b);
            }
            return Json.of((long) x.doubleValue() % Math.abs(divisor));
        }
        throw wrong("modulo", a, b);
    }

    static int compare(Json a, Json b) {
        int order = Integer.compare(rank(a), rank(b));
        if (order != 0) {
            return order;
        }
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return x.compareTo(y);
        }
        if (a.textOrNull() != null && b.textOrNull() != null) {
            return String.valueOf(a.textOrNull()).compareTo(String.valueOf(b.textOrNull()));
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            for (int i = 0; i < x.size() && i < y.size(); i++) {
                order = compare(x.get(i), y.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(x.size(), y.size());
        }
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            return objects(x.sorted(), y.sorted());
        }
        return 0;
    }

    private static int objects(JsonObject a, JsonObject b) {
        List<Json> left = new ArrayList<>();
        List<Json> right = new ArrayList<>();
        a.keys().forEach(key -> left.add(Json.of(key)));
        b.keys().forEach(key -> right.add(Json.of(key)));
        int order = compare(JsonArray.of(left), JsonArray.of(right));
        for (int i = 0; order == 0 && i < a.size(); i++) {
            order = compare(a.valueAt(i), b.valueAt(i));
        }
        return order;
    }

    private static int rank(Json value) {
        return switch (value.kind()) {
            case NULL -> 0;
            case BOOL -> value == JsonBool.FALSE ? 1 : 2;
            case NUMBER -> 3;
            case STRING -> 4;
            case ARRAY -> 5;
            case OBJECT -> 6;
        };
    }
}
