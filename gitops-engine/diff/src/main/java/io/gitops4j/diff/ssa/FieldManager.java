package io.gitops4j.diff.ssa;

/**
 * Who owns fields, as a managed-fields entry identifies it.
 *
 * @param name the {@code manager}
 * @param applied {@code operation}: Apply, or else Update
 * @param apiVersion version of the request; {@code ""} for Apply, where the version does not tell managers apart
 * @param subresource {@code status}, {@code scale}; {@code ""} for the main resource
 */
public record FieldManager(String name, boolean applied, String apiVersion, String subresource) {
    /** Longest name, in bytes. */
    public static final int MAX_NAME = 128;

    /** The owner by apply. */
    public static FieldManager apply(String name, String subresource) {
        return new FieldManager(name.isEmpty() ? "unknown" : name, true, "", subresource);
    }

    /** The owner by create, update or patch. */
    public static FieldManager update(String name, String apiVersion, String subresource) {
        return new FieldManager(name.isEmpty() ? "unknown" : name, false, apiVersion, subresource);
    }

    /** The {@code operation} of the entry. */
    public String operation() {
        return applied ? "Apply" : "Update";
    }
}
