package io.gitops4j.recovery.restore;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rewrites owner references: an owner has another uid in the target. One that is absent there is dropped, since the garbage
 * collector would delete the object with it.
 */
final class OwnerLinks {
    private final ReferenceMapping mapping;
    private final Function<ObjectRef, Optional<String>> lookup;
    private final Predicate<Gvk> namespaced;
    private final Map<String, String> uids = new LinkedHashMap<>();
    private final Map<ObjectRef, Optional<String>> found = new LinkedHashMap<>();
    private final Set<String> warned = new LinkedHashSet<>();

    /** The references of an object, and whether all of its owners that come are there. */
    record Links(JsonArray references, boolean complete) {}

    /**
     * Links.
     *
     * @param mapping where owners went
     * @param lookup the uid of an object of the target
     * @param namespaced whether the objects of a kind live in namespaces
     */
    OwnerLinks(ReferenceMapping mapping, Function<ObjectRef, Optional<String>> lookup, Predicate<Gvk> namespaced) {
        this.mapping = mapping;
        this.namespaced = namespaced;
        this.lookup = lookup;
    }

    /** An object has this uid in the target. */
    void learn(String oldUid, String newUid) {
        if (!oldUid.isEmpty() && !newUid.isEmpty()) {
            uids.put(oldUid, newUid);
        }
    }

    /**
     * The references as far as the owners are there.
     *
     * @param pending old uids of objects that are still to come
     */
    Links of(PreparedItem item, Set<String> pending, List<Problem> problems) {
        JsonArray.Builder out = JsonArray.builder();
        boolean complete = true;
        for (Json owner : item.owners()) {
            if (!(owner instanceof JsonObject reference)) {
                continue;
            }
            String old = reference.text("uid", "");
            ObjectRef source = ownerOf(reference, item);
            String name = mapping.target(source).name();
            if (item.target().namespace().isEmpty() && namespaced.test(source.gvk())) {
                drop(item, source, old, "lives in a namespace, the object does not", problems);
                continue;
            }
            String uid = uids.get(old);
            if (uid == null && pending.contains(old)) {
                complete = false;
                continue;
            }
            Optional<String> there = uid != null ? Optional.of(uid) : absentOwner(source, item, old, problems);
            there.ifPresent(
                    newUid -> out.add(reference.with("uid", Json.of(newUid)).with("name", Json.of(name))));
        }
        return new Links(out.build(), complete);
    }

    private Optional<String> absentOwner(ObjectRef source, PreparedItem item, String old, List<Problem> problems) {
        Optional<String> there = found.computeIfAbsent(mapping.target(source), lookup);
        if (there.isEmpty()) {
            drop(item, source, old, "is not there", problems);
        }
        return there;
    }

    private void drop(PreparedItem item, ObjectRef owner, String old, String why, List<Problem> problems) {
        if (warned.add(item.id() + " " + old)) {
            problems.add(Problem.warning(
                    "OWNER_DROPPED", item.id() + ": its owner " + owner.gvk().kind() + " " + owner.name() + " " + why));
        }
    }

    private ObjectRef ownerOf(JsonObject reference, PreparedItem item) {
        Gvk gvk = Gvk.of(reference.text("apiVersion", ""), reference.text("kind", ""));
        String namespace = namespaced.test(gvk) ? item.entry().ref().namespace() : "";
        return ObjectRef.of(gvk, namespace, reference.text("name", ""));
    }

    /** The references of a live object that differ from the wanted ones. */
    static boolean differ(JsonObject live, JsonArray wanted) {
        List<Json> have =
                new ArrayList<>(live.object("metadata").array("ownerReferences").items());
        return !have.equals(new ArrayList<>(wanted.items()));
    }
}
