package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule that takes differences out of the comparison, as {@code ignoreDifferences} of an Application or a system-wide override
 * says it.
 *
 * @param group glob on the API group
 * @param kind glob on the kind
 * @param name name of the object, {@code ""} for any
 * @param namespace its namespace, {@code ""} for any
 * @param jsonPointers places, by JSON pointer; an array index may be negative
 * @param jqPathExpressions places, by path expression
 * @param managedFieldsManagers managers whose fields are ignored where they differ
 */
public record IgnoreRule(
        String group,
        String kind,
        String name,
        String namespace,
        List<String> jsonPointers,
        List<String> jqPathExpressions,
        List<String> managedFieldsManagers) {

    /** Copies the lists. */
    public IgnoreRule {
        jsonPointers = List.copyOf(jsonPointers);
        jqPathExpressions = List.copyOf(jqPathExpressions);
        managedFieldsManagers = List.copyOf(managedFieldsManagers);
    }

    /** The rule that an entry of {@code ignoreDifferences} spells. */
    public static IgnoreRule of(JsonObject entry) {
        return of(entry.text("group", ""), entry.text("kind", ""), entry);
    }

    /** The rule of a system-wide override under {@code group/kind}, or {@code kind} alone for the core group. */
    public static IgnoreRule ofOverride(String groupKind, JsonObject override) {
        int slash = groupKind.lastIndexOf('/');
        return of(slash < 0 ? "" : groupKind.substring(0, slash), groupKind.substring(slash + 1), override);
    }

    private static IgnoreRule of(String group, String kind, JsonObject text) {
        return new IgnoreRule(
                group,
                kind,
                text.text("name", ""),
                text.text("namespace", ""),
                strings(text, "jsonPointers"),
                strings(text, "jqPathExpressions"),
                strings(text, "managedFieldsManagers"));
    }

    private static List<String> strings(JsonObject object, String name) {
        List<String> out = new ArrayList<>();
        if (object.get(name) instanceof JsonArray list) {
            for (Json item : list) {
                if (item.textOrNull() != null) {
                    out.add(String.valueOf(item.textOrNull()));
                }
            }
        }
        return out;
    }

    /** Whether the rule is about this object. */
    public boolean matches(JsonObject object) {
        String apiVersion = object.text("apiVersion", "");
        int slash = apiVersion.indexOf('/');
        JsonObject metadata = object.object("metadata");
        return Globs.matches(group, slash < 0 ? "" : apiVersion.substring(0, slash))
                && Globs.matches(kind, object.text("kind", ""))
                && (name.isEmpty() || name.equals(metadata.text("name", "")))
                && (namespace.isEmpty() || namespace.equals(metadata.text("namespace", "")));
    }
}
