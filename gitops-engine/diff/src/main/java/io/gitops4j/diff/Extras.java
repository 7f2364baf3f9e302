package io.gitops4j.diff;

import io.gitops4j.diff.ssa.Comparison;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fields of live that neither the target nor the server nor another manager accounts for. */
final class Extras {
    private static final Set<String> SERVER_METADATA = Set.of(
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "selfLink",
            "namespace",
            "ownerReferences",
            "finalizers",
            "annotations");

    private Extras() {}

    static List<Difference> find(
            @Nullable SchemaType type, JsonObject target, JsonObject live, @Nullable JsonObject liveAsIs) {
        ManagedFields owners = DiffEngine.owners(liveAsIs);
        if (owners.isEmpty()) {
            // nobody says who owns what: a field may be anyone's
            return List.of();
        }
        SchemaType used = type == null ? SchemaType.deduced() : type;
        JsonObject wanted = Prediction.withDefaults(type, target);
        Comparison comparison =
                new TypedValue(used, plain(live)).compare(plain(wanted)).orNull();
        if (comparison == null || comparison.removed().isEmpty()) {
            return List.of();
        }
        List<Difference> out = new ArrayList<>();
        for (List<PathElement> path : Explanation.topmost(comparison.removed())) {
            Json value = Explanation.valueAt(live, path);
            if (!serverOwned(path) && !ownedBelow(owners, path)) {
                out.add(new Difference(
                        FieldSet.text(path),
                        Difference.Kind.EXTRA,
                        value,
                        null,
                        List.of(),
                        "nobody owns it and the target does not have it",
                        null));
            }
        }
        return Collections.unmodifiableList(out);
    }

    private static JsonObject plain(JsonObject object) {
        return object.without("status");
    }

    private static boolean serverOwned(List<PathElement> path) {
        return path.size() > 1
                && path.get(0).isField("metadata")
                && SERVER_METADATA.contains(path.get(1).name());
    }

    private static boolean ownedBelow(ManagedFields owners, List<PathElement> path) {
        for (var set : owners.owners().values()) {
            FieldSet at = set.fields();
            for (int i = 0; i < path.size() - 1; i++) {
                at = at.below(path.get(i));
            }
            PathElement last = path.get(path.size() - 1);
            if (at.has(last) || !at.below(last).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
