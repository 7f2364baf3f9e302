package io.gitops4j.diff;

import io.gitops4j.diff.ssa.Comparison;
import io.gitops4j.diff.ssa.FieldManager;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.diff.ssa.VersionedSet;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.SchemaType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes fields out of both sides that a trusted manager owns and that differ. */
public final class ManagedFieldsFilter {
    private ManagedFieldsFilter() {}

    /** Both sides without what was ignored. */
    public record Sides(JsonObject live, JsonObject target) {}

    /**
     * Filters both sides.
     *
     * @param managers names of the trusted managers
     * @param type the kind's type, {@code null}: deduced from the values
     */
    public static Outcome<Sides> filter(
            JsonObject live, JsonObject target, Set<String> managers, @Nullable SchemaType type) {
        SchemaType used = type == null || !fits(type, live, target) ? SchemaType.deduced() : type;
        return owned(live, target, managers, used)
                .map(paths -> paths.isEmpty()
                        ? new Sides(live, target)
                        : new Sides(removed(used, live, paths), removed(used, target, paths)));
    }

    private static boolean fits(SchemaType type, JsonObject live, JsonObject target) {
        return TypedValue.checked(type, live, true).ok()
                && TypedValue.checked(type, target, true).ok();
    }

    /** The paths that the managers own and that differ. */
    static Outcome<FieldSet> owned(JsonObject live, JsonObject target, Set<String> managers, SchemaType type) {
        return new TypedValue(type, live).compare(target).map(comparison -> {
            FieldSet paths = FieldSet.empty();
            for (Map.Entry<FieldManager, VersionedSet> entry :
                    ManagedFields.of(live).owners().entrySet()) {
                if (managers.contains(entry.getKey().name())) {
                    paths = paths.union(entry.getValue().fields().intersection(relevant(comparison)));
                }
            }
            return paths;
        });
    }

    private static FieldSet relevant(Comparison comparison) {
        return comparison.modified();
    }

    private static JsonObject removed(SchemaType type, JsonObject object, FieldSet paths) {
        Json left = new TypedValue(type, object).remove(paths).orThrow();
        return left instanceof JsonObject out ? out : JsonObject.empty();
    }
}
