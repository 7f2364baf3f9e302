package io.gitops4j.patch.strategic;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Insertion sort with any test at all. The test of merge keys says "less" for equal keys, too, so that equal items come out
 * reversed; results of patches depend on it, and a sort that demands a proper order would refuse.
 */
final class Insertion {
    private Insertion() {}

    static <T> void sort(List<T> items, BiPredicate<T, T> less) {
        for (int i = 1; i < items.size(); i++) {
            for (int j = i; j > 0 && less.test(items.get(j), items.get(j - 1)); j--) {
                T moved = items.get(j);
                items.set(j, items.get(j - 1));
                items.set(j - 1, moved);
            }
        }
    }
}
