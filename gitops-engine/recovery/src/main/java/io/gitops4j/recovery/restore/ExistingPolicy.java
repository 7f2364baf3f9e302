package io.gitops4j.recovery.restore;

/** What to do with an object that is there already and differs. */
public enum ExistingPolicy {
    /** Leave it, and say so. */
    SKIP,
    /** Server-side apply; fields that another manager owns stay, and are listed. */
    UPDATE,
    /** Replace it at the version that was read. */
    REPLACE,
    /** Delete it and create it anew; refused for kinds that hold data or other objects. */
    RECREATE,
    /** Restore nothing at all. */
    FAIL
}
