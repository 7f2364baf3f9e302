package io.gitops4j.diff.ssa;

import io.gitops4j.problem.Outcome;

/** Turns an object of one API version into another. */
@FunctionalInterface
public interface VersionConverter {
    /** Code of the problem of a version that does not exist (any more): its managers are dropped. Other problems fail the call. */
    String NO_SUCH_VERSION = "NO_SUCH_VERSION";

    /** The object in {@code apiVersion}, typed by that version's schema. */
    Outcome<TypedValue> convert(TypedValue object, String apiVersion);
}
