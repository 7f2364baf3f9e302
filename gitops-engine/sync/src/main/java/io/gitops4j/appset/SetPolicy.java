package io.gitops4j.appset;

import io.gitops4j.app.ApplicationSet;
import io.gitops4j.diff.IgnoreRule;
import io.gitops4j.diff.IgnoreRules;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
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
            JsonObject there = metadata.object(field);
            for (int i = 0; i < there.size(); i++) {
                String key = there.keyAt(i);
                if (!wanted.has(key) && (isPreserved(set, field, key) || (field.equals("annotations") && isOwn(key)))) {
                    wanted = wanted.with(key, there.valueAt(i));
                }
            }
            metadata = wanted.isEmpty() ? metadata.without(field) : metadata.with(field, wanted);
        }
        Json finalizers = fresh.get("finalizers");
        metadata = finalizers == null ? metadata.without("finalizers") : metadata.with("finalizers", finalizers);
        JsonObject merged = old.with("metadata", metadata).with("spec", generated.object("spec"));
        return ignoring(set, old, merged);
    }

    private static boolean isPreserved(ApplicationSet set, String field, String key) {
        return set.spec().object("preservedFields").array(field).items().contains(Json.of(key));
    }

    /** What others note on an Application that is generated: requests to refresh, notifications sent, pins and pauses. */
    private static boolean isOwn(String key) {
        return key.equals("argocd.argoproj.io/refresh")
                || key.equals("argocd.argoproj.io/hydrate")
                || key.startsWith("notified.notifications.argoproj.io")
                || key.startsWith("gitops4j.io/");
    }

    /** The merged Application with the fields left as they are that the set's {@code ignoreApplicationDifferences} name. */
    private static JsonObject ignoring(ApplicationSet set, JsonObject old, JsonObject merged) {
        List<IgnoreRule> rules = new ArrayList<>();
        for (Json item : set.spec().array("ignoreApplicationDifferences")) {
            if (item instanceof JsonObject entry) {
                String name = entry.text("name", "");
                if (name.isEmpty() || name.equals(ApplicationSetGenerator.name(old))) {
                    rules.add(IgnoreRule.of(
                            entry.without("name").with("group", Json.of("*")).with("kind", Json.of("*"))));
                }
            }
        }
        IgnoreRules compiled =
                rules.isEmpty() ? null : IgnoreRules.compile(rules).orNull();
        if (compiled == null) {
            return merged;
        }
        JsonObject before = compiled.apply(old).orNull();
        JsonObject after = compiled.apply(merged).orNull();
        return before != null
                        && after != null
                        && JsonMergePatch.apply(old, JsonMergePatch.diff(before, after)) instanceof JsonObject kept
                ? kept
                : merged;
    }
}
