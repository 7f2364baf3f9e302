package io.gitops4j.health.internal;

import com.google.common.base.Splitter;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The functions, methods and list macros of the rule language. */
final class Functions {
    private Functions() {}

    /**
     * {@code condition('Ready')} (the first of that type in {@code status.conditions}), {@code size(x)} (items, members or
     * characters; 0 for nothing), {@code number(x)} (of a number or its text), {@code isNumber(x)}, {@code isText(x)},
     * {@code json(text)} (what the text holds),
     * {@code keys(x)}, {@code values(x)}, {@code entries(list)} (each item as {@code index} and {@code value}), {@code list(x)} (x when it is a list, else the empty list).
     */
    static Expression function(String name, List<Expression> arguments) {
        arity(name, arguments, 1);
        Expression argument = arguments.get(0);
        return switch (name) {
            case "condition" -> frame -> condition(frame, argument.value(frame));
            case "size" -> frame -> Json.of(size(argument.value(frame)));
            case "number" -> frame -> number(argument.value(frame));
            case "isNumber" -> frame -> Json.of(argument.value(frame) instanceof JsonNumber);
            case "json" -> frame -> parsed(argument.text(frame));
            case "isText" ->
                frame -> {
                    Json value = argument.value(frame);
                    return Json.of(value != null && value.textOrNull() != null);
                };
            case "list" -> frame -> argument.value(frame) instanceof JsonArray array ? array : JsonArray.empty();
            case "entries" -> frame -> entries(argument.value(frame));
            case "keys" -> frame -> keys(argument.value(frame));
            case "values" -> frame -> values(argument.value(frame));
            default -> throw new RuleSyntaxException("unknown function " + name);
        };
    }

    /**
     * On text: {@code startsWith, endsWith, contains, lower, trim, replace, split, head}; on lists:
     * {@code contains, join, last, sum}.
     */
    static Expression method(String name, Expression of, List<Expression> arguments) {
        return switch (name) {
            case "startsWith" -> test(name, of, arguments, String::startsWith);
            case "endsWith" -> test(name, of, arguments, String::endsWith);
            case "contains" -> containing(name, of, arguments);
            case "join" -> {
                arity(name, arguments, 1);
                Expression separator = arguments.get(0);
                yield frame -> join(of.value(frame), separator.text(frame));
            }
            case "lower" -> {
                arity(name, arguments, 0);
                yield frame -> Json.of(of.text(frame).toLowerCase(Locale.ROOT));
            }
            case "sum" -> {
                arity(name, arguments, 0);
                yield frame -> sum(of.value(frame));
            }
            case "head" -> {
                arity(name, arguments, 1);
                yield frame -> head(of.text(frame), arguments.get(0).value(frame));
            }
            case "split" -> {
                arity(name, arguments, 1);
                yield frame -> split(of.text(frame), arguments.get(0).text(frame));
            }
            case "trim" -> {
                arity(name, arguments, 0);
                yield frame -> Json.of(of.text(frame).strip());
            }
            case "replace" -> {
                arity(name, arguments, 2);
                yield frame -> Json.of(of.text(frame)
                        .replace(arguments.get(0).text(frame), arguments.get(1).text(frame)));
            }
            case "last" -> {
                arity(name, arguments, 0);
                yield frame -> of.value(frame) instanceof JsonArray array && !array.isEmpty()
                        ? Values.present(array.get(array.size() - 1))
                        : null;
            }
            default -> throw new RuleSyntaxException("unknown method " + name);
        };
    }

    /** {@code exists, all, filter, map, first, count}: {@code list.exists(x, test of x)}. What is no list is an empty one. */
    static Expression macro(String macro, Expression of, int slot, Expression body) {
        return switch (macro) {
            case "exists" -> frame -> Json.of(first(of, slot, body, frame, true) != null);
            case "all" -> frame -> Json.of(first(of, slot, body, frame, false) == null);
            case "first" -> frame -> Values.present(first(of, slot, body, frame, true));
            case "count" -> frame -> Json.of(filter(of, slot, body, frame).size());
            case "filter" -> frame -> filter(of, slot, body, frame);
            default -> frame -> map(of, slot, body, frame);
        };
    }

    private static @Nullable Json first(Expression of, int slot, Expression body, Frame frame, boolean wanted) {
        if (of.value(frame) instanceof JsonArray array) {
            for (Json item : array) {
                frame.set(slot, Values.present(item));
                if (body.holds(frame) == wanted) {
                    return item;
                }
            }
        }
        return null;
    }

