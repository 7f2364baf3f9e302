package io.gitops4j.sync;

import io.gitops4j.cluster.ApiStatus;

/**
 * What a refused call calls for.
 *
 * <p>Source: secrets-dr-security §6.2 R3.
 */
public enum FailureClass {
    /** The same call may succeed a while later: conflicts, overload, faults of the server. */
    TRANSIENT,
    /** The same call fails again until somebody changes the object, its permissions or the cluster. */
    PERMANENT;

    /** The class of an answer. What is not known to be permanent is worth another try. */
    public static FailureClass of(ApiStatus status) {
        return switch (status.code()) {
            case 400, 401, 403, 405, 413, 415, 422 -> PERMANENT;
            default -> TRANSIENT;
        };
    }
}
