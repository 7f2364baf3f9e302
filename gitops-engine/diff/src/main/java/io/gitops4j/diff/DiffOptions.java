package io.gitops4j.diff;

/**
 * How to compare.
 *
 * @param ignoreAggregatedRoles whether rules of roles with an {@code aggregationRule} are ignored
 * @param structuredMerge whether the target is laid over live by server-side-apply rules, instead of three-way patches
 * @param deduceTypes whether structured merge goes without schemas, lists being single values then
 * @param manager the manager that applies targets, for structured merge
 */
public record DiffOptions(boolean ignoreAggregatedRoles, boolean structuredMerge, boolean deduceTypes, String manager) {
    private static final DiffOptions DEFAULTS = new DiffOptions(false, false, false, "argocd-controller");

    /** Three-way patches, roles compared whole. */
    public static DiffOptions defaults() {
        return DEFAULTS;
    }

    /** With structured merge or without. */
    public DiffOptions withStructuredMerge(boolean on) {
        return new DiffOptions(ignoreAggregatedRoles, on, deduceTypes, manager);
    }

    /** With aggregated roles ignored or not. */
    public DiffOptions withIgnoreAggregatedRoles(boolean on) {
        return new DiffOptions(on, structuredMerge, deduceTypes, manager);
    }

    /** With types deduced from the values or taken from schemas. */
    public DiffOptions withDeducedTypes(boolean on) {
        return new DiffOptions(ignoreAggregatedRoles, structuredMerge, on, manager);
    }
}
