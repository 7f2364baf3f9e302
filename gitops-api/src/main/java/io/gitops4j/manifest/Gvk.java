package io.gitops4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Group, version and kind.
 *
 * @param group API group, {@code ""} for the core group
 * @param version API version, {@code v1}
 * @param kind kind, {@code Deployment}
 */
public record Gvk(String group, String version, String kind) implements Comparable<Gvk> {

    /** The kind {@code kind} of {@code apiVersion}, {@code group/version} or {@code version}. */
    public static Gvk of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new Gvk("", apiVersion, kind)
                : new Gvk(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    /** {@code group/version}, or {@code version} for the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    @Override
    public int compareTo(Gvk other) {
        int order = group.compareTo(other.group);
        order = order != 0 ? order : version.compareTo(other.version);
        return order != 0 ? order : kind.compareTo(other.kind);
    }

    // Written out: the generated forms cost tens of milliseconds at the first use in a process.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Gvk that
                        && kind.equals(that.kind)
                        && version.equals(that.version)
                        && group.equals(that.group));
    }

    @Override
    public int hashCode() {
        return (31 * group.hashCode() + version.hashCode()) * 31 + kind.hashCode();
    }

    @Override
    public String toString() {
        return apiVersion() + "/" + kind;
    }
}
