package io.gitops4j.diff.ssa;

import java.time.Instant;

/**
 * Who applies or updates, through what, when.
 *
 * @param manager the {@code fieldManager}
 * @param subresource {@code status}, {@code scale}, or {@code ""}
 * @param force whether an apply takes conflicting fields over; an update always does
 * @param now time of the request
 */
public record ApplyRequest(String manager, String subresource, boolean force, Instant now) {

    /** A request to the main resource without force. */
    public static ApplyRequest of(String manager, Instant now) {
        return new ApplyRequest(manager, "", false, now);
    }

    /** This request with force. */
    public ApplyRequest forced() {
        return force ? this : new ApplyRequest(manager, subresource, true, now);
    }
}
