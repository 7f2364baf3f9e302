package io.gitops4j.testkit.apiserver;

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
}
