package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The patch items of a list that merges by key. */
final class ItemDiff {
    private ItemDiff() {}

    static List<Json> diff(StrategicDiff diff, JsonArray was, JsonArray is, PatchField field) {
        Map<String, Json> before = unique(was, field);
        Map<String, Json> after = before == null ? null : unique(is, field);
        return before == null || after == null ? walk(diff, was, is, field) : byKey(diff, before, after, field);
    }

    /** Items by printed key; {@code null} when a key appears twice. */
    private static @Nullable Map<String, Json> unique(JsonArray items, PatchField field) {
        Map<String, Json> byKey = new LinkedHashMap<>(items.size() * 2);
        for (Json item : items) {
            if (byKey.put(GoText.of(field.keyOf(item)), item) != null) {
                return null;
            }
        }
        return byKey;
    }

    private static List<Json> byKey(
            StrategicDiff diff, Map<String, Json> before, Map<String, Json> after, PatchField field) {
        List<Json> patch = new ArrayList<>();
        after.forEach((key, is) -> {
            Json was = before.get(key);
            if (was == null) {
                if (!diff.noAdd()) {
                    patch.add(is);
                }
                return;
            }
            addChanged(diff, was, is, field, patch);
        });
        if (!diff.noDelete()) {
            List<String> gone = new ArrayList<>();
            before.keySet().forEach(key -> {
                if (!after.containsKey(key)) {
                    gone.add(key);
                }
            });
            gone.sort(null);
            for (String key : gone) {
                Json item = before.get(key);
                if (item != null) {
                    patch.add(deletion(item, field));
                }
            }
        }
        return patch;
    }

    private static void addChanged(StrategicDiff diff, Json was, Json is, PatchField field, List<Json> patch) {
        JsonObject.Builder changed = diff.item(was, is, field);
        if (changed != null) {
            patch.add(changed.put(field.strategy().mergeKey(), field.keyOf(is)).build());
        }
    }

    private static JsonObject deletion(Json item, PatchField field) {
        return JsonObject.of(field.strategy().mergeKey(), field.keyOf(item), Directives.PATCH, Json.of("delete"));
    }

    /** With keys that appear twice the result depends on how the lists are walked: both sorted, side by side. */
    private static List<Json> walk(StrategicDiff diff, JsonArray was, JsonArray is, PatchField field) {
        List<Json> left = sorted(was, field);
        List<Json> right = sorted(is, field);
        List<Json> patch = new ArrayList<>();
        List<Json> deletions = new ArrayList<>();
        int l = 0;
        int r = 0;
        while (l < left.size() || r < right.size()) {
            int order = l == left.size()
                    ? 1
                    : r == right.size() ? -1 : text(left.get(l), field).compareTo(text(right.get(r), field));
            if (order == 0) {
                addChanged(diff, left.get(l++), right.get(r++), field, patch);
            } else if (order > 0) {
                Json item = right.get(r++);
                if (!diff.noAdd()) {
                    patch.add(item);
                }
            } else {
                Json item = left.get(l++);
                if (!diff.noDelete()) {
                    deletions.add(deletion(item, field));
                }
            }
        }
        Map<String, Integer> order = new LinkedHashMap<>();
        for (int i = 0; i < is.size(); i++) {
            order.putIfAbsent(text(is.get(i), field), i);
        }
        patch.sort((a, b) ->
                Integer.compare(order.getOrDefault(text(a, field), 0), order.getOrDefault(text(b, field), 0)));
        patch.addAll(deletions);
        return patch;
    }

    private static List<Json> sorted(JsonArray items, PatchField field) {
        List<Json> list = new ArrayList<>(items.items());
        Insertion.sort(list, (a, b) -> text(a, field).compareTo(text(b, field)) <= 0);
        return list;
    }

    private static String text(Json item, PatchField field) {
        return GoText.of(field.keyOf(item));
    }
}
