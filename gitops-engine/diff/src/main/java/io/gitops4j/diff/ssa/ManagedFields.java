package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code metadata.managedFields} of an object: who owns which fields, and since when.
 *
 * @param owners owner → paths
 * @param times owner → time as written, RFC 3339 in seconds; an owner may have none
 */
public record ManagedFields(Map<FieldManager, VersionedSet> owners, Map<FieldManager, String> times) {
    private static final ManagedFields NONE = new ManagedFields(Collections.emptyMap(), Collections.emptyMap());

    /** Nobody owns anything. */
    public static ManagedFields none() {
        return NONE;
    }

    /** The managed fields of an object; none where they are missing or malformed, as servers read stored objects. */
    public static ManagedFields of(JsonObject object) {
        return object.object("metadata").get("managedFields") instanceof JsonArray entries
                ? read(entries).value().orElse(NONE)
                : NONE;
    }

    /** Reads {@code managedFields}; {@code MANAGED_FIELDS_INVALID} names the first bad entry. */
    public static Outcome<ManagedFields> read(JsonArray entries) {
        Map<FieldManager, VersionedSet> owners = new LinkedHashMap<>();
        Map<FieldManager, String> times = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.get(i) instanceof JsonObject object ? object : JsonObject.empty();
            String operation = entry.text("operation", "");
            boolean applied = operation.equals("Apply");
            if (!applied && !operation.equals("Update")) {
                return invalid(i, "operation is Apply or Update, not '" + operation + "'");
            }
            String type = entry.text("fieldsType", "");
            if (!type.equals("FieldsV1")) {
                return invalid(i, "fieldsType is FieldsV1, not '" + type + "'");
            }
            String version = entry.text("apiVersion", "");
            FieldManager owner = new FieldManager(
                    entry.text("manager", ""), applied, applied ? "" : version, entry.text("subresource", ""));
            try {
                Json fields = entry.get("fieldsV1");
                FieldSet set = fields == null ? FieldSet.empty() : FieldSet.fromFieldsV1(fields);
                owners.put(owner, new VersionedSet(set, version, applied));
            } catch (IllegalArgumentException e) {
                return invalid(i, String.valueOf(e.getMessage()));
            }
            String time = entry.text("time");
            if (time != null) {
                times.put(owner, time);
            }
        }
        return Outcome.of(new ManagedFields(Collections.unmodifiableMap(owners), Collections.unmodifiableMap(times)));
    }

    private static Outcome<ManagedFields> invalid(int index, String why) {
        return Outcome.failed(Problem.error("MANAGED_FIELDS_INVALID", "metadata.managedFields[" + index + "]: " + why));
    }

    /** The entries in the server's order: operation, time, manager, apiVersion, subresource. */
    public JsonArray toJson() {
        List<FieldManager> order = new ArrayList<>(owners.keySet());
        order.sort(Comparator.comparing(FieldManager::operation)
                .thenComparing(owner -> times.getOrDefault(owner, ""))
                .thenComparing(FieldManager::name)
                .thenComparing(owner -> version(owner))
                .thenComparing(FieldManager::subresource));
        JsonArray.Builder entries = JsonArray.builder();
        for (FieldManager owner : order) {
            JsonObject.Builder entry =
                    JsonObject.builder(7).put("apiVersion", version(owner)).put("fieldsType", "FieldsV1");
            VersionedSet set = owners.get(owner);
            entry.put(
                            "fieldsV1",
                            set == null ? JsonObject.empty() : set.fields().toFieldsV1())
                    .put("manager", owner.name())
                    .put("operation", owner.operation());
            if (!owner.subresource().isEmpty()) {
                entry.put("subresource", owner.subresource());
            }
            entries.add(entry.putIfPresent("time", times.get(owner)).build());
        }
        return entries.build();
    }

    private String version(FieldManager owner) {
        VersionedSet set = owners.get(owner);
        return set == null ? owner.apiVersion() : set.apiVersion();
    }

    /** Whether nobody owns anything. */
    public boolean isEmpty() {
        return owners.isEmpty();
    }

    /** {@code object} with these managed fields; without the field when there are none. */
    public JsonObject into(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        JsonObject changed = isEmpty() ? metadata.without("managedFields") : metadata.with("managedFields", toJson());
        return changed == metadata ? object : object.with("metadata", changed);
    }

    /** {@code object} without managed fields. */
    public static JsonObject strip(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        return metadata.has("managedFields") ? object.with("metadata", metadata.without("managedFields")) : object;
    }
}
