package io.gitops4j.diff.ssa;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of ownership: who owns which fields after an apply or an update, which fields go away because nobody wants them any
 * more, who is in conflict. It knows managers by a key only; {@link ServerSideApply} adds managedFields.
 *
 * @param <K> what identifies a manager
 */
public final class Updater<K> {
    private final VersionConverter converter;
    private final Map<String, FieldSet> reset;

    /**
     * An updater.
     *
     * @param converter between versions
     * @param reset by version the fields that nobody owns here, such as status on the main resource
     */
    public Updater(VersionConverter converter, Map<String, FieldSet> reset) {
        this.converter = converter;
        this.reset = reset;
    }

    /**
     * What an apply or an update led to.
     *
     * @param object the object afterwards
     * @param changed whether it differs from the one before
     * @param managers who owns what afterwards
     * @param conflicts fields of others that the apply would have changed, by manager; when not empty, nothing was done
     */
    public record Result<K>(
            TypedValue object, boolean changed, Map<K, VersionedSet> managers, Map<K, VersionedSet> conflicts) {}

    /** Applies {@code config} as {@code manager} over {@code live}. Without {@code force} conflicts stop it. */
    public Outcome<Result<K>> apply(
            TypedValue live,
            TypedValue config,
            String apiVersion,
            Map<K, VersionedSet> managers,
            K manager,
            boolean force) {
        return guarded(() -> {
            Map<K, VersionedSet> owners = reconciled(live, apiVersion, managers);
            TypedValue merged = new TypedValue(live.type(), live.merged(config.value()));
            VersionedSet last = owners.get(manager);
            FieldSet wanted = config.paths().recursiveDifference(reset(apiVersion));
            owners.put(manager, new VersionedSet(wanted, apiVersion, true));
            TypedValue pruned = prune(merged, owners, apiVersion, last);
            return settle(live, pruned, apiVersion, owners, manager, force);
        });
    }

    /** Replaces {@code live} by {@code newObject} on behalf of {@code manager}, who owns from then on whatever it changed. */
    public Outcome<Result<K>> update(
            TypedValue live, TypedValue newObject, String apiVersion, Map<K, VersionedSet> managers, K manager) {
        return guarded(() -> {
            Map<K, VersionedSet> owners = reconciled(live, apiVersion, managers);
            Comparison comparison = compared(live, newObject, apiVersion);
            Result<K> settled = settle(live, newObject, apiVersion, owners, manager, true);
            VersionedSet mine = settled.managers().get(manager);
            FieldSet fields = (mine == null ? FieldSet.empty() : mine.fields())
                    .difference(comparison.removed())
                    .union(comparison.modified())
                    .union(comparison.added())
                    .recursiveDifference(reset(apiVersion));
            Map<K, VersionedSet> after = new LinkedHashMap<>(settled.managers());
            if (fields.isEmpty()) {
                after.remove(manager);
            } else {
                after.put(manager, new VersionedSet(fields, apiVersion, false));
            }
            return new Result<>(
                    newObject, settled.changed(), Collections.unmodifiableMap(after), Collections.emptyMap());
        });
    }

    private FieldSet reset(String apiVersion) {
        return reset.getOrDefault(apiVersion, FieldSet.empty());
    }

    private Comparison compared(TypedValue a, TypedValue b, String apiVersion) {
        return Comparison.of(a.type(), a.value(), b.value()).without(reset(apiVersion));
    }

    /** Every manager's set in the terms of the present schema. */
    private Map<K, VersionedSet> reconciled(TypedValue live, String apiVersion, Map<K, VersionedSet> managers) {
        Map<K, VersionedSet> owners = new LinkedHashMap<>(managers);
        for (Map.Entry<K, VersionedSet> entry : owners.entrySet()) {
            VersionedSet set = entry.getValue();
            TypedValue then = convert(live, apiVersion, set.apiVersion());
            if (then != null) {
                entry.setValue(set.with(Reconciling.reconcile(then.type(), then.value(), set.fields())));
            }
        }
        return owners;
    }

