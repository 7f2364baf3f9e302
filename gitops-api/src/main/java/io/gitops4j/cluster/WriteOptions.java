package io.gitops4j.cluster;

import org.jspecify.annotations.Nullable;

/** How a write is done. Immutable; the {@code with…} methods give changed copies. */
public final class WriteOptions {
    private static final WriteOptions DEFAULTS = new WriteOptions("gitops4j", false, false, "Warn", null, null);

    private final String fieldManager;
    private final boolean force;
    private final boolean dryRun;
    private final String fieldValidation;
    private final @Nullable String uid;
    private final @Nullable String resourceVersion;

    private WriteOptions(
            String fieldManager,
            boolean force,
            boolean dryRun,
            String fieldValidation,
            @Nullable String uid,
            @Nullable String resourceVersion) {
        this.fieldManager = fieldManager;
        this.force = force;
        this.dryRun = dryRun;
        this.fieldValidation = fieldValidation;
        this.uid = uid;
        this.resourceVersion = resourceVersion;
    }

    /** Field manager {@code gitops4j}, no force, no dry run, validation {@code Warn}, no preconditions. */
    public static WriteOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another field manager. */
    public WriteOptions withFieldManager(String manager) {
        return new WriteOptions(manager, force, dryRun, fieldValidation, uid, resourceVersion);
    }

    /** A copy that takes over fields owned by others (server-side apply). */
    public WriteOptions withForce(boolean newForce) {
        return new WriteOptions(fieldManager, newForce, dryRun, fieldValidation, uid, resourceVersion);
    }

    /** A copy that validates and answers without storing. */
    public WriteOptions withDryRun(boolean newDryRun) {
        return new WriteOptions(fieldManager, force, newDryRun, fieldValidation, uid, resourceVersion);
    }

    /** A copy with {@code Strict}, {@code Warn} or {@code Ignore} for unknown and duplicate fields. */
    public WriteOptions withFieldValidation(String validation) {
        return new WriteOptions(fieldManager, force, dryRun, validation, uid, resourceVersion);
    }

    /** A copy that is refused unless the object has this uid. */
    public WriteOptions withUid(@Nullable String newUid) {
        return new WriteOptions(fieldManager, force, dryRun, fieldValidation, newUid, resourceVersion);
    }

    /** A copy that is refused unless the object is at this resourceVersion. */
    public WriteOptions withResourceVersion(@Nullable String version) {
        return new WriteOptions(fieldManager, force, dryRun, fieldValidation, uid, version);
    }

    /** The field manager. */
    public String fieldManager() {
        return fieldManager;
    }

    /** Whether conflicts are taken over. */
    public boolean force() {
        return force;
    }

    /** Whether nothing is stored. */
    public boolean dryRun() {
        return dryRun;
    }

    /** {@code Strict}, {@code Warn} or {@code Ignore}. */
    public String fieldValidation() {
        return fieldValidation;
    }

    /** The uid that the object must have, or {@code null}. */
    public @Nullable String uid() {
        return uid;
    }

    /** The resourceVersion that the object must have, or {@code null}. */
    public @Nullable String resourceVersion() {
        return resourceVersion;
    }
}
