package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands what client-side apply owns to a server-side apply manager, as kubectl does when it is first run with
 * {@code --server-side}: the entries of the old managers are united into the new one's and dropped.
 */
public final class ClientSideMigration {
    private ClientSideMigration() {}

    /**
     * The object with its managedFields migrated; the same object when none of the old managers owns anything.
     *
     * @param clientSideManagers names of the managers that used Update so far
     * @param manager the name that will apply
     * @param subresource whose entries to migrate, {@code ""} for the main ones
     */
    public static JsonObject migrate(
            JsonObject object, Collection<String> clientSideManagers, String manager, String subresource) {
        if (!(object.object("metadata").get("managedFields") instanceof JsonArray given)) {
            return object;
        }
        List<JsonObject> entries = new ArrayList<>();
        for (Json entry : given) {
            if (entry instanceof JsonObject e) {
                entries.add(e);
            }
        }
        int target = indexOf(entries, "Apply", List.of(manager), subresource);
        if (target < 0) {
            target = indexOf(entries, "Update", clientSideManagers, subresource);
            if (target < 0) {
                return object;
            }
            entries.set(target, entries.get(target).with("manager", manager).with("operation", "Apply"));
        }
        JsonObject into = entries.get(target);
        FieldSet fields = fields(into);
        String version = into.text("apiVersion", "");
        boolean found = false;
        for (JsonObject entry : entries) {
            if (is(entry, "Update", clientSideManagers, subresource)) {
                found = true;
                if (entry.text("apiVersion", "").equals(version)) {
                    fields = fields.union(fields(entry));
                }
            }
        }
        if (found) {
            entries.set(target, into.with("fieldsV1", fields.toFieldsV1()));
        }
        entries.removeIf(entry -> is(entry, "Update", clientSideManagers, subresource));
        return object.with("metadata", object.object("metadata").with("managedFields", JsonArray.of(entries)));
    }

    /**
     * The JSON patch (RFC 6902) that brings the migration about on a server: it replaces the managedFields and names the
     * resourceVersion, so that it fails when the object has moved. {@code null} when there is nothing to migrate.
     */
    public static @Nullable JsonArray patch(
            JsonObject object, Collection<String> clientSideManagers, String manager, String subresource) {
        JsonObject migrated = migrate(object, clientSideManagers, manager, subresource);
        if (migrated.equals(object)) {
            return null;
        }
        return JsonArray.of(
                operation("/metadata/managedFields", migrated.object("metadata").array("managedFields")),
                operation(
                        "/metadata/resourceVersion",
                        Json.of(object.object("metadata").text("resourceVersion", ""))));
    }

    private static JsonObject operation(String path, Json value) {
        return JsonObject.builder()
                .put("op", "replace")
                .put("path", path)
                .put("value", value)
                .build();
    }

    private static FieldSet fields(JsonObject entry) {
        Json fields = entry.get("fieldsV1");
        return fields == null ? FieldSet.empty() : FieldSet.fromFieldsV1(fields);
    }

    private static int indexOf(
            List<JsonObject> entries, String operation, Collection<String> managers, String subresource) {
        for (int i = 0; i < entries.size(); i++) {
            if (is(entries.get(i), operation, managers, subresource)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean is(JsonObject entry, String operation, Collection<String> managers, String subresource) {
        return entry.text("operation", "").equals(operation)
                && managers.contains(entry.text("manager", ""))
                && entry.text("subresource", "").equals(subresource);
    }
}
