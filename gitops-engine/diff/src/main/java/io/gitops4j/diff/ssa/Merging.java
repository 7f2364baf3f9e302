package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.ListSchema;
import io.gitops4j.schema.MapSchema;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The union of a live value and an applied one, the applied one winning; gives the live value itself where nothing changes. */
final class Merging {
    private Merging() {}

    /** {@code null}: nothing is left. */
    static @Nullable Json merge(SchemaType type, @Nullable Json live, @Nullable Json applied) {
        if (applied == null || live == applied) {
            return live;
        }
        if (live == null) {
            return applied;
        }
        boolean decided = !live.isNull() && !applied.isNull();
        if (decided && type.shapeOf(live) != type.shapeOf(applied)) {
            return applied;
        }
        return switch (type.shapeOf(applied.isNull() ? live : applied)) {
            case LIST -> lists(type.list(), live, applied);
            case MAP -> maps(type.map(), live, applied);
            default -> keep(live, applied);
        };
    }

    /** The applied value, or the live one when they are equal to the letter: saves the copies above it. */
    private static Json keep(Json live, Json applied) {
        return live.equals(applied) ? live : applied;
    }

    private static @Nullable Json maps(@Nullable MapSchema map, Json live, Json applied) {
        if (map == null || map.atomic() || (Walk.emptyOrNull(live) && Walk.emptyOrNull(applied))) {
            return keep(live, applied);
        }
        JsonObject left = live instanceof JsonObject object ? object : JsonObject.empty();
        JsonObject right = applied instanceof JsonObject object ? object : JsonObject.empty();
        JsonObject.Builder out = null;
        for (int i = 0; i < right.size(); i++) {
            String name = right.keyAt(i);
            Json value = right.valueAt(i);
            Json was = left.get(name);
            if (was == value) {
                continue;
            }
            Json merged = merge(Walk.fieldType(map, name), was, value);
            if (merged != was) {
                out = out == null ? left.toBuilder() : out;
                if (merged != null) {
                    out.put(name, merged);
                }
            }
        }
        return out != null ? out.build() : live instanceof JsonObject ? live : null;
    }

    private static @Nullable Json lists(@Nullable ListSchema list, Json live, Json applied) {
        if (list == null || list.atomic() || (Walk.emptyOrNull(live) && Walk.emptyOrNull(applied))) {
            return keep(live, applied);
        }
        JsonArray left = live instanceof JsonArray array ? array : JsonArray.empty();
        JsonArray right = applied instanceof JsonArray array ? array : JsonArray.empty();
        Json aligned = aligned(list, left, right);
        if (aligned != null) {
            return aligned;
        }
        List<Json> out = new Ordered(list, left, right).merge();
        if (out.size() == left.size()) {
            boolean same = true;
            for (int i = 0; i < out.size() && same; i++) {
                same = out.get(i) == left.get(i);
            }
            if (same) {
                return live;
            }
        }
        return out.isEmpty() ? null : JsonArray.of(out);
    }

    /**
     * The merge when the applied items are, in order, the first live items or a subsequence of small lists: no tables are
     * built. {@code null} when the lists do not line up or hold duplicates.
     */
    private static @Nullable Json aligned(ListSchema list, JsonArray left, JsonArray right) {
        if (right.isEmpty()) {
            return left;
        }
        if (right.size() > left.size() || left.size() > 16) {
            return null;
        }
        int[] at = new int[right.size()];
        int from = 0;
        for (int r = 0; r < right.size(); r++) {
            while (from < left.size() && !Walk.sameItem(list, left.get(from), right.get(r))) {
                from++;
            }
            if (from == left.size()) {
                return null;
            }
            at[r] = from++;
        }
        for (int r = 0; r < right.size(); r++) {
            for (int i = 0; i < left.size(); i++) {
                if (i != at[r] && Walk.sameItem(list, left.get(i), right.get(r))) {
                    return null;
                }
            }
        }
        JsonArray out = left;
        for (int r = 0; r < right.size(); r++) {
            Json merged = merge(list.element(), left.get(at[r]), right.get(r));
            if (merged != left.get(at[r])) {
                out = out.with(at[r], merged == null ? Json.nul() : merged);
            }
        }
        return out;
    }

    /** The general merge of two granular lists, which keeps both orders as far as they agree. */
    private static final class Ordered {
        private final ListSchema list;
        private final JsonArray left;
        private final JsonArray right;
        private final List<PathElement> leftElements = new ArrayList<>();
        private final List<PathElement> rightElements = new ArrayList<>();
        private final Map<PathElement, Json> live = new LinkedHashMap<>();
        private final Map<PathElement, Json> applied = new LinkedHashMap<>();
        private final List<PathElement> shared = new ArrayList<>();

        Ordered(ListSchema list, JsonArray left, JsonArray right) {
            this.list = list;
            this.left = left;
            this.right = right;
            for (int i = 0; i < left.size(); i++) {
                PathElement element = Walk.itemElement(list, i, left.get(i));
                leftElements.add(element);
                live.putIfAbsent(element, left.get(i));
            }
            for (int i = 0; i < right.size(); i++) {
                PathElement element = Walk.itemElement(list, i, right.get(i));
                rightElements.add(element);
                if (applied.put(element, right.get(i)) == null && live.containsKey(element)) {
                    shared.add(element);
                }
            }
        }

        List<Json> merge() {
            List<Json> out = new ArrayList<>(left.size() + right.size());
            int l = 0;
            int r = 0;
            int next = 0;
            while (l < left.size() || r < right.size()) {
                PathElement ours = l < left.size() ? leftElements.get(l) : null;
                PathElement theirs = r < right.size() ? rightElements.get(r) : null;
                if (ours != null && theirs != null && ours.equals(theirs)) {
                    add(out, left.get(l), right.get(r));
                    next += isNext(next, theirs) ? 1 : 0;
                    l++;
                    r++;
                } else if (ours != null && applied.containsKey(ours) && !(isNext(next, ours) && theirs != null)) {
                    // it comes at its place in the applied order, or has come already
                    l++;
                } else if (ours != null && !applied.containsKey(ours)) {
                    out.add(left.get(l));
                    l++;
                } else if (theirs != null) {
                    add(out, live.get(theirs), right.get(r));
                    next += isNext(next, theirs) ? 1 : 0;
                    r++;
                }
            }
            return out;
        }

        private boolean isNext(int next, PathElement element) {
            return next < shared.size() && shared.get(next).equals(element);
        }

        private void add(List<Json> out, @Nullable Json was, Json is) {
            Json merged = Merging.merge(list.element(), was, is);
            out.add(merged == null ? Json.nul() : merged);
        }
    }
}
