package io.gitops4j.cluster;

import io.gitops4j.manifest.Gvk;

/**
 * What to list or watch.
 *
 * @param gvk group, version and kind
 * @param namespace namespace, {@code ""} for all
 * @param labelSelector selector text as kubectl writes it, {@code ""} for all
 * @param fieldSelector selector text, {@code ""} for all
 * @param limit page size, 0 for everything
 * @param continueToken token of the page before, {@code ""} for the first
 * @param resourceVersion for a watch: after which version; {@code ""} for "from now, with the present state first"
 */
public record ListQuery(
        Gvk gvk,
        String namespace,
        String labelSelector,
        String fieldSelector,
        int limit,
        String continueToken,
        String resourceVersion) {

    /** Everything of a kind, in all namespaces. */
    public static ListQuery of(Gvk gvk) {
        return new ListQuery(gvk, "", "", "", 0, "", "");
    }

    /** A copy for one namespace. */
    public ListQuery in(String newNamespace) {
        return new ListQuery(gvk, newNamespace, labelSelector, fieldSelector, limit, continueToken, resourceVersion);
    }

    /** A copy with a label selector. */
    public ListQuery labels(String selector) {
        return new ListQuery(gvk, namespace, selector, fieldSelector, limit, continueToken, resourceVersion);
    }

    /** A copy with a field selector. */
    public ListQuery fields(String selector) {
        return new ListQuery(gvk, namespace, labelSelector, selector, limit, continueToken, resourceVersion);
    }

    /** A copy for a page of {@code size} after {@code token}. */
    public ListQuery page(int size, String token) {
        return new ListQuery(gvk, namespace, labelSelector, fieldSelector, size, token, resourceVersion);
    }

    /** A copy that watches after a version. */
    public ListQuery after(String version) {
        return new ListQuery(gvk, namespace, labelSelector, fieldSelector, limit, continueToken, version);
    }
}
