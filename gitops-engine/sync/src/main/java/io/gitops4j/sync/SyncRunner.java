package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HealthCheck;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out plans on a cluster, one call after the other on the caller's thread. Everything is decided by
 * {@link SyncOperation}; this class reads, writes and hands back.
 */
public final class SyncRunner {
    private final Cluster cluster;
    private final ClusterWrites writes;
    private final HealthCheck health;
    private final Function<SyncTask, Optional<String>> guard;

    /** What to do while an operation waits. */
    public interface Pause {
        /**
         * Waits for the cluster to move.
         *
         * @param wakeAt when to go on at the latest, {@code null} when nothing but a change helps
         * @return whether to go on; {@code false} leaves the operation where it stands
         */
        boolean pause(@Nullable Instant wakeAt, SyncStatus status);
    }

    /** A runner on a cluster. */
    public SyncRunner(Cluster cluster, ResourceComparer comparer, HealthCheck health) {
        this(cluster, comparer, health, task -> Optional.empty());
    }

    /**
     * A runner on a cluster that asks before every write.
     *
     * @param guard why a task is not permitted, empty when it is
     */
    public SyncRunner(
            Cluster cluster,
            ResourceComparer comparer,
            HealthCheck health,
            Function<SyncTask, Optional<String>> guard) {
        this.cluster = cluster;
        this.writes = new ClusterWrites(cluster, comparer);
        this.health = health;
        this.guard = guard;
    }

    /** Carries out a plan; gives up waiting when the cluster does not move by itself. */
    public SyncResult run(Plan plan, InstantSource clock) {
        return run(plan, clock, (wakeAt, status) -> false);
    }

    /**
     * Carries out a plan. Refused with {@code PLAN_STALE} when an object that it would write has moved on since it was made.
     */
    public SyncResult run(Plan plan, InstantSource clock, Pause pause) {
        SyncStatus begun = SyncStatus.begun(clock.instant());
        List<Problem> stale = stale(plan);
        if (!stale.isEmpty()) {
            return new SyncResult(plan, begun, 0, stale);
        }
        return resume(plan, begun, clock, pause);
    }

    /** Goes on with an operation that another process began. */
    public SyncResult resume(Plan plan, SyncStatus from, InstantSource clock, Pause pause) {
        int before = writes.count();
        SyncStatus status = from;
        boolean fresh = true;
        while (!status.phase().completed()) {
            SyncTransition waiting = drive(plan.spec(), status, clock.instant(), false);
            boolean moved = !waiting.status().equals(status);
            status = waiting.status();
            if (!status.phase().completed() && !moved && !fresh) {
                if (!pause.pause(waiting.wakeAt(), status)) {
                    break;
                }
            }
            fresh = false;
        }
        return new SyncResult(plan, status, writes.count() - before, List.of());
    }

    /** Steps until the operation is done or waits; the last transition, its actions done. */
    public SyncTransition drive(SyncSpec spec, SyncStatus status, Instant now, boolean terminate) {
        List<SyncAction.Result> results = List.of();
        SyncStatus at = status;
        Map<ResourceKey, Gvk> kinds = kinds(spec);
        while (true) {
            Map<ResourceKey, Optional<JsonObject>> seen = new LinkedHashMap<>();
            SyncObservation observation = new SyncObservation(
                    results,
                    key -> seen.computeIfAbsent(key, k -> read(k, kinds)).orElse(null),
                    health,
                    terminate,
                    false);
            SyncTransition transition = SyncOperation.step(spec, at, observation, now);
            if (transition.actions().isEmpty()) {
                return transition;
            }
            at = transition.status();
            List<SyncAction.Result> done = new ArrayList<>();
            for (SyncAction action : transition.actions()) {
                done.add(perform(action, spec));
            }
            results = done;
        }
    }

    private SyncAction.Result perform(SyncAction action, SyncSpec spec) {
        Optional<String> refusal = guard.apply(action.task());
        if (refusal.isPresent()) {
            return action.refused(refusal.get());
        }
        try {
            return action.done(writes.perform(action, spec));
        } catch (ApiException refused) {
            return action.refused(words(action.task(), refused));
        }
    }

    /** The server's words; of an object with secrets only what and where, since they quote values. */
    private static String words(SyncTask task, ApiException refused) {
        if (!task.hidesValues()) {
            return String.valueOf(refused.getMessage());
        }
        StringBuilder words = new StringBuilder(task.key() + ": " + refused.code());
        refused.status()
                .causes()
                .forEach(cause -> words.append("; ")
                        .append(cause.reason())
                        .append(" at ")
                        .append(cause.field().replaceAll("[^A-Za-z0-9_.\\[\\]/-].*", "")));
        return words.append(" (the server's words are not shown, since they may quote a value)")
                .toString();
    }

    private static Map<ResourceKey, Gvk> kinds(SyncSpec spec) {
        Map<ResourceKey, Gvk> kinds = new LinkedHashMap<>();
        for (SyncTask task : spec.tasks()) {
            kinds.put(task.key(), task.gvk());
        }
        return kinds;
    }

    private Optional<JsonObject> read(ResourceKey key, Map<ResourceKey, Gvk> kinds) {
        Gvk gvk = kinds.get(key);
        return gvk == null ? Optional.empty() : writes.get(ObjectRef.of(gvk, key.namespace(), key.name()));
    }

    private List<Problem> stale(Plan plan) {
        List<Problem> stale = new ArrayList<>();
        for (PlanStep step : plan.steps()) {
            if (!step.writes() || step.action() == PlanStep.Action.HOOK) {
                continue;
            }
            SyncTask task = step.task();
            JsonObject live = writes.get(ObjectRef.of(
                            task.gvk(), task.key().namespace(), task.key().name()))
                    .orElse(null);
            String uid = live == null ? null : live.object("metadata").text("uid");
            String version = live == null ? null : live.object("metadata").text("resourceVersion");
            if (!Objects.equals(uid, step.expectedUid()) || !Objects.equals(version, step.expectedVersion())) {
                stale.add(Problem.error("PLAN_STALE", task.key() + " has changed since the plan was made")
                        .hint("make a new plan"));
            }
        }
        return stale;
    }

    /** The name of the cluster that this runner writes to. */
    public String clusterName() {
        return cluster.name();
    }
}
