package io.gitops4j.rollout.expr;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.quantity.GoDuration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the functions of values do. */
final class Functions {
    private static final int MAX_TEXT = 1_000_000;

    private Functions() {}

    static @Nullable Object call(String name, @Nullable Object[] a, Env env) {
        return switch (name) {
            case "asInt", "int" -> asInt(a[0]);
            case "asFloat", "float" -> asFloat(a[0]);
            case "isNaN" -> a[0] instanceof Double number && number.isNaN();
            case "isInf" -> a[0] instanceof Double number && number.isInfinite();
            case "isNil" -> a[0] == null;
            case "default" -> a[0] == null ? a[1] : a[0];
            case "len" -> len(a[0]);
            case "abs", "ceil", "floor", "round" -> rounded(name, a[0]);
            case "string" -> a[0] == null ? "<nil>" : Values.text(a[0]);
            case "type" -> type(a[0]);
            case "min", "max", "mean", "median" -> statistic(name, numbers(a));
            case "now" -> now(env);
            case "duration" -> duration(text(name, a[0]));
            case "date" -> date(text(name, a[0]));
            case "first", "last" -> end(list(name, a[0]), name.equals("first"));
            case "get" -> get(a[0], a[1]);
            case "take" -> take(list(name, a[0]), whole(name, a[1]));
            case "keys", "values", "toPairs" -> entries(name, a[0]);
            case "fromPairs" -> fromPairs(list(name, a[0]));
            case "toJSON" -> Values.json(a[0]).toJson();
            case "fromJSON" -> fromJson(text(name, a[0]));
            case "bitand", "bitor", "bitxor", "bitshl", "bitshr" -> bits(name, whole(name, a[0]), whole(name, a[1]));
            case "bitnot" -> ~whole(name, a[0]);
            case "toBase64" ->
                Base64.getEncoder().encodeToString(text(name, a[0]).getBytes(StandardCharsets.UTF_8));
            case "fromBase64" -> fromBase64(text(name, a[0]));
            case "uniq", "reverse", "sort", "flatten", "concat", "join" -> lists(name, a, env);
            default -> texts(name, a, env);
        };
    }

    private static Instant now(Env env) {
        if (env.now == null) {
            throw new ExpressionError("now() has no time here");
        }
        return env.now;
    }

    private static Object asInt(@Nullable Object value) {
        if (value instanceof Long) {
            return value;
        }
        if (value instanceof Double number) {
            return number.longValue();
        }
        if (value instanceof String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new ExpressionError("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
            }
        }
        throw new ExpressionError("asInt() not supported on type " + Values.typeName(value));
    }

    private static Object asFloat(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text) {
            switch (text.toLowerCase(Locale.ROOT)) {
                case "nan" -> {
                    return Double.NaN;
                }
                case "inf", "+inf", "infinity", "+infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-inf", "-infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {}
            }
            try {
                if (text.isEmpty()
                        || !text.equals(text.trim())
                        || "dDfF".indexOf(text.charAt(text.length() - 1)) >= 0) {
                    throw new NumberFormatException();
                }
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new ExpressionError("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
            }
        }
        throw new ExpressionError("asFloat() not supported on type " + Values.typeName(value));
    }

