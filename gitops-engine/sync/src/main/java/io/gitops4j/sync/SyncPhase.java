package io.gitops4j.sync;

/** The phases of a sync in their order. */
public enum SyncPhase {
    PRE_SYNC("PreSync"),
    SYNC("Sync"),
    POST_SYNC("PostSync"),
    SYNC_FAIL("SyncFail");

    private final String wire;

    SyncPhase(String wire) {
        this.wire = wire;
    }

    /** The name in annotations and results. */
    public String wire() {
        return wire;
    }
}
