package io.gitops4j.recovery.rebuild;

import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.recovery.rebuild.RebuildReport.Done;
import io.gitops4j.recovery.rebuild.RebuildReport.NotRebuilt;
import io.gitops4j.recovery.rebuild.RebuildReport.Result;
import io.gitops4j.recovery.restore.JournalRecord;
import io.gitops4j.recovery.restore.MemoryRestoreJournal;
import io.gitops4j.recovery.restore.Pause;
import io.gitops4j.recovery.restore.RestoreJournal;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link RebuildPlan}, one unit after the other, each through the sync engine. What a killed run did is in the
 * journal and in the cluster; the next run skips the one, finds the other in order, and goes on with a hook that was running.
 */
public final class Rebuilder {
    private final Cluster cluster;
    private final InstantSource clock;
    private final Pause pause;
    private final RestoreJournal journal;
    private final Duration deadline;
    private final Consumer<Done> progress;
    private final @Nullable SnapshotManifest recorded;

    private Rebuilder(
            Cluster cluster,
            InstantSource clock,
            Pause pause,
            RestoreJournal journal,
            Duration deadline,
            Consumer<Done> progress,
            @Nullable SnapshotManifest recorded) {
        this.cluster = cluster;
        this.clock = clock;
        this.pause = pause;
        this.journal = journal;
        this.deadline = deadline;
        this.progress = progress;
        this.recorded = recorded;
    }

    /** A rebuilder of a cluster that waits up to 60 s for each unit and remembers nothing beyond its run. */
    public static Rebuilder of(Cluster cluster, InstantSource clock, Pause pause) {
        Duration minute = Duration.ofSeconds(60);
        return new Rebuilder(cluster, clock, pause, new MemoryRestoreJournal(), minute, done -> {}, null);
    }

    /** A copy that remembers here what is done. */
    public Rebuilder journal(RestoreJournal newJournal) {
        return new Rebuilder(cluster, clock, pause, newJournal, deadline, progress, recorded);
    }

    /** A copy that waits this long for each unit to be healthy. */
    public Rebuilder deadline(Duration newDeadline) {
        return new Rebuilder(cluster, clock, pause, journal, newDeadline, progress, recorded);
    }

    /** A copy that tells of each unit when it is done. */
    public Rebuilder progress(Consumer<Done> newProgress) {
        return new Rebuilder(cluster, clock, pause, journal, deadline, newProgress, recorded);
    }

    /** A copy that knows what the cluster held when its last snapshot was taken, and so says what Git did not bring back. */
    public Rebuilder recorded(@Nullable SnapshotManifest lastSnapshot) {
        return new Rebuilder(cluster, clock, pause, journal, deadline, progress, lastSnapshot);
    }

    /** Rebuilds. */
    public RebuildReport run(RebuildPlan plan) {
        return new Run(plan).run();
    }

    /** One run. */
    private final class Run {
        private final RebuildPlan plan;
        private final UnitWorker worker = new UnitWorker(cluster, clock, pause, journal, deadline);
        private final Map<String, Done> done = new LinkedHashMap<>();
        private final Map<String, String> failed = new LinkedHashMap<>();

        private Run(RebuildPlan plan) {
            this.plan = plan;
        }

        private RebuildReport run() {
            Instant start = clock.instant();
            Set<String> before = new LinkedHashSet<>();
            journal.read().stream()
                    .filter(record -> record.step().equals("unit"))
                    .forEach(record -> before.add(record.subject()));
            for (RebuildUnit unit : plan.units()) {
                Done result = result(unit, before);
                done.put(unit.id(), result);
                progress.accept(result);
            }
            List<Done> all = new ArrayList<>(done.values());
            plan.refused()
                    .forEach((name, problem) -> all.add(Done.without(
                            new RebuildUnit(RebuildStage.WORKLOADS, name, 1, "", List.of(), List.of(), List.of()),
                            Result.BLOCKED,
                            problem.code() + " " + problem.text())));
            return new RebuildReport(all, start, plan.cached(), notRebuilt());
        }

        private Done result(RebuildUnit unit, Set<String> before) {
            if (before.contains(unit.id())) {
                return Done.without(unit, Result.DONE_BEFORE, "");
            }
            Optional<String> reason = blocked(unit);
            Done result = reason.isPresent() ? Done.without(unit, Result.BLOCKED, reason.get()) : worker.perform(unit);
            if (result.result() == Result.HEALTHY && unit.stage() != RebuildStage.VERIFICATION) {
                journal.append(List.of(
                        new JournalRecord("unit", unit.id(), result.result().toString())));
            } else if (!result.fine()) {
                failed.putIfAbsent(unit.application(), reason.orElse("BLOCKED_BY " + unit.id()));
            }
            return result;
        }

        private Optional<String> blocked(RebuildUnit unit) {
            Optional<String> missing = worker.missingKind(unit).map(name -> "BLOCKED_BY CRD/" + name);
            if (missing.isPresent()) {
                return missing;
            }
            for (String need : unit.requires()) {
                Done needed = done.get(need);
                if (needed != null && !needed.fine()) {
                    return Optional.of("BLOCKED_BY " + needed.unit().application());
                }
            }
            return Optional.ofNullable(failed.get(unit.application()));
        }

        /** What the last snapshot holds and Git could not bring: objects made by hand, and drift of what Applications bring. */
        private List<NotRebuilt> notRebuilt() {
            List<NotRebuilt> lost = new ArrayList<>();
            if (recorded == null) {
                return lost;
            }
            Map<ResourceKey, String> fromGit = new LinkedHashMap<>();
            plan.units()
                    .forEach(unit -> worker.placed(unit).forEach(ref -> fromGit.put(ref.key(), unit.application())));
            Set<String> known = recorded.gitRevisions().keySet();
            recorded.entries().forEach(entry -> {
                String application = fromGit.get(entry.key());
                if (application == null && !worker.isThere(entry.ref())) {
                    lost.add(new NotRebuilt(entry.key(), NotRebuilt.Why.LIVE_ONLY));
                } else if (application != null && known.contains(application)) {
                    lost.add(new NotRebuilt(entry.key(), NotRebuilt.Why.DRIFT));
                }
            });
            return lost;
        }
    }
}