    private static Object len(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return (long) list.size();
        }
        if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        }
        if (value instanceof String text) {
            return (long) text.codePointCount(0, text.length());
        }
        throw new ExpressionError("invalid argument for len (type " + Values.typeName(value) + ")");
    }

    private static Object rounded(String name, @Nullable Object value) {
        if (value instanceof Long number) {
            return name.equals("abs") ? (Object) Math.abs(number) : (Object) (double) number;
        }
        if (value instanceof Double number) {
            return switch (name) {
                case "abs" -> Math.abs(number);
                case "ceil" -> Math.ceil(number);
                case "floor" -> Math.floor(number);
                default -> Math.copySign(Math.floor(Math.abs(number) + 0.5), number);
            };
        }
        throw new ExpressionError("invalid argument for " + name + " (type " + Values.typeName(value) + ")");
    }

    private static String type(@Nullable Object value) {
        return switch (Values.typeName(value)) {
            case "float64" -> "float";
            case "[]float64", "[]interface {}" -> "array";
            case "map[string]interface {}" -> "map";
            default -> Values.typeName(value);
        };
    }

    private static List<Number> numbers(@Nullable Object[] arguments) {
        List<Number> out = new ArrayList<>();
        for (Object argument : arguments) {
            for (Object item : argument instanceof List<?> list ? list : Collections.singletonList(argument)) {
                if (!(item instanceof Number number)) {
                    throw new ExpressionError("invalid argument (type " + Values.typeName(item) + ")");
                }
                out.add(number);
            }
        }
        return out;
    }

    private static @Nullable Object statistic(String name, List<Number> numbers) {
        if (numbers.isEmpty()) {
            return name.equals("mean") || name.equals("median") ? (Object) 0.0 : null;
        }
        switch (name) {
            case "mean" -> {
                double total = 0;
                for (Number number : numbers) {
                    total += number.doubleValue();
                }
                return total / numbers.size();
            }
            case "median" -> {
                double[] sorted = numbers.stream()
                        .mapToDouble(Number::doubleValue)
                        .sorted()
                        .toArray();
                int middle = sorted.length / 2;
                return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            }
            default -> {
                Number best = numbers.get(0);
                for (Number number : numbers) {
                    int order = Values.compare(number, best, name);
                    if (order != 2 && (name.equals("min") ? order < 0 : order > 0)) {
                        best = number;
                    }
                }
                return best;
            }
        }
    }

    private static Duration duration(String text) {
        Duration duration = GoDuration.parse(text);
        if (duration == null) {
            throw new ExpressionError(java.util.Objects.requireNonNull(GoDuration.error(text)));
        }
        return duration;
    }

    private static Instant date(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        } catch (DateTimeParseException e) {
            throw new ExpressionError("invalid date " + text);
        }
    }

    private static String text(String name, @Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new ExpressionError("invalid argument for " + name + " (type " + Values.typeName(value) + ")");
    }

    private static List<?> list(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new ExpressionError("cannot " + name + " from " + Values.typeName(value));
    }

    private static long whole(String name, @Nullable Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new ExpressionError("invalid argument for " + name + " (type " + Values.typeName(value) + ")");
    }

    private static @Nullable Object end(List<?> list, boolean first) {
        return list.isEmpty() ? null : list.get(first ? 0 : list.size() - 1);
    }

    private static @Nullable Object get(@Nullable Object container, @Nullable Object key) {
        if (container instanceof List<?> list && key instanceof Long index) {
            long at = index < 0 ? list.size() + index : index;
            return at < 0 || at >= list.size() ? null : list.get((int) at);
        }
        return container instanceof Map<?, ?> map ? map.get(key) : null;
    }

    private static Object take(List<?> list, long count) {
        if (count < 0) {
            throw new ExpressionError("cannot take a negative number of items");
        }
        return Collections.unmodifiableList(new ArrayList<>(list.subList(0, (int) Math.min(count, list.size()))));
    }

    private static Object entries(String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new ExpressionError("cannot get " + name + " from " + Values.typeName(value));
        }
        List<@Nullable Object> out = new ArrayList<>();
        map.forEach((key, item) -> {
            if (name.equals("toPairs")) {
                List<@Nullable Object> pair = new ArrayList<>();
                pair.add(key);
                pair.add(item);
                out.add(Collections.unmodifiableList(pair));
            } else {
                out.add(name.equals("keys") ? key : item);
            }
        });
        return Collections.unmodifiableList(out);
    }

    private static Object fromPairs(List<?> pairs) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (Object pair : pairs) {
            if (!(pair instanceof List<?> two) || two.size() != 2) {
                throw new ExpressionError("invalid pair");
            }
            out.put(Values.text(two.get(0)), two.get(1));
        }
        return Collections.unmodifiableMap(out);
    }

    private static @Nullable Object fromJson(String text) {
        Json json = JsonReader.parse(text).orNull();
        if (json == null) {
            throw new ExpressionError("invalid JSON");
        }
        return Values.of(json);
    }

    private static String fromBase64(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ExpressionError("illegal base64 data");
        }
    }

    private static Object bits(String name, long a, long b) {
        return switch (name) {
            case "bitand" -> a & b;
            case "bitor" -> a | b;
            case "bitxor" -> a ^ b;
            default -> {
                if (b < 0) {
                    throw new ExpressionError("negative shift count");
                }
                yield b > 63 ? 0L : name.equals("bitshl") ? a << b : a >> b;
            }
        };
    }

    private static Object lists(String name, @Nullable Object[] a, Env env) {
        List<@Nullable Object> out = new ArrayList<>();
        for (int i = 0; i < (name.equals("concat") ? a.length : 1); i++) {
            out.addAll(list(name, a[i]));
        }
        env.step(out.size());
        switch (name) {
            case "join" -> {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < out.size(); i++) {
                    text.append(i == 0 || a.length < 2 ? "" : text(name, a[1])).append(text(name, out.get(i)));
                }
                return text.toString();
            }
            case "reverse" -> Collections.reverse(out);
            case "sort" -> {
                boolean down = a.length > 1 && "desc".equals(a[1]);
                out.sort((x, y) -> {
                    int order = Values.compare(x, y, "sort");
                    return order == 2 ? 0 : down ? -order : order;
                });
            }
            case "uniq" -> {
                List<@Nullable Object> unique = new ArrayList<>();
                for (Object item : out) {
                    env.step(unique.size());
                    if (unique.stream().noneMatch(known -> Values.equal(known, item))) {
                        unique.add(item);
                    }
                }
                out = unique;
            }
            case "flatten" -> {
                List<@Nullable Object> flat = new ArrayList<>();
                flatten(out, flat);
                out = flat;
            }
            default -> {}
        }
        return Collections.unmodifiableList(out);
    }

    private static void flatten(List<? extends @Nullable Object> from, List<@Nullable Object> to) {
        for (Object item : from) {
            if (item instanceof List<?> list) {
                flatten(list, to);
            } else {
                to.add(item);
            }
        }
    }

    private static Object texts(String name, @Nullable Object[] a, Env env) {
        String text = text(name, a[0]);
        env.step(1 + text.length() / 100);
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "trim" -> a.length > 1 ? trimmed(text, text(name, a[1])) : text.strip();
            case "trimPrefix" ->
                text.startsWith(text(name, a[1]))
                        ? text.substring(text(name, a[1]).length())
                        : text;
            case "trimSuffix" ->
                text.endsWith(text(name, a[1]))
                        ? text.substring(0, text.length() - text(name, a[1]).length())
                        : text;
            case "hasPrefix" -> text.startsWith(text(name, a[1]));
            case "hasSuffix" -> text.endsWith(text(name, a[1]));
            case "indexOf" -> (long) text.indexOf(text(name, a[1]));
            case "lastIndexOf" -> (long) text.lastIndexOf(text(name, a[1]));
            case "repeat" -> {
                long count = whole(name, a[1]);
                if (count < 0 || count * text.length() > MAX_TEXT) {
                    throw new ExpressionError("memory budget exceeded");
                }
                yield text.repeat((int) count);
            }
            case "replace" -> text.replace(text(name, a[1]), text(name, a[2]));
            default -> split(text, text(name, a[1]), name.equals("splitAfter"));
        };
    }

    private static String trimmed(String text, String cut) {
        int from = 0;
        int to = text.length();
        while (from < to && cut.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (to > from && cut.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private static Object split(String text, String by, boolean after) {
        List<@Nullable Object> out = new ArrayList<>();
        if (by.isEmpty()) {
            text.codePoints().forEach(c -> out.add(Character.toString(c)));
            return Collections.unmodifiableList(out);
        }
        int from = 0;
        for (int at = text.indexOf(by); at >= 0; at = text.indexOf(by, from)) {
            out.add(text.substring(from, after ? at + by.length() : at));
            from = at + by.length();
        }
        out.add(text.substring(from));
        return Collections.unmodifiableList(out);
    }
}
