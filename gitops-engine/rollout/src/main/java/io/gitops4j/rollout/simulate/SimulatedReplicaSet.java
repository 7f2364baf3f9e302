package io.gitops4j.rollout.simulate;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rollout.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ReplicaSet with pods that become ready some time after they were created, or never. */
final class SimulatedReplicaSet {
    private final String name;
    private final String hash;
    private final JsonObject template;
    private final Instant createdAt;
    private final List<Pod> pods = new ArrayList<>();
    private int revision;
    private int spec;
    private @Nullable Integer desired;
    private @Nullable Instant deadline;
    private final boolean experiment;

    /** A pod; {@code readyAt} is {@code null} for one that never comes up. */
    private record Pod(Instant createdAt, @Nullable Instant readyAt) {
        boolean readyAt(Instant now) {
            return readyAt != null && !now.isBefore(readyAt);
        }
    }

    SimulatedReplicaSet(String name, String hash, int revision, JsonObject template, Instant createdAt) {
        this(name, hash, revision, template, createdAt, false);
    }

    /** A ReplicaSet that belongs to an experiment. */
    static SimulatedReplicaSet ofExperiment(String name, String hash, JsonObject template, Instant createdAt) {
        return new SimulatedReplicaSet(name, hash, 0, template, createdAt, true);
    }

    private SimulatedReplicaSet(
            String name, String hash, int revision, JsonObject template, Instant createdAt, boolean experiment) {
        this.experiment = experiment;
        this.name = name;
        this.hash = hash;
        this.revision = revision;
        this.template = template;
        this.createdAt = createdAt;
    }

    String hash() {
        return hash;
    }

    JsonObject template() {
        return template;
    }

    void setRevision(int newRevision) {
        revision = newRevision;
    }

    void scale(int to, int newDesired) {
        spec = Math.max(0, to);
        desired = newDesired;
        if (to == 0) {
            deadline = null;
        }
    }

    void setDeadline(@Nullable Instant at) {
        deadline = at;
    }

    /** Creates and deletes pods as asked; unready ones go first. */
    boolean reconcile(Instant now, PodModel model) {
        boolean moved = pods.size() != spec;
        if (pods.size() > spec) {
            pods.sort(Comparator.<Pod, Boolean>comparing(pod -> pod.readyAt(now))
                    .reversed()
                    .thenComparing(Pod::createdAt));
            pods.subList(spec, pods.size()).clear();
        }
        while (pods.size() < spec) {
            Duration startup = model.startup(template, hash, pods.size(), now);
            pods.add(new Pod(now, startup == null ? null : now.plus(startup)));
        }
        return moved;
    }

    void evict(int count, Instant before, Instant now) {
        int left = count;
        for (int i = pods.size() - 1; i >= 0 && left > 0; i--) {
            if (pods.get(i).createdAt().isBefore(before) && !now.isBefore(before)) {
                pods.remove(i);
                left--;
            }
        }
    }

    int createdBefore(Instant time) {
        return (int) pods.stream().filter(pod -> pod.createdAt().isBefore(time)).count();
    }

    @Nullable
    Instant nextChange(Instant now, int minReadySeconds) {
        Instant next = null;
        for (Pod pod : pods) {
            for (int wait : new int[] {0, minReadySeconds}) {
                Instant ready = pod.readyAt() == null ? null : pod.readyAt().plusSeconds(wait);
                if (ready != null && ready.isAfter(now) && (next == null || ready.isBefore(next))) {
                    next = ready;
                }
            }
        }
        return next;
    }

    Observation.ReplicaSet view(Instant now, int minReadySeconds) {
        int ready = 0;
        int available = 0;
        for (Pod pod : pods) {
            ready += pod.readyAt(now) ? 1 : 0;
            available += pod.readyAt(now.minusSeconds(minReadySeconds)) ? 1 : 0;
        }
        return new Observation.ReplicaSet(
                name,
                hash,
                createdAt,
                revision,
                new Observation.Counts(spec, pods.size(), ready, available),
                desired,
                deadline,
                template,
                experiment);
    }
}