    private static JsonArray filter(Expression of, int slot, Expression body, Frame frame) {
        JsonArray.Builder kept = JsonArray.builder();
        if (of.value(frame) instanceof JsonArray array) {
            for (Json item : array) {
                frame.set(slot, Values.present(item));
                if (body.holds(frame)) {
                    kept.add(item);
                }
            }
        }
        return kept.build();
    }

    private static JsonArray map(Expression of, int slot, Expression body, Frame frame) {
        JsonArray.Builder mapped = JsonArray.builder();
        if (of.value(frame) instanceof JsonArray array) {
            for (Json item : array) {
                frame.set(slot, Values.present(item));
                Json value = body.value(frame);
                mapped.add(value == null ? Json.nul() : value);
            }
        }
        return mapped.build();
    }

    private static @Nullable Json condition(Frame frame, @Nullable Json type) {
        Json status = frame.self.get("status");
        if (status instanceof JsonObject object && object.get("conditions") instanceof JsonArray conditions) {
            for (Json each : conditions) {
                if (each instanceof JsonObject condition && Values.same(condition.get("type"), type)) {
                    return condition;
                }
            }
        }
        return null;
    }

    private static @Nullable Json parsed(String text) {
        return Values.present(JsonReader.parse(text).orNull());
    }

    private static long size(@Nullable Json value) {
        if (value instanceof JsonArray array) {
            return array.size();
        }
        if (value instanceof JsonObject object) {
            return object.size();
        }
        String text = value == null ? null : value.textOrNull();
        return text == null ? 0 : text.length();
    }

    private static @Nullable Json number(@Nullable Json value) {
        if (value instanceof JsonNumber) {
            return value;
        }
        String text = value == null ? null : value.textOrNull();
        return text != null && JsonNumber.isNumber(text) ? JsonNumber.parse(text) : null;
    }

    private static JsonArray keys(@Nullable Json value) {
        JsonArray.Builder keys = JsonArray.builder();
        if (value instanceof JsonObject object) {
            object.keys().forEach(keys::add);
        }
        return keys.build();
    }

    private static JsonArray values(@Nullable Json value) {
        JsonArray.Builder values = JsonArray.builder();
        if (value instanceof JsonObject object) {
            object.forEach((key, item) -> values.add(item));
        }
        return values.build();
    }

    private static JsonArray entries(@Nullable Json list) {
        JsonArray.Builder entries = JsonArray.builder();
        if (list instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                entries.add(JsonObject.of("index", Json.of(i), "value", array.get(i)));
            }
        }
        return entries.build();
    }

    private static Json sum(@Nullable Json list) {
        BigDecimal sum = BigDecimal.ZERO;
        if (list instanceof JsonArray array) {
            for (Json item : array) {
                sum = item instanceof JsonNumber number ? sum.add(number.decimal()) : sum;
            }
        }
        return Json.of(sum);
    }

    private static Json head(String text, @Nullable Json length) {
        int wanted = length instanceof JsonNumber number ? number.intValueOr(0) : 0;
        return Json.of(text.substring(0, Math.min(Math.max(wanted, 0), text.length())));
    }

    private static JsonArray split(String text, String separator) {
        JsonArray.Builder parts = JsonArray.builder();
        if (separator.isEmpty()) {
            return parts.add(text).build();
        }
        Splitter.on(separator).split(text).forEach(parts::add);
        return parts.build();
    }

    private static Json join(@Nullable Json list, String separator) {
        StringBuilder out = new StringBuilder();
        if (list instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                out.append(i == 0 ? "" : separator).append(Expression.textOf(Values.present(array.get(i))));
            }
        }
        return Json.of(out.toString());
    }

    private static Expression containing(String name, Expression of, List<Expression> arguments) {
        arity(name, arguments, 1);
        Expression argument = arguments.get(0);
        return frame -> {
            Json value = of.value(frame);
            String text = value == null ? null : value.textOrNull();
            return Json.of(
                    text != null ? text.contains(argument.text(frame)) : Values.contains(value, argument.value(frame)));
        };
    }

    private static Expression test(
            String name, Expression of, List<Expression> arguments, BiFunction<String, String, Boolean> test) {
        arity(name, arguments, 1);
        Expression argument = arguments.get(0);
        return frame -> {
            Json value = of.value(frame);
            String text = value == null ? null : value.textOrNull();
            return Json.of(text != null && test.apply(text, argument.text(frame)));
        };
    }

    private static void arity(String name, List<Expression> arguments, int wanted) {
        if (arguments.size() != wanted) {
            throw new RuleSyntaxException(name + " takes " + wanted + " arguments, not " + arguments.size());
        }
    }
}
