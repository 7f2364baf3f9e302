package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What has drifted, field by field, and who did it as far as the objects' managed fields tell.
 *
 * @param entries by object and path, in the order of the plan
 */
public record DriftReport(List<Entry> entries) {

    /**
     * One drifted field.
     *
     * @param manager who owns the field now, {@code ""} when the object does not say
     * @param since when that manager last wrote, {@code ""} when the object does not say
     * @param rule by which it counts
     */
    public record Entry(ResourceKey key, FieldChange change, String manager, String since, String rule) {}

    /** A report of these parts. */
    public DriftReport {
        entries = List.copyOf(entries);
    }

    /** The drift that a plan would undo. */
    public static DriftReport of(Plan plan) {
        List<Entry> entries = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            JsonObject live = step.task().live();
            if (live == null || step.task().isHook()) {
                continue;
            }
            String rule = switch (step.action()) {
                case UPDATE, REPLACE -> "differs from " + plan.revision();
                default -> "";
            };
            if (rule.isEmpty()) {
                continue;
            }
            for (FieldChange change : step.changes()) {
                JsonObject owner = owner(live, change);
                entries.add(
                        new Entry(step.task().key(), change, owner.text("manager", ""), owner.text("time", ""), rule));
            }
        }
        return new DriftReport(entries);
    }

    /** The last entry of the managed fields that owns the path, {@code {}} for none. */
    private static JsonObject owner(JsonObject live, FieldChange change) {
        JsonObject found = JsonObject.empty();
        for (Json item : live.object("metadata").array("managedFields")) {
            if (item instanceof JsonObject entry
                    && owns(entry.object("fieldsV1"), live, change.path().tokens())
                    && found.text("time", "").compareTo(entry.text("time", "")) <= 0) {
                found = entry;
            }
        }
        return found;
    }

    private static boolean owns(JsonObject fields, Json live, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        String token = path.get(0);
        Json child = live.child(token);
        Json next = null;
        if (live instanceof JsonArray) {
            next = child == null ? null : byKey(fields, child);
        } else {
            next = fields.get("f:" + token);
        }
        if (!(next instanceof JsonObject deeper)) {
            return false;
        }
        return deeper.isEmpty() || child == null || owns(deeper, child, path.subList(1, path.size()));
    }

    /** The entry of a list item: {@code k:{…}} with its key fields, or {@code v:…} with its value. */
    private static @org.jspecify.annotations.Nullable Json byKey(JsonObject fields, Json item) {
        for (String name : fields.keys()) {
            Json key = name.startsWith("k:") || name.startsWith("v:")
                    ? io.gitops4j.codec.JsonReader.parse(name.substring(2)).orNull()
                    : null;
            if (key == null) {
                continue;
            }
            boolean same = name.startsWith("v:")
                    ? key.equals(item)
                    : key instanceof JsonObject wanted
                            && item instanceof JsonObject object
                            && wanted.keys().stream()
                                    .allMatch(field -> java.util.Objects.equals(wanted.get(field), object.get(field)));
            if (same) {
                return fields.get(name);
            }
        }
        return null;
    }

    /** A line for each field. */
    public String display() {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            out.append(entry.key())
                    .append(' ')
                    .append(entry.change().path())
                    .append(": ")
                    .append(
                            entry.change().before() == null
                                    ? "-"
                                    : entry.change().before().toJson())
                    .append(" (")
                    .append(entry.manager().isEmpty() ? "owner unknown" : entry.manager())
                    .append(entry.since().isEmpty() ? "" : " since " + entry.since())
                    .append(") ")
                    .append(entry.rule())
                    .append('\n');
        }
        return out.toString();
    }
}
