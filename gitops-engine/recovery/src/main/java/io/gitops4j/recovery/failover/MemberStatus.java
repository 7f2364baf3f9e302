package io.gitops4j.recovery.failover;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a member.
 *
 * @param since when it came into its state
 * @param watchedSince when it was first looked at
 * @param readings by observer
 * @param evacuatedAt when it was last evacuated
 * @param heard what it last said that it runs
 * @param askedAt when it was last asked to report, scale down or synchronise
 * @param synced whether it has been asked to synchronise since it returned
 */
public record MemberStatus(
        MemberState state,
        Instant since,
        Instant watchedSince,
        SortedMap<String, Reading> readings,
        @Nullable Instant evacuatedAt,
        FailoverObservation.@Nullable Holdings heard,
        @Nullable Instant askedAt,
        boolean synced) {

    /** A status of these parts. */
    public MemberStatus {
        readings = Collections.unmodifiableSortedMap(new TreeMap<>(readings));
    }

    /**
     * What one observer saw.
     *
     * @param seenAt its last probe
     * @param goodAt its last good probe
     * @param goodSince the first of its present run of good probes
     * @param badSince the first of its present run of bad probes
     */
    public record Reading(
            Instant seenAt,
            @Nullable Instant goodAt,
            @Nullable Instant goodSince,
            @Nullable Instant badSince) {

        static Reading after(@Nullable Reading before, FailoverObservation.Probe probe) {
            Instant at = probe.at();
            if (before != null && !at.isAfter(before.seenAt)) {
                return before;
            }
            if (probe.good()) {
                Instant run = before == null || before.goodSince == null ? at : before.goodSince;
                return new Reading(at, at, run, null);
            }
            Instant run = before == null || before.badSince == null ? at : before.badSince;
            return new Reading(at, before == null ? null : before.goodAt, null, run);
        }

        boolean fresh(Instant now, FailoverTimings timings) {
            return !seenAt.plus(timings.fresh()).isBefore(now);
        }

        Duration failingFor() {
            return badSince == null ? Duration.ZERO : Duration.between(badSince, seenAt);
        }

        Duration goodFor() {
            return goodSince == null ? Duration.ZERO : Duration.between(goodSince, seenAt);
        }
    }

    static MemberStatus begun(Instant now) {
        return new MemberStatus(MemberState.HEALTHY, now, now, new TreeMap<>(), null, null, null, false);
    }

    MemberStatus heard(FailoverObservation.Probe probe) {
        SortedMap<String, Reading> more = new TreeMap<>(readings);
        more.put(probe.observer(), Reading.after(readings.get(probe.observer()), probe));
        return new MemberStatus(state, since, watchedSince, more, evacuatedAt, heard, askedAt, synced);
    }

    MemberStatus heard(FailoverObservation.Holdings holdings) {
        if (heard != null && !holdings.at().isAfter(heard.at())) {
            return this;
        }
        return new MemberStatus(state, since, watchedSince, readings, evacuatedAt, holdings, askedAt, synced);
    }

    /** A copy that takes it that an old copy still runs there, until the member says otherwise. */
    MemberStatus assumed(String slot, long generation, Instant now) {
        SortedMap<String, Long> held = new TreeMap<>(heard == null ? new TreeMap<>() : heard.generations());
        held.merge(slot, generation, Math::max);
        FailoverObservation.Holdings assumed =
                new FailoverObservation.Holdings(heard == null ? "" : heard.member(), now, held);
        return new MemberStatus(state, since, watchedSince, readings, evacuatedAt, assumed, askedAt, synced);
    }

    MemberStatus to(MemberState next, Instant now) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a member cannot go from " + state + " to " + next);
        }
        Instant evacuated = next == MemberState.EVACUATING ? now : evacuatedAt;
        return new MemberStatus(next, now, watchedSince, readings, evacuated, heard, null, false);
    }

    MemberStatus asked(Instant now, boolean nowSynced) {
        return new MemberStatus(state, since, watchedSince, readings, evacuatedAt, heard, now, nowSynced);
    }

    /** The last good probe of anybody, or when it was first looked at. */
    Instant goodAt() {
        Instant last = watchedSince;
        for (Reading reading : readings.values()) {
            if (reading.goodAt() != null && reading.goodAt().isAfter(last)) {
                last = reading.goodAt();
            }
        }
        return last;
    }

    /** How many observers see failures now, for at least this long. */
    int failing(Instant now, FailoverTimings timings, Duration atLeast) {
        int count = 0;
        for (Reading reading : readings.values()) {
            boolean counts = reading.badSince() != null && reading.fresh(now, timings);
            count += counts && reading.failingFor().compareTo(atLeast) >= 0 ? 1 : 0;
        }
        return count;
    }

    /** How many observers see success now, for at least this long. */
    int good(Instant now, FailoverTimings timings, Duration atLeast) {
        int count = 0;
        for (Reading reading : readings.values()) {
            boolean counts = reading.goodSince() != null && reading.fresh(now, timings);
            count += counts && reading.goodFor().compareTo(atLeast) >= 0 ? 1 : 0;
        }
        return count;
    }
}
