package io.gitops4j.gotemplate;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The values of templates: {@link String}, {@link Long} (Go's int), {@link Double} (float64), {@link Boolean}, {@link List},
 * {@link Map} by text, and {@link GoNil#NIL}.
 */
final class GoValues {
    private GoValues() {}

    /** JSON as a template sees it: every number is a float64. */
    static Object of(Json json) {
        return of(json, object -> false);
    }

    /** JSON as a template sees it, with the mappings that are {@code map[string]string}. */
    static Object of(Json json, Predicate<JsonObject> ofTexts) {
        if (json instanceof JsonObject object) {
            Map<String, Object> map = new LinkedHashMap<>();
            object.forEach((key, value) -> map.put(key, of(value, ofTexts)));
            return ofTexts.test(object) ? new GoStringMap(map) : map;
        }
        if (json instanceof JsonArray array) {
            List<Object> list = new ArrayList<>();
            array.forEach(item -> list.add(of(item, ofTexts)));
            return list;
        }
        if (json instanceof JsonNumber number) {
            return number.doubleValue();
        }
        if (json instanceof JsonBool bool) {
            return bool.value();
        }
        String text = json.textOrNull();
        return text == null ? GoNil.NIL : text;
    }

    /** A value as JSON, mappings in the order of their keys. */
    static Json json(Object value) {
        if (value instanceof Map<?, ?> map) {
            JsonObject.Builder out = JsonObject.builder();
            sorted(map).forEach((key, item) -> out.put(key, json(item)));
            return out.build();
        }
        if (value instanceof List<?> list) {
            JsonArray.Builder out = JsonArray.builder();
            list.forEach(item -> out.add(json(item)));
            return out.build();
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof Long number) {
            return Json.of(number);
        }
        if (value instanceof Boolean bool) {
            return Json.of(bool);
        }
        if (value instanceof GoMoment moment) {
            return Json.of(moment.json());
        }
        return value == GoNil.NIL ? Json.nul() : Json.of(value.toString());
    }

    private static Json number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new TemplateException("json: unsupported value: " + GoNumbers.shown(value));
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Json.of((long) value);
        }
        return JsonNumber.parse(new BigDecimal(GoNumbers.general(value, 21))
                .toString()
                .replace("E+", "e+")
                .replace("E-", "e-"));
    }

    static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    /** Whether a condition holds: neither false, nor zero, nor empty. */
    static boolean truth(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof Long number) {
            return number != 0;
        }
        if (value instanceof Double number) {
            return number != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        return value instanceof Map<?, ?> map ? !map.isEmpty() : !(value instanceof GoNil);
    }

    /** The text that an action prints. */
    static String shown(Object value) {
        return value instanceof GoNil ? "<no value>" : text(value);
    }

    /** The text of {@code %v}. */
    static String text(Object value) {
        if (value == GoNil.NIL) {
            return "<nil>";
        }
        if (value instanceof Double number) {
            return GoNumbers.shown(number);
        }
        if (value instanceof List<?> list) {
            StringBuilder out = new StringBuilder("[");
            for (int i = 0; i < list.size(); i++) {
                out.append(i > 0 ? " " : "").append(text(list.get(i)));
            }
            return out.append(']').toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder out = new StringBuilder("map[");
            sorted(map)
                    .forEach((key, item) -> out.append(out.length() > 4 ? " " : "")
                            .append(key)
                            .append(':')
                            .append(text(item)));
            return out.append(']').toString();
        }
        return value.toString();
    }

    /** Key and item of what {@code range} goes over. */
    static List<Object[]> items(Object value) {
        List<Object[]> items = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                items.add(new Object[] {(long) i, list.get(i)});
            }
        } else if (value instanceof Map<?, ?> map) {
            sorted(map).forEach((key, item) -> items.add(new Object[] {key, item}));
        } else if (value instanceof Long count) {
            if (count > 1_000_000) {
                throw TemplateException.limit("range over " + count + " is too long");
            }
            for (long i = 0; i < count; i++) {
                items.add(new Object[] {i, i});
            }
        } else if (!(value instanceof GoNil)) {
            throw new TemplateException("range can't iterate over " + text(value));
        }
        return items;
    }

    /** The Go name of a value's type. */
    static String type(Object value) {
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof List<?>) {
            return "[]interface {}";
        }
        if (value instanceof GoStringMap) {
            return "map[string]string";
        }
        if (value instanceof GoVersion) {
            return "*semver.Version";
        }
        if (value instanceof GoMoment) {
            return "time.Time";
        }
        return value instanceof Map<?, ?> ? "map[string]interface {}" : "<nil>";
    }

    /** The kind of a value's type. */
    static String kind(Object value) {
        if (value instanceof List<?>) {
            return "slice";
        }
        if (value instanceof GoVersion) {
            return "ptr";
        }
        if (value instanceof GoMoment) {
            return "struct";
        }
        return value instanceof Map<?, ?> ? "map" : value == GoNil.NIL ? "invalid" : type(value);
    }

    /** Equality in depth; whole and floating point numbers are never equal. */
    static boolean same(Object a, Object b) {
        return a.equals(b);
    }
}
