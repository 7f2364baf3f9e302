package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import org.jspecify.annotations.Nullable;

/** One object in one phase of a sync: to be applied, or to be pruned. Immutable. */
public final class SyncTask {
    private final SyncPhase phase;
    private final long wave;
    private final @Nullable JsonObject target;
    private final @Nullable JsonObject live;
    private final boolean skipDryRun;
    private final boolean hidden;
    private final ResourceKey key;
    private final boolean hook;

    private SyncTask(
            SyncPhase phase,
            long wave,
            @Nullable JsonObject target,
            @Nullable JsonObject live,
            boolean skipDryRun,
            boolean hidden) {
        this.phase = phase;
        this.wave = wave;
        this.target = target;
        this.live = live;
        this.skipDryRun = skipDryRun;
        this.hidden = hidden;
        this.key = keyOf(subject());
        this.hook = target != null && Hooks.isHook(target);
    }

    /** Applies {@code target} over {@code live} (absent when it is to be created). */
    public static SyncTask apply(SyncPhase phase, JsonObject target, @Nullable JsonObject live) {
        return new SyncTask(phase, SyncWave.of(target), target, live, false, false);
    }

    /** Deletes {@code live}, which is no longer desired. */
    public static SyncTask prune(JsonObject live) {
        return new SyncTask(SyncPhase.SYNC, SyncWave.of(live), null, live, false, false);
    }

    /** The key of an object. */
    static ResourceKey keyOf(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        return new ResourceKey(
                Gvk.of(object.text("apiVersion", ""), "").group(),
                object.text("kind", ""),
                metadata.text("namespace", ""),
                metadata.text("name", ""));
    }

    /** A copy in another phase and wave. */
    public SyncTask in(SyncPhase newPhase, long newWave) {
        return newPhase == phase && newWave == wave
                ? this
                : new SyncTask(newPhase, newWave, target, live, skipDryRun, hidden);
    }

    /** A copy that is not tried out before the sync. */
    public SyncTask withoutDryRun() {
        return new SyncTask(phase, wave, target, live, true, hidden);
    }

    /** A copy whose values are never shown, since secrets went into them. */
    public SyncTask hidden() {
        return hidden ? this : new SyncTask(phase, wave, target, live, skipDryRun, true);
    }

    /** Whether values of the object must not be shown: it is a Secret, or secrets went into it. */
    public boolean hidesValues() {
        return hidden || (key.kind().equals("Secret") && key.group().isEmpty());
    }

    /** Its phase. */
    public SyncPhase phase() {
        return phase;
    }

    /** Its wave, after all that moves tasks between waves. */
    public long wave() {
        return wave;
    }

    /** What is desired, {@code null} for a prune. */
    public @Nullable JsonObject target() {
        return target;
    }

    /** What was there when the plan was made. */
    public @Nullable JsonObject live() {
        return live;
    }

    /** Whether the object goes. */
    public boolean isPrune() {
        return target == null;
    }

    /** Whether it is a hook. */
    public boolean isHook() {
        return hook;
    }

    /** Whether it is not tried out before the sync. */
    public boolean skipDryRun() {
        return skipDryRun;
    }

    /** The desired object, else the live one. */
    public JsonObject subject() {
        JsonObject object = target == null ? live : target;
        if (object == null) {
            throw new IllegalStateException("a task without target and live object");
        }
        return object;
    }

    /** The key of the object. */
    public ResourceKey key() {
        return key;
    }

    /** The kind with its version. */
    public Gvk gvk() {
        return Gvk.of(subject().text("apiVersion", ""), key.kind());
    }

    /** The task's name in results: one object may be in several phases. */
    public String id() {
        return phase.wire() + "|" + key.group() + "|" + key.kind() + "|" + key.namespace() + "|" + key.name();
    }

    @Override
    public String toString() {
        return (isPrune() ? "prune " : "apply ") + phase.wire() + "/" + wave + " " + key;
    }
}
