package io.gitops4j.policy.cel.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The common functions on the common kinds of values; {@code null} for all others. */
final class Shortcuts {
    private Shortcuts() {}

    static CallNodes.@Nullable One one(String function) {
        return switch (function) {
            case "size" -> Shortcuts::size;
            case "string" ->
                value -> value instanceof String || value instanceof Long || value instanceof Boolean
                        ? value.toString()
                        : value instanceof Double number ? DoubleText.of(number) : null;
            case "lowerAscii" -> value -> value instanceof String text ? lowered(text) : null;
            case "join" -> value -> value instanceof List<?> list ? joined(list, "") : null;
            case "dyn" -> value -> value;
            default -> null;
        };
    }

    static CallNodes.@Nullable Two two(String function) {
        return switch (function) {
            case "_==_" -> Shortcuts::equal;
            case "_!=_" ->
                (a, b) -> {
                    Boolean equal = equal(a, b);
                    return equal == null ? null : (Boolean) !equal;
                };
            case "_<_" -> (a, b) -> comparable(a, b) ? (Boolean) ((Long) a < (Long) b) : null;
            case "_<=_" -> (a, b) -> comparable(a, b) ? (Boolean) ((Long) a <= (Long) b) : null;
            case "_>_" -> (a, b) -> comparable(a, b) ? (Boolean) ((Long) a > (Long) b) : null;
            case "_>=_" -> (a, b) -> comparable(a, b) ? (Boolean) ((Long) a >= (Long) b) : null;
            case "_+_" -> Shortcuts::plus;
            case "_[_]" -> Shortcuts::at;
            case "@in" -> Shortcuts::in;
            case "startsWith" ->
                (a, b) -> a instanceof String text && b instanceof String part ? (Boolean) text.startsWith(part) : null;
            case "endsWith" ->
                (a, b) -> a instanceof String text && b instanceof String part ? (Boolean) text.endsWith(part) : null;
            case "contains" ->
                (a, b) -> a instanceof String text && b instanceof String part ? (Boolean) text.contains(part) : null;
            case "join" ->
                (a, b) -> a instanceof List<?> list && b instanceof String between ? joined(list, between) : null;
            default -> null;
        };
    }

    /** {@code matches} with a pattern that is known, {@code null} when it is none. */
    static CallNodes.@Nullable Two matching(String pattern) {
        try {
            Pattern compiled = Pattern.compile(pattern);
            return (a, b) ->
                    a instanceof String text ? (Boolean) compiled.matcher(text).find() : null;
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private static @Nullable Object size(Object value) {
        if (value instanceof String text) {
            return (long) text.codePointCount(0, text.length());
        } else if (value instanceof List<?> list) {
            return (long) list.size();
        }
        return value instanceof Map<?, ?> map ? (Object) (long) map.size() : null;
    }

    private static @Nullable String lowered(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + 32));
            }
        }
        return lower.toString();
    }

    private static @Nullable String joined(List<?> list, String between) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String item)) {
                return null;
            }
            text.append(i == 0 ? "" : between).append(item);
        }
        return text.toString();
    }

    /** Whether a value is equal to no value of another class. */
    private static boolean isPlain(Object value) {
        return value instanceof String || value instanceof Boolean || value instanceof NullValue;
    }

    private static @Nullable Boolean equal(Object a, Object b) {
        if (isPlain(a) || isPlain(b)) {
            return a.equals(b);
        }
        return a instanceof Long one && b instanceof Long two ? (Boolean) (one.longValue() == two.longValue()) : null;
    }

    private static boolean comparable(Object a, Object b) {
        if (a instanceof Long && b instanceof Long) {
            return true;
        }
        boolean never = (a instanceof Long && isPlain(b)) || (isPlain(a) && b instanceof Long);
        if (never || a instanceof NullValue || b instanceof NullValue) {
            throw EvalFailure.noOverload();
        }
        return false;
    }

    private static @Nullable Object plus(Object a, Object b) {
        if (a instanceof String one && b instanceof String two) {
            return one.concat(two);
        } else if (a instanceof Long one && b instanceof Long two) {
            long sum = one + two;
            return ((one ^ sum) & (two ^ sum)) < 0 ? null : (Object) sum;
        } else if (a instanceof List<?> one && b instanceof List<?> two) {
            if (two.isEmpty()) {
                return one;
            } else if (one.isEmpty()) {
                return two;
            }
            List<Object> both = new ArrayList<>(one.size() + two.size());
            both.addAll(one);
            both.addAll(two);
            return both;
        }
        return null;
    }

    private static @Nullable Object at(Object from, Object key) {
        if (from instanceof List<?> list && key instanceof Long index) {
            return index >= 0 && index < list.size() ? list.get(index.intValue()) : null;
        } else if (from instanceof Map<?, ?> map && key instanceof String name) {
            Object value = map.get(name);
            if (value == null) {
                throw EvalFailure.noKey(name);
            }
            return value;
        }
        return null;
    }

    private static @Nullable Object in(Object item, Object container) {
        if (container instanceof Map<?, ?> map && item instanceof String key) {
            return map.containsKey(key);
        } else if (container instanceof List<?> list && (isPlain(item) || item instanceof Long)) {
            for (int i = 0; i < list.size(); i++) {
                Boolean equal = equal(item, list.get(i));
                if (equal == null) {
                    return null;
                } else if (equal) {
                    return true;
                }
            }
            return false;
        }
        return null;
    }
}
