package io.gitops4j.appset;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is done with the Applications of a set that are there, under its policy. */
public final class SetPolicy {

    /** What happens to one Application. */
    public enum Verb {
        CREATE,
        UPDATE,
        DELETE,
        KEEP
    }

    /**
     * One change.
     *
     * @param application as it is to be; for {@link Verb#DELETE} and {@link Verb#KEEP} as it is
     */
    public record Change(Verb verb, String name, JsonObject application) {}

    private SetPolicy() {}

    /**
     * The changes from what is there to what was generated, by name. Under {@code create-only} and {@code create-update}
     * nothing is deleted, under {@code create-only} and {@code create-delete} nothing is changed.
     */
    public static List<Change> changes(ApplicationSet set, List<JsonObject> generated, List<JsonObject> existing) {
        String policy = set.applicationsSync();
        boolean updates = policy.equals("sync") || policy.equals("create-update");
        boolean deletes = policy.equals("sync") || policy.equals("create-delete");
        Map<String, JsonObject> wanted = byName(generated);
        Map<String, JsonObject> there = byName(existing);
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<String, JsonObject> entry : wanted.entrySet()) {
            JsonObject old = there.get(entry.getKey());
            if (old == null) {
                changes.add(new Change(Verb.CREATE, entry.getKey(), entry.getValue()));
                continue;
            }
            JsonObject merged = over(set, old, entry.getValue());
            boolean changed = updates && !merged.equals(old);
            changes.add(new Change(changed ? Verb.UPDATE : Verb.KEEP, entry.getKey(), changed ? merged : old));
        }
        for (Map.Entry<String, JsonObject> entry : there.entrySet()) {
            if (!wanted.containsKey(entry.getKey())) {
                changes.add(new Change(deletes ? Verb.DELETE : Verb.KEEP, entry.getKey(), entry.getValue()));
            }
        }
        return List.copyOf(changes);
    }

    private static Map<String, JsonObject> byName(List<JsonObject> applications) {
        Map<String, JsonObject> byName = new TreeMap<>();
        for (JsonObject application : applications) {
            byName.put(ApplicationSetGenerator.name(application), application);
        }
        return byName;
    }

    /** The existing Application with spec, labels, annotations and finalizers of the generated one. */
    private static JsonObject over(ApplicationSet set, JsonObject old, JsonObject generated) {
        JsonObject metadata = old.object("metadata");
        JsonObject fresh = generated.object("metadata");
        for (String field : List.of("labels", "annotations")) {
            JsonObject wanted = fresh.object(field);
            for (Json preserved : set.spec().object("preservedFields").array(field)) {
                String key = preserved.textOrNull();
                Json value = key == null ? null : metadata.object(field).get(key);
                if (key != null && value != null && !wanted.has(key)) {
                    wanted = wanted.with(key, value);
                }
            }
            metadata = wanted.isEmpty() ? metadata.without(field) : metadata.with(field, wanted);
        }
        Json finalizers = fresh.get("finalizers");
        metadata = finalizers == null ? metadata.without("finalizers") : metadata.with("finalizers", finalizers);
        return old.with("metadata", metadata).with("spec", generated.object("spec"));
    }
}
