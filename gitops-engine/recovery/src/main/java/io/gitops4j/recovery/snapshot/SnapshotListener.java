package io.gitops4j.recovery.snapshot;

/** Hears how far a run is. */
@FunctionalInterface
public interface SnapshotListener {

    /**
     * A step is done.
     *
     * @param what the step, such as the kind that was read
     * @param done objects so far
     * @param total objects in all, {@code -1} when it is not known
     */
    void progress(String what, long done, long total);

    /** One that does not listen. */
    static SnapshotListener none() {
        return (what, done, total) -> {};
    }
}
