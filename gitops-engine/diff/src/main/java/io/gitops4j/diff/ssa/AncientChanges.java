package io.gitops4j.diff.ssa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Keeps the number of updaters down: beyond the limit the oldest become one entry a version, {@code ancient-changes}. */
final class AncientChanges {
    private static final String NAME = "ancient-changes";

    private AncientChanges() {}

    static void cap(Map<FieldManager, VersionedSet> owners, Map<FieldManager, String> times, int limit) {
        List<FieldManager> updaters = new ArrayList<>();
        for (FieldManager owner : owners.keySet()) {
            if (!owner.applied()) {
                updaters.add(owner);
            }
        }
        if (updaters.size() <= limit) {
            return;
        }
        updaters.sort(Comparator.comparing((FieldManager owner) -> times.getOrDefault(owner, ""))
                .thenComparing(FieldManager::name)
                .thenComparing(FieldManager::apiVersion)
                .thenComparing(FieldManager::subresource));
        int count = updaters.size();
        for (FieldManager oldest : updaters) {
            if (count <= limit) {
                return;
            }
            FieldManager bucket = FieldManager.update(NAME, oldest.apiVersion(), "");
            VersionedSet set = owners.get(oldest);
            if (set == null || oldest.equals(bucket)) {
                continue;
            }
            VersionedSet known = owners.get(bucket);
            owners.remove(oldest);
            owners.put(bucket, known == null ? set : known.with(known.fields().union(set.fields())));
            String time = times.remove(oldest);
            if (time != null) {
                times.merge(bucket, time, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
            count -= known == null ? 0 : 1;
        }
    }
}
