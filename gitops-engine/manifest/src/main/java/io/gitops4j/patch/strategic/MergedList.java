package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list that merges: by key where it holds objects, as a set where it holds scalars. */
final class MergedList {
    private final StrategicApply apply;
    private final PatchField field;

    MergedList(StrategicApply apply, PatchField field) {
        this.apply = apply;
        this.field = field;
    }

    /**
     * A merged list that is not in order yet.
     *
     * @param items the items
     * @param serverOrder the live order as the server's merge remembers it under an order directive
     * @param survivors the live items that were not deleted, as they were
     */
    record Result(List<Json> items, List<Json> serverOrder, List<Json> survivors) {

        Result(List<Json> items, List<Json> serverOrder) {
            this(items, serverOrder, serverOrder);
        }
    }

    private Function<Json, String> key(Json.Kind kind) {
        return kind == Json.Kind.OBJECT ? item -> GoText.of(field.keyOf(item)) : GoText::of;
    }

    List<Json> arrange(List<Json> merged, List<Json> order, List<Json> serverOrder) {
        Json.Kind kind = kindOf(merged, order, serverOrder);
        return new ListOrder(key(kind)).arrange(merged, order, serverOrder);
    }

    private static Json.Kind kindOf(List<Json> a, List<Json> b, List<Json> c) {
        for (List<Json> list : List.of(a, b, c)) {
            if (!list.isEmpty()) {
                return list.get(0).kind();
            }
        }
        return Json.Kind.NULL;
    }

    /** The merge without an order directive: the patch itself is the order. */
    List<Json> mergeAndArrange(JsonArray live, JsonArray patch) {
        Result merged = merge(live, patch);
        return arrange(merged.items(), plain(patch), merged.survivors());
    }

    private static List<Json> plain(JsonArray patch) {
        List<Json> plain = new ArrayList<>(patch.size());
        for (Json item : patch) {
            if (!(item instanceof JsonObject object) || !object.has(Directives.PATCH)) {
                plain.add(item);
            }
        }
        return plain;
    }

    Result merge(JsonArray live, JsonArray patch) {
        if (live.isEmpty() && patch.isEmpty()) {
            return new Result(live.items(), live.items());
        }
        return switch (StrategicDiff.elementKind(live, patch)) {
            case OBJECT -> mergeObjects(live, patch);
            case ARRAY -> throw new PatchFailure("PATCH_INVALID", "lists of lists are not supported");
            default -> new Result(union(live, patch), live.items());
        };
    }

    private static List<Json> union(JsonArray live, JsonArray patch) {
        Set<String> seen = new LinkedHashSet<>();
        List<Json> out = new ArrayList<>(live.size() + patch.size());
        for (JsonArray list : List.of(live, patch)) {
            for (Json item : list) {
                if (seen.add(GoText.of(item))) {
                    out.add(item);
                }
            }
        }
        return out;
    }

    private Result mergeObjects(JsonArray live, JsonArray patch) {
        List<Json> out = new ArrayList<>(live.items());
        List<JsonObject> rest = new ArrayList<>(patch.size());
        boolean replace = false;
        boolean deleted = false;
        for (Json item : patch) {
            JsonObject object = (JsonObject) item;
            Json directive = object.get(Directives.PATCH);
            if (directive == null) {
                rest.add(object);
                continue;
            }
            switch (GoText.of(directive)) {
                case "delete" -> {
                    Json key = field.keyOf(object);
                    deleted |= out.removeIf(known -> field.keyOf(known).equals(key));
                }
                case "replace" -> replace = true;
                case "merge" ->
                    throw new PatchFailure("PATCH_INVALID", "merging lists cannot yet be specified in the patch");
                default -> throw new PatchFailure("PATCH_INVALID", "unknown patch type: " + GoText.of(directive));
            }
        }
        if (replace) {
            List<Json> only = new ArrayList<>(rest);
            return new Result(only, only);
        }
        List<Json> survivors = List.copyOf(out);
        Map<String, Integer> positions = new ListOrder(item -> GoText.of(field.keyOf(item))).positions(out);
        for (JsonObject item : rest) {
            String key = GoText.of(field.keyOf(item));
            Integer at = positions.get(key);
            if (at == null) {
                positions.put(key, out.size());
                out.add(item);
            } else {
                out.set(at, apply.merge((JsonObject) out.get(at), item, field.type()));
            }
        }
        // the server's memory of the live order after deletions is the merged list, cut to the old length
        List<Json> serverOrder = deleted ? out.subList(0, Math.min(out.size(), live.size())) : live.items();
        return new Result(out, serverOrder, survivors);
    }

    /** The items whose printed form is not in {@code gone}. */
    static List<Json> without(List<Json> items, JsonArray gone) {
        Set<String> texts = new LinkedHashSet<>();
        gone.forEach(item -> texts.add(GoText.of(item)));
        List<Json> left = new ArrayList<>(items.size());
        for (Json item : items) {
            if (!texts.contains(GoText.of(item))) {
                left.add(item);
            }
        }
        return left;
    }

    /** The items of the patch that are not deletions must stand in the order directive, in the same order. */
    void checkOrder(@Nullable JsonArray patch, JsonArray order) {
        if (patch == null) {
            return;
        }
        List<Json> plain = plain(patch);
        Json.Kind kind = kindOf(plain, order.items(), List.of());
        Function<Json, String> key = key(kind);
        int at = 0;
        for (Json item : plain) {
            String text = key.apply(item);
            while (at < order.size() && !key.apply(order.get(at)).equals(text)) {
                at++;
            }
            if (at == order.size()) {
                throw new PatchFailure(
                        "PATCH_INVALID",
                        "The order in patch list:\n" + GoText.of(patch) + "\n doesn't match $setElementOrder list:\n"
                                + GoText.of(order));
            }
        }
    }
}
