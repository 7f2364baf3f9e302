package io.gitops4j.diff;

import io.gitops4j.diff.ssa.Comparison;
import io.gitops4j.diff.ssa.FieldManager;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.diff.ssa.VersionedSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What counts of a server's answer to a dry run. */
final class ServerPrediction {
    private ServerPrediction() {}

    /** The object without what every write changes. */
    static JsonObject plain(JsonObject object) {
        JsonObject metadata = object.object("metadata").without("managedFields").without("resourceVersion");
        JsonObject annotations = metadata.object("annotations").without(ClientSideApply.LAST_APPLIED);
        if (metadata.has("annotations")) {
            metadata =
                    annotations.isEmpty() ? metadata.without("annotations") : metadata.with("annotations", annotations);
        }
        return object.with("metadata", metadata);
    }

    /** The answer with those changes taken back that are not about the manager's fields. */
    static JsonObject ownChanges(@Nullable SchemaType type, JsonObject live, JsonObject predicted, String manager) {
        SchemaType used = type == null ? SchemaType.deduced() : type;
        FieldSet own = owned(predicted, manager).union(owned(live, manager));
        Comparison comparison =
                new TypedValue(used, plain(live)).compare(plain(predicted)).orNull();
        if (own.isEmpty() || comparison == null || comparison.isSame()) {
            return predicted;
        }
        FieldSet foreignAdditions = foreign(comparison.added(), own);
        FieldSet foreignChanges = foreign(comparison.modified(), own);
        Json left = new TypedValue(used, predicted).remove(foreignAdditions).orThrow();
        Json back = new TypedValue(used, live).extractWithKeys(foreignChanges).orThrow();
        Json merged = foreignChanges.isEmpty()
                ? left
                : new TypedValue(used, left).merge(back).orThrow();
        return merged instanceof JsonObject out ? out : predicted;
    }

    private static FieldSet owned(JsonObject object, String manager) {
        FieldSet fields = FieldSet.empty();
        for (Map.Entry<FieldManager, VersionedSet> entry :
                ManagedFields.of(object).owners().entrySet()) {
            if (entry.getKey().name().equals(manager)) {
                fields = fields.union(entry.getValue().fields());
            }
        }
        return fields;
    }

    /** The paths that are not owned, nor lead to what is, nor are keys of an owned item. */
    private static FieldSet foreign(FieldSet paths, FieldSet own) {
        List<List<PathElement>> out = new ArrayList<>();
        paths.forEach(path -> {
            FieldSet at = own;
            boolean covered = false;
            for (int i = 0; i < path.size(); i++) {
                PathElement element = path.get(i);
                boolean last = i == path.size() - 1;
                covered |= last && (at.has(element) || !at.below(element).isEmpty());
                covered |= last && i > 0 && isKey(path.get(i - 1), element) && !at.isEmpty();
                at = at.below(element);
            }
            if (!covered) {
                out.add(List.copyOf(path));
            }
        });
        return FieldSet.of(out);
    }

    private static boolean isKey(PathElement item, PathElement field) {
        return item.kind() == PathElement.Kind.KEY && item.value() instanceof JsonObject keys && keys.has(field.name());
    }
}
