package io.gitops4j.patch.strategic;

import io.gitops4j.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The order of a merged list: that of the patch, with what only the server has woven in where it was. */
final class ListOrder {
    private final Function<Json, String> key;

    ListOrder(Function<Json, String> key) {
        this.key = key;
    }

    /** Those items whose key is in {@code order}, sorted so, and the others, sorted as on the server, in one list. */
    List<Json> arrange(List<Json> merged, List<Json> order, List<Json> serverOrder) {
        Map<String, Integer> wanted = positions(order);
        Map<String, Integer> served = positions(serverOrder);
        List<Json> ours = new ArrayList<>();
        List<Json> serverOnly = new ArrayList<>();
        for (Json item : merged) {
            (wanted.containsKey(key.apply(item)) ? ours : serverOnly).add(item);
        }
        sort(ours, wanted);
        sort(serverOnly, served);
        return zip(serverOnly, ours, served);
    }

    Map<String, Integer> positions(List<Json> items) {
        Map<String, Integer> positions = new LinkedHashMap<>(items.size() * 2);
        for (int i = 0; i < items.size(); i++) {
            positions.putIfAbsent(key.apply(items.get(i)), i);
        }
        return positions;
    }

    /** Items that the order does not know go to the front, in reverse. */
    private void sort(List<Json> items, Map<String, Integer> order) {
        List<Json> unknown = new ArrayList<>();
        List<Json> known = new ArrayList<>();
        for (Json item : items) {
            if (order.containsKey(key.apply(item))) {
                known.add(item);
            } else {
                unknown.add(0, item);
            }
        }
        known.sort((a, b) -> Integer.compare(order.getOrDefault(key.apply(a), 0), order.getOrDefault(key.apply(b), 0)));
        items.clear();
        items.addAll(unknown);
        items.addAll(known);
    }

    private List<Json> zip(List<Json> serverOnly, List<Json> ours, Map<String, Integer> served) {
        List<Json> out = new ArrayList<>(serverOnly.size() + ours.size());
        int s = 0;
        int o = 0;
        while (s < serverOnly.size() && o < ours.size()) {
            Integer left = served.get(key.apply(serverOnly.get(s)));
            Integer right = served.get(key.apply(ours.get(o)));
            boolean serverFirst = left != null && right != null && left <= right;
            out.add(serverFirst ? serverOnly.get(s++) : ours.get(o++));
        }
        out.addAll(serverOnly.subList(s, serverOnly.size()));
        out.addAll(ours.subList(o, ours.size()));
        return out;
    }
}
