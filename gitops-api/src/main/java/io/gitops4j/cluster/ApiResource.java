package io.gitops4j.cluster;

import io.gitops4j.manifest.Gvk;
import java.util.List;

/**
 * A kind that a cluster serves.
 *
 * @param gvk group, version and kind
 * @param plural name in paths, {@code deployments}
 * @param singular {@code deployment}
 * @param namespaced whether objects live in namespaces
 * @param shortNames {@code deploy}
 * @param verbs what the server allows ({@code get, list, watch, …})
 */
public record ApiResource(
        Gvk gvk, String plural, String singular, boolean namespaced, List<String> shortNames, List<String> verbs) {

    /** A resource of these parts. */
    public ApiResource {
        shortNames = List.copyOf(shortNames);
        verbs = List.copyOf(verbs);
    }
}
