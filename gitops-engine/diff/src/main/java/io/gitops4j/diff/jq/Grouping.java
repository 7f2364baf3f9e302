package io.gitops4j.diff.jq;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** Sorting and grouping of an array by keys that were computed beside it. */
final class Grouping {
    private Grouping() {}

    private static List<Integer> order(JsonArray keys) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            order.add(i);
        }
        order.sort((a, b) -> Arithmetic.compare(keys.get(a), keys.get(b)));
        return order;
    }

    static Json sortBy(JsonArray items, JsonArray keys) {
        List<Json> out = new ArrayList<>();
        order(keys).forEach(i -> out.add(items.get(i)));
        return JsonArray.of(out);
    }

    static Json groupBy(JsonArray items, JsonArray keys) {
        List<Json> groups = new ArrayList<>();
        List<Json> group = new ArrayList<>();
        Json last = null;
        for (int i : order(keys)) {
            if (last != null && !last.equals(keys.get(i))) {
                groups.add(JsonArray.of(group));
                group = new ArrayList<>();
            }
            last = keys.get(i);
            group.add(items.get(i));
        }
        if (!group.isEmpty()) {
            groups.add(JsonArray.of(group));
        }
        return JsonArray.of(groups);
    }

    static Json flatten(JsonArray items, int depth) {
        List<Json> out = new ArrayList<>();
        flatten(items, depth, out);
        return JsonArray.of(out);
    }

    private static void flatten(JsonArray items, int depth, List<Json> out) {
        for (Json item : items) {
            if (item instanceof JsonArray inner && depth > 0) {
                flatten(inner, depth - 1, out);
            } else {
                out.add(item);
            }
        }
    }
}
