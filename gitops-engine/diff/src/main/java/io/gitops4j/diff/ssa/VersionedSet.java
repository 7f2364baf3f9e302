package io.gitops4j.diff.ssa;

/**
 * What a manager owns.
 *
 * @param fields the paths, in the terms of {@code apiVersion}
 * @param apiVersion version of the object that the paths are about
 * @param applied whether by apply, rather than by update
 */
public record VersionedSet(FieldSet fields, String apiVersion, boolean applied) {

    VersionedSet with(FieldSet newFields) {
        return newFields == fields ? this : new VersionedSet(newFields, apiVersion, applied);
    }
}