    private Result<K> settle(
            TypedValue live,
            TypedValue newObject,
            String apiVersion,
            Map<K, VersionedSet> owners,
            K manager,
            boolean force) {
        Map<String, @Nullable Comparison> byVersion = new LinkedHashMap<>();
        byVersion.put(apiVersion, compared(live, newObject, apiVersion));
        Map<K, VersionedSet> after = new LinkedHashMap<>();
        Map<K, VersionedSet> conflicts = new LinkedHashMap<>();
        for (Map.Entry<K, VersionedSet> entry : owners.entrySet()) {
            VersionedSet set = entry.getValue();
            if (entry.getKey().equals(manager)) {
                after.put(manager, set);
                continue;
            }
            String version = set.apiVersion();
            if (!byVersion.containsKey(version)) {
                TypedValue was = convert(live, apiVersion, version);
                TypedValue is = convert(newObject, apiVersion, version);
                byVersion.put(version, was == null || is == null ? null : compared(was, is, version));
            }
            Comparison comparison = byVersion.get(version);
            if (comparison == null) {
                continue;
            }
            FieldSet lost = set.fields()
                    .intersection(comparison.modified())
                    .union(set.fields().intersection(comparison.added()));
            if (!lost.isEmpty()) {
                conflicts.put(entry.getKey(), new VersionedSet(lost, version, false));
            }
            FieldSet left = set.fields().difference(lost).difference(comparison.removed());
            after.put(entry.getKey(), set.with(left));
        }
        if (!force && !conflicts.isEmpty()) {
            return new Result<>(live, false, Collections.unmodifiableMap(owners), conflicts);
        }
        after.values().removeIf(set -> set.fields().isEmpty());
        Comparison own = byVersion.get(apiVersion);
        boolean changed = own == null || !own.isSame() || !newObject.value().equals(live.value());
        return new Result<>(newObject, changed, Collections.unmodifiableMap(after), Collections.emptyMap());
    }

    /** Takes away what the manager applied before, does not apply now, and nobody else owns. */
    private TypedValue prune(
            TypedValue merged, Map<K, VersionedSet> owners, String apiVersion, @Nullable VersionedSet last) {
        if (last == null || last.fields().isEmpty()) {
            return merged;
        }
        if (last.apiVersion().equals(apiVersion) && ownedByAnyone(owners, last)) {
            return merged;
        }
        TypedValue then = convert(merged, apiVersion, last.apiVersion());
        if (then == null) {
            return merged;
        }
        FieldSet lastNamed = last.fields().named(then.type());
        TypedValue pruned = new TypedValue(then.type(), then.removed(lastNamed));
        pruned = addBackOwned(then, pruned, last.apiVersion(), owners);
        pruned = addBackDangling(then, pruned, lastNamed);
        TypedValue back = convert(pruned, last.apiVersion(), apiVersion);
        return back == null ? merged : back;
    }

    /** Whether all of the last set is owned now, so that pruning would add everything back. */
    private boolean ownedByAnyone(Map<K, VersionedSet> owners, VersionedSet last) {
        for (VersionedSet set : owners.values()) {
            if (set.apiVersion().equals(last.apiVersion()) && last.fields().subsetOf(set.fields())) {
                return true;
            }
        }
        return false;
    }

    private TypedValue addBackOwned(TypedValue merged, TypedValue pruned, String version, Map<K, VersionedSet> owners) {
        Map<String, FieldSet> byVersion = new LinkedHashMap<>();
        byVersion.put(version, FieldSet.empty());
        for (VersionedSet set : owners.values()) {
            byVersion.merge(set.apiVersion(), set.fields(), FieldSet::union);
        }
        TypedValue left = pruned;
        String at = version;
        TypedValue whole = merged;
        for (Map.Entry<String, FieldSet> entry : byVersion.entrySet()) {
            TypedValue mergedThere = convert(whole, at, entry.getKey());
            TypedValue leftThere = convert(left, at, entry.getKey());
            if (mergedThere == null || leftThere == null) {
                continue;
            }
            FieldSet gone = mergedThere
                    .paths()
                    .named(mergedThere.type())
                    .difference(leftThere
                            .paths()
                            .named(mergedThere.type())
                            .union(entry.getValue().named(mergedThere.type())));
            left = new TypedValue(mergedThere.type(), mergedThere.removed(gone));
            whole = mergedThere;
            at = entry.getKey();
        }
        TypedValue back = convert(left, at, version);
        return back == null ? pruned : back;
    }

    private static TypedValue addBackDangling(TypedValue merged, TypedValue pruned, FieldSet lastNamed) {
        FieldSet gone = merged.paths()
                .named(merged.type())
                .difference(pruned.paths().named(merged.type()))
                .intersection(lastNamed);
        return new TypedValue(merged.type(), merged.removed(gone));
    }

    /** {@code null}: there is no such version. */
    private @Nullable TypedValue convert(TypedValue object, String from, String to) {
        if (from.equals(to)) {
            return object;
        }
        Outcome<TypedValue> converted = converter.convert(object, to);
        if (converted.ok()) {
            return converted.orThrow();
        }
        for (Problem problem : converted.problems()) {
            if (problem.code().equals(VersionConverter.NO_SUCH_VERSION)) {
                return null;
            }
        }
        throw new ProblemException(converted.problems());
    }

    private static <T> Outcome<T> guarded(java.util.function.Supplier<T> operation) {
        try {
            return Outcome.of(operation.get());
        } catch (SchemaViolation e) {
            return Outcome.failed(Problem.error("SCHEMA_MISMATCH", e.display()));
        } catch (ProblemException e) {
            List<Problem> problems = new ArrayList<>(e.problems());
            return Outcome.failed(problems);
        }
    }
}
