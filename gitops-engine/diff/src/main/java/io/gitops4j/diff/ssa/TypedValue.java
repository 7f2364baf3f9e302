package io.gitops4j.diff.ssa;

import io.gitops4j.json.Json;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.SchemaType;
import java.util.function.Supplier;

/**
 * A value with its type, and the structured-merge operations on it. A value that does not fit its type fails an operation with
 * the problem {@code SCHEMA_MISMATCH}, whose text holds the path.
 *
 * @param type the type
 * @param value the value
 */
public record TypedValue(SchemaType type, Json value) {

    /**
     * A value that was checked against its type.
     *
     * @param allowDuplicates whether lists may hold items of one key, as objects of a server may
     */
    public static Outcome<TypedValue> checked(SchemaType type, Json value, boolean allowDuplicates) {
        return guarded(() -> {
            new Validation(allowDuplicates).check(type, value);
            return new TypedValue(type, value);
        });
    }

    /** The field set of the value. */
    public Outcome<FieldSet> fieldSet() {
        return guarded(this::paths);
    }

    /** What differs from this value to {@code newValue}. */
    public Outcome<Comparison> compare(Json newValue) {
        return guarded(() -> Comparison.of(type, value, newValue));
    }

    /** This value with {@code applied} laid over it. */
    public Outcome<Json> merge(Json applied) {
        return guarded(() -> merged(applied));
    }

    /** This value without these paths; null when nothing is left. */
    public Outcome<Json> remove(FieldSet paths) {
        return guarded(() -> removed(paths));
    }

    /** Only these paths; null when there is none. */
    public Outcome<Json> extract(FieldSet paths) {
        return guarded(() -> extracted(paths, false));
    }

    /** Only these paths and the key fields of the list items that they lead through. */
    public Outcome<Json> extractWithKeys(FieldSet paths) {
        return guarded(() -> extracted(paths, true));
    }

    /** The set in the terms of this type, which may have become atomic where it was granular; itself if nothing changes. */
    public Outcome<FieldSet> reconcile(FieldSet recorded) {
        return guarded(() -> Reconciling.reconcile(type, value, recorded));
    }

    FieldSet paths() {
        return FieldSetOf.of(type, value);
    }

    Json merged(Json applied) {
        Json merged = Merging.merge(type, value, applied);
        return merged == null ? Json.nul() : merged;
    }

    Json removed(FieldSet paths) {
        Json left = Removing.remove(type, value, paths);
        return left == null ? Json.nul() : left;
    }

    private Json extracted(FieldSet paths, boolean keys) {
        Json left = Removing.extract(type, value, paths, keys);
        return left == null ? Json.nul() : left;
    }

    private static <T> Outcome<T> guarded(Supplier<T> operation) {
        try {
            return Outcome.of(operation.get());
        } catch (SchemaViolation e) {
            return Outcome.failed(Problem.error("SCHEMA_MISMATCH", e.display()));
        }
    }
}
