package io.gitops4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * What identifies an object within a cluster, whatever its version. Ordered by group, kind, namespace, name.
 *
 * @param group API group, {@code ""} for the core group
 * @param kind kind
 * @param namespace namespace, {@code ""} for cluster-scoped objects and for "not said"
 * @param name name
 */
public record ResourceKey(String group, String kind, String namespace, String name) implements Comparable<ResourceKey> {

    /**
     * The key that {@code text} spells: {@code group/kind/namespace/name}, with {@code kind/namespace/name} for the core
     * group and {@code kind/name} without a namespace. The form {@code group/kind//name} names a cluster-scoped object.
     *
     * @throws IllegalArgumentException when there are fewer than two or more than four parts
     */
    public static ResourceKey parse(String text) {
        String[] parts = text.split("/", -1);
        return switch (parts.length) {
            case 2 -> new ResourceKey("", parts[0], "", parts[1]);
            case 3 -> new ResourceKey("", parts[0], parts[1], parts[2]);
            case 4 -> new ResourceKey(parts[0], parts[1], parts[2], parts[3]);
            default -> throw new IllegalArgumentException("not group/kind/namespace/name: " + text);
        };
    }

    /** This key in another namespace. */
    public ResourceKey inNamespace(String other) {
        return new ResourceKey(group, kind, other, name);
    }

    @Override
    public int compareTo(ResourceKey other) {
        int order = group.compareTo(other.group);
        order = order != 0 ? order : kind.compareTo(other.kind);
        order = order != 0 ? order : namespace.compareTo(other.namespace);
        return order != 0 ? order : name.compareTo(other.name);
    }

    // Written out: the generated forms cost tens of milliseconds at the first use in a process.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ResourceKey that
                        && name.equals(that.name)
                        && kind.equals(that.kind)
                        && namespace.equals(that.namespace)
                        && group.equals(that.group));
    }

    @Override
    public int hashCode() {
        return ((31 * group.hashCode() + kind.hashCode()) * 31 + namespace.hashCode()) * 31 + name.hashCode();
    }

    /** {@code group/kind/namespace/name}; the group is left out for the core group. */
    @Override
    public String toString() {
        return (group.isEmpty() ? "" : group + "/") + kind + "/" + namespace + "/" + name;
    }
}
