package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;

/** The order of values in field sets: numbers, strings, booleans, lists, maps, null. */
final class ValueOrder {
    private ValueOrder() {}

    static int compare(Json a, Json b) {
        int order = Integer.compare(rank(a), rank(b));
        if (order != 0) {
            return order;
        }
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return x.compareTo(y);
        }
        if (a instanceof JsonString x && b instanceof JsonString y) {
            return compareText(x.value(), y.value());
        }
        if (a instanceof JsonBool && b instanceof JsonBool) {
            return Boolean.compare(a == JsonBool.TRUE, b == JsonBool.TRUE);
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
            return compareKeys(x.sorted(), y.sorted());
        }
        return 0;
    }

    private static int rank(Json value) {
        return switch (value.kind()) {
            case NUMBER -> 0;
            case STRING -> 1;
            case BOOL -> 2;
            case ARRAY -> 3;
            case OBJECT -> 4;
            case NULL -> 5;
        };
    }

    /** Pair by pair of sorted objects: name, then value; the shorter one first. */
    static int compareKeys(JsonObject a, JsonObject b) {
        for (int i = 0; i < a.size() && i < b.size(); i++) {
            int order = compareText(a.keyAt(i), b.keyAt(i));
            if (order == 0) {
                order = compare(a.valueAt(i), b.valueAt(i));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** The order of the UTF-8 bytes, which differs from that of UTF-16 units above the basic plane. */
    static int compareText(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
