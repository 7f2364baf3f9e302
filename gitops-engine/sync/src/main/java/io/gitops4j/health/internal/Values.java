package io.gitops4j.health.internal;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The operators of the rule language over values that may be missing. */
final class Values {
    private Values() {}

    static @Nullable Json present(@Nullable Json value) {
        return value == null || value.isNull() ? null : value;
    }

    static @Nullable Json member(@Nullable Json of, String key) {
        return of instanceof JsonObject object ? present(object.get(key)) : null;
    }

    static @Nullable Json at(@Nullable Json of, @Nullable Json index) {
        if (of instanceof JsonArray array && index instanceof JsonNumber number) {
            int i = number.intValueOr(-1);
            return i >= 0 && i < array.size() ? present(array.get(i)) : null;
        }
        String key = index == null ? null : index.textOrNull();
        return key == null ? null : member(of, key);
    }

    static boolean same(@Nullable Json a, @Nullable Json b) {
        return a == null ? b == null : a.equals(b);
    }

    static boolean contains(@Nullable Json in, @Nullable Json item) {
        if (in instanceof JsonArray array) {
            for (Json each : array) {
                if (same(present(each), item)) {
                    return true;
                }
            }
            return false;
        }
        String text = item == null ? null : item.textOrNull();
        return text != null && in instanceof JsonObject object && object.has(text);
    }

    /** Numbers by value, strings by code unit; false for everything else. */
    static boolean less(@Nullable Json a, @Nullable Json b, boolean orEqual) {
        int order;
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            order = x.compareTo(y);
        } else {
            String x = a == null ? null : a.textOrNull();
            String y = b == null ? null : b.textOrNull();
            if (x == null || y == null) {
                return false;
            }
            order = x.compareTo(y);
        }
        return order < 0 || (orEqual && order == 0);
    }

    /** Numbers are added, lists appended, objects merged, anything else is joined as text. */
    static @Nullable Json plus(@Nullable Json a, @Nullable Json b) {
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return Json.of(x.decimal().add(y.decimal()));
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            JsonArray.Builder all = JsonArray.builder();
            x.forEach(all::add);
            y.forEach(all::add);
            return all.build();
        }
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            JsonObject.Builder all = x.toBuilder();
            y.forEach(all::put);
            return all.build();
        }
        return Json.of(Expression.textOf(a) + Expression.textOf(b));
    }

    static @Nullable Json minus(@Nullable Json a, @Nullable Json b) {
        return a instanceof JsonNumber x && b instanceof JsonNumber y
                ? Json.of(x.decimal().subtract(y.decimal()))
                : null;
    }
}
