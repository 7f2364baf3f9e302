package io.gitops4j.testkit.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * Namespace and name, ordered as the server lists: bytewise by namespace, then name.
 *
 * @param namespace namespace, {@code ""} for cluster-scoped objects
 * @param name name
 */
record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int order = namespace.compareTo(other.namespace);
        return order != 0 ? order : name.compareTo(other.name);
    }

    // Written out: the generated forms cost tens of milliseconds at the first use in a process.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ObjectKey that && name.equals(that.name) && namespace.equals(that.namespace));
    }

    @Override
    public int hashCode() {
        return 31 * namespace.hashCode() + name.hashCode();
    }
}
