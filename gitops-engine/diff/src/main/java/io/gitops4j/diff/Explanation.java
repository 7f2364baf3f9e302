package io.gitops4j.diff;

import io.gitops4j.diff.ssa.Comparison;
import io.gitops4j.diff.ssa.FieldManager;
import io.gitops4j.diff.ssa.FieldSet;
import io.gitops4j.diff.ssa.ManagedFields;
import io.gitops4j.diff.ssa.PathElement;
import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a comparison into differences with paths, values and owners. */
final class Explanation {
    private Explanation() {}

    static List<Difference> differences(
            @Nullable SchemaType type,
            @Nullable JsonObject live,
            @Nullable JsonObject wanted,
            @Nullable JsonObject liveAsIs) {
        if (live == null || wanted == null) {
            boolean create = live == null;
            return List.of(new Difference(
                    ".",
                    create ? Difference.Kind.ADD : Difference.Kind.REMOVE,
                    null,
                    null,
                    List.of(),
                    create ? "the object does not exist" : "the target does not want the object",
                    null));
        }
        SchemaType used = type == null ? SchemaType.deduced() : type;
        Comparison comparison = new TypedValue(used, live)
                .compare(wanted)
                .value()
                .orElseGet(() -> new TypedValue(SchemaType.deduced(), live)
                        .compare(wanted)
                        .orThrow());
        ManagedFields owners = DiffEngine.owners(liveAsIs);
        List<Difference> out = new ArrayList<>();
        collect(comparison.added(), Difference.Kind.ADD, live, wanted, owners, "the target sets it", out);
        collect(comparison.modified(), Difference.Kind.CHANGE, live, wanted, owners, "the values differ", out);
        collect(
                comparison.removed(),
                Difference.Kind.REMOVE,
                live,
                wanted,
                owners,
                "it was applied before and the target has dropped it",
                out);
        out.sort(Comparator.comparing(Difference::path).thenComparing(Difference::kind));
        return Collections.unmodifiableList(out);
    }

    private static void collect(
            FieldSet set,
            Difference.Kind kind,
            JsonObject live,
            JsonObject wanted,
            ManagedFields owners,
            String why,
            List<Difference> out) {
        for (List<PathElement> path : topmost(set)) {
            out.add(new Difference(
                    FieldSet.text(path),
                    kind,
                    valueAt(live, path),
                    valueAt(wanted, path),
                    ownersOf(owners, path),
                    why,
                    null));
        }
    }

    /** The members that do not lie below another. */
    static List<List<PathElement>> topmost(FieldSet set) {
        List<List<PathElement>> paths = set.paths();
        List<List<PathElement>> out = new ArrayList<>();
        for (List<PathElement> path : paths) {
            boolean below = false;
            for (int i = 1; i < path.size() && !below; i++) {
                below = set.has(path.subList(0, i));
            }
            if (!below) {
                out.add(path);
            }
        }
        return out;
    }

    static List<String> ownersOf(ManagedFields managed, List<PathElement> path) {
        List<String> names = new ArrayList<>();
        for (FieldManager owner : managed.owners().keySet()) {
            var set = managed.owners().get(owner);
            if (set != null && set.fields().has(path) && !names.contains(owner.name())) {
                names.add(owner.name());
            }
        }
        return names;
    }

    static @Nullable Json valueAt(Json root, List<PathElement> path) {
        Json at = root;
        for (PathElement element : path) {
            at = child(at, element);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static @Nullable Json child(Json value, PathElement element) {
        if (element.kind() == PathElement.Kind.FIELD) {
            return value instanceof JsonObject object ? object.get(element.name()) : null;
        }
        if (!(value instanceof JsonArray array)) {
            return null;
        }
        if (element.kind() == PathElement.Kind.INDEX) {
            return element.index() < array.size() ? array.get(element.index()) : null;
        }
        for (Json item : array) {
            if (element.kind() == PathElement.Kind.VALUE ? item.equals(element.value()) : hasKeys(item, element)) {
                return item;
            }
        }
        return null;
    }

    private static boolean hasKeys(Json item, PathElement element) {
        if (!(item instanceof JsonObject object) || !(element.value() instanceof JsonObject keys)) {
            return false;
        }
        for (int i = 0; i < keys.size(); i++) {
            Json value = object.get(keys.keyAt(i));
            // a key that the item does not spell out stands at its default
            if (value != null && !value.equals(keys.valueAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** What each rule hides: the places where the rule changes a side and the sides differ there. */
    static List<Difference> ignored(DiffEngine engine, JsonObject target, JsonObject live) {
        List<Difference> out = new ArrayList<>();
        SchemaType type = engine.typeOf(target);
        SchemaType used = type == null ? SchemaType.deduced() : type;
        for (IgnoreRule rule : engine.rules().rules()) {
            if (rule.matches(target)) {
                byManagers(rule, target, live, used, out);
            }
        }
        for (IgnoreRules.Compiled place : engine.rules().placesIn(target)) {
            Json wantedLeft = place.apply(target);
            Json liveLeft = place.apply(live);
            FieldSet hidden = removed(used, target, wantedLeft).union(removed(used, live, liveLeft));
            for (List<PathElement> path : topmost(hidden)) {
                add(place.rule(), place.text(), path, target, live, out);
            }
        }
        out.sort(Comparator.comparing(Difference::path).thenComparing(Difference::why));
        return Collections.unmodifiableList(out);
    }

    private static FieldSet removed(SchemaType type, JsonObject before, Json after) {
        if (before == after || !(after instanceof JsonObject)) {
            return FieldSet.empty();
        }
        Comparison comparison = new TypedValue(type, before)
                .compare(after)
                .value()
                .orElseGet(() -> new TypedValue(SchemaType.deduced(), before)
                        .compare(after)
                        .orThrow());
        return comparison.removed().union(comparison.modified());
    }

    private static void byManagers(
            IgnoreRule rule, JsonObject target, JsonObject live, SchemaType type, List<Difference> out) {
        if (rule.managedFieldsManagers().isEmpty()) {
            return;
        }
        Set<String> managers = new java.util.LinkedHashSet<>(rule.managedFieldsManagers());
        FieldSet paths =
                ManagedFieldsFilter.owned(live, target, managers, type).value().orElse(FieldSet.empty());
        for (List<PathElement> path : topmost(paths)) {
            add(rule, "manager " + String.join(", ", rule.managedFieldsManagers()), path, target, live, out);
        }
    }

    private static void add(
            IgnoreRule rule,
            String place,
            List<PathElement> path,
            JsonObject target,
            JsonObject live,
            List<Difference> out) {
        Json wanted = valueAt(target, path);
        Json present = valueAt(live, path);
        if (wanted == null ? present == null : wanted.equals(present)) {
            return;
        }
        boolean secret = SecretMask.isSecret(target);
        Difference.Kind kind = present == null
                ? Difference.Kind.ADD
                : wanted == null ? Difference.Kind.REMOVE : Difference.Kind.CHANGE;
        out.add(new Difference(
                FieldSet.text(path),
                kind,
                secret ? null : present,
                secret ? null : wanted,
                ownersOf(DiffEngine.owners(live), path),
                "ignored by " + place + " of the rule for " + rule.group() + "/" + rule.kind(),
                rule));
    }
}
