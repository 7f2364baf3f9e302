package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who exists by uid, and who depends on whom. */
final class OwnerIndex {

    /** An object's place in the store. */
    record Place(ResourceType type, ObjectKey key) {}

    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Set<Place>> dependents = new HashMap<>();

    void changed(Place place, @Nullable JsonObject before, @Nullable JsonObject after) {
        if (after == null && before != null) {
            places.remove(uid(before));
        } else if (before == null && after != null) {
            places.put(uid(after), place);
        }
        List<String> old = owners(before);
        List<String> now = owners(after);
        if (old.equals(now)) {
            return;
        }
        for (String owner : old) {
            Set<Place> of = dependents.get(owner);
            if (of != null && of.remove(place) && of.isEmpty()) {
                dependents.remove(owner);
            }
        }
        for (String owner : now) {
            dependents.computeIfAbsent(owner, key -> new LinkedHashSet<>()).add(place);
        }
    }

    /** Where the object of a uid is, or {@code null}. */
    @Nullable
    Place place(String uid) {
        return places.get(uid);
    }

    /** Who names {@code uid} as an owner, in the order of their creation. */
    List<Place> dependents(String uid) {
        Set<Place> of = dependents.get(uid);
        return of == null ? List.of() : List.copyOf(of);
    }

    static String uid(JsonObject object) {
        return object.object("metadata").text("uid", "");
    }

    private static List<String> owners(@Nullable JsonObject object) {
        if (object == null) {
            return List.of();
        }
        List<String> uids = new ArrayList<>();
        for (Json item : object.object("metadata").array("ownerReferences")) {
            if (item instanceof JsonObject reference) {
                uids.add(reference.text("uid", ""));
            }
        }
        return uids;
    }
}
