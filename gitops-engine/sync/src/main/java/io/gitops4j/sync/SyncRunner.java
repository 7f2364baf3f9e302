package io.gitops4j.sync;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.spi.ServerModel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
    private final Batch batch;
    private final ServerModel model;
    private final @Nullable InventoryKeeper inventory;
    private final AtomicInteger permanent = new AtomicInteger();
    private final AtomicInteger passing = new AtomicInteger();

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
        this(
                cluster,
                new ClusterWrites(cluster, comparer),
                health,
                guard,
                SyncRunner::oneByOne,
                ServerModel.none(),
                null);
    }

    private SyncRunner(
            Cluster cluster,
            ClusterWrites writes,
            HealthCheck health,
            Function<SyncTask, Optional<String>> guard,
            Batch batch,
            ServerModel model,
            @Nullable InventoryKeeper inventory) {
        this.cluster = cluster;
        this.writes = writes;
        this.health = health;
        this.guard = guard;
        this.batch = batch;
        this.model = model;
        this.inventory = inventory;
    }

    private static List<SyncAction.Result> oneByOne(List<Supplier<SyncAction.Result>> calls) {
        List<SyncAction.Result> results = new ArrayList<>();
        calls.forEach(call -> results.add(call.get()));
        return results;
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
        record(plan);
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
        if (status.phase().completed()) {
            settle(plan, key -> false);
        }
        return new SyncResult(plan, status, writes.count() - before, List.of(), failedForGood());
    }

    /**
     * What a driver says of an operation while it is driven.
     *
     * @param terminate whether it is to be ended
     * @param deletionApproved whether a person has confirmed the deletions that ask for it
     * @param keep takes each status before the actions that follow it are done, so that a crash loses nothing
     */
    public record Control(boolean terminate, boolean deletionApproved, Consumer<SyncStatus> keep) {

        /** Nothing special. */
        public static Control none() {
            return new Control(false, false, status -> {});
        }
    }

    /** Does the calls of one batch; their results come back in the order of the calls, however they are run. */
    public interface Batch {
        /** The results, one a call. */
        List<SyncAction.Result> run(List<Supplier<SyncAction.Result>> calls);
    }

    /** A copy that does the calls of a batch this way, such as side by side on threads of the caller. */
    public SyncRunner withBatch(Batch how) {
        return new SyncRunner(cluster, writes, health, guard, how, model, inventory);
    }

    /**
     * A copy that sends dry runs to the server only where their end is not certain. Certain are those of new objects whose rules
     * {@code known} knows, where no quota, limit range, webhook, admission policy or missing permission stands in the way; all of
     * that is read once a sync. The sync option {@code DryRun=server} sends all of them.
     */
    public SyncRunner withModel(ServerModel known) {
        return new SyncRunner(cluster, writes, health, guard, batch, known, inventory);
    }

    /** A copy that keeps the inventory of the application, so that everything is recorded before it is written. */
    public SyncRunner withInventory(InventoryKeeper keeper) {
        return new SyncRunner(cluster, writes, health, guard, batch, model, keeper);
    }

    /** Records what a plan is about to write, before anything of it is; to be called before the first {@link #drive}. */
    public void record(Plan plan) {
        if (inventory != null) {
            inventory.widen(plan);
        }
    }

    /**
     * Takes out of the inventory what is gone after a plan was carried out.
     *
     * @param taken whether another application has an object in its inventory
     */
    public void settle(Plan plan, Predicate<ResourceKey> taken) {
        if (inventory != null) {
            inventory.narrow(plan, taken);
        }
    }

    /** Steps until the operation is done or waits; the last transition, its actions done. */
    public SyncTransition drive(SyncSpec spec, SyncStatus status, Instant now, boolean terminate) {
        return drive(spec, status, now, new Control(terminate, false, kept -> {}));
    }

    /** Steps until the operation is done or waits; the last transition, its actions done. */
    public SyncTransition drive(SyncSpec spec, SyncStatus status, Instant now, Control control) {
        List<SyncAction.Result> results = List.of();
        SyncStatus at = status;
        Map<ResourceKey, Gvk> kinds = kinds(spec);
        boolean terminate = control.terminate();
        Set<String> vouched = new LinkedHashSet<>();
        while (true) {
            LiveReads live = new LiveReads(cluster, kinds);
            SyncObservation observation = new SyncObservation(
                    results, key -> live.get(key).orElse(null), health, terminate, control.deletionApproved());
            SyncTransition transition = SyncOperation.step(spec, at, observation, now);
            if (!transition.status().equals(at)) {
                control.keep().accept(transition.status());
            }
            if (transition.actions().isEmpty()) {
                return transition;
            }
            terminate = false;
            at = transition.status();
            List<Supplier<SyncAction.Result>> calls = new ArrayList<>();
            Foresight foresight = foresight(spec, transition.actions());
            for (SyncAction action : transition.actions()) {
                if (foresight.isCertain(action.task())) {
                    vouched.add(action.task().id());
                }
                boolean right = vouched.contains(action.task().id());
                calls.add(() -> perform(action, spec, right));
            }
            results = batch.run(calls);
        }
    }

    private Foresight foresight(SyncSpec spec, List<SyncAction> actions) {
        List<SyncTask> tries = new ArrayList<>();
        for (SyncAction action : actions) {
            if (action.kind() == SyncAction.Kind.DRY_RUN) {
                tries.add(action.task());
            }
        }
        return tries.size() < Foresight.WORTHWHILE
                ? Foresight.none()
                : Foresight.of(cluster, model, spec, tries, task -> ClusterWrites.created(task, spec));
    }

    private SyncAction.Result perform(SyncAction action, SyncSpec spec, boolean vouched) {
        Optional<String> refusal = guard.apply(action.task());
        if (refusal.isPresent()) {
            permanent.incrementAndGet();
            return action.refused(refusal.get());
        }
        if (action.kind() == SyncAction.Kind.DRY_RUN && vouched) {
            return action.done(action.task().key() + " created (foreseen)");
        }
        try {
            return action.done(writes.perform(action, spec, vouched));
        } catch (ApiException refused) {
            boolean forGood = FailureClass.of(refused.status()) == FailureClass.PERMANENT;
            (forGood ? permanent : passing).incrementAndGet();
            return action.refused(words(action.task(), refused)
                    + RefusalCode.of(refused.status()).suffix());
        }
    }

    /** Whether calls have been refused so far, and every refusal was one that the same call meets again. */
    public boolean failedForGood() {
        return permanent.get() > 0 && passing.get() == 0;
    }

    /** Calls so far that changed the cluster. */
    public int writes() {
        return writes.count();
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
        for (SyncTask task : spec.watched()) {
            kinds.putIfAbsent(task.key(), task.gvk());
        }
        return kinds;
    }

    /** What has changed of the objects that a plan would write since it was made: {@code PLAN_STALE} for each. */
    public List<Problem> stale(Plan plan) {
        List<Problem> stale = new ArrayList<>();
        LiveReads reads = new LiveReads(cluster, kinds(plan.spec()));
        for (PlanStep step : plan.steps()) {
            if (!step.writes() || step.action() == PlanStep.Action.HOOK) {
                continue;
            }
            SyncTask task = step.task();
            JsonObject live = reads.get(task.key()).orElse(null);
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
