package io.gitops4j.recovery.failover;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has been heard since the last step. Anything may be missing, come twice, late and in any order: each part is dated or
 * names the generation that it is about.
 */
public record FailoverObservation(List<Probe> probes, List<Holdings> holdings, List<Receipt> receipts) {

    /** An observation of these parts. */
    public FailoverObservation {
        probes = Collections.unmodifiableList(new ArrayList<>(probes));
        holdings = Collections.unmodifiableList(new ArrayList<>(holdings));
        receipts = Collections.unmodifiableList(new ArrayList<>(receipts));
    }

    /** Nothing heard. */
    public static FailoverObservation none() {
        return new FailoverObservation(List.of(), List.of(), List.of());
    }

    /** Only probes. */
    public static FailoverObservation of(List<Probe> probes) {
        return new FailoverObservation(probes, List.of(), List.of());
    }

    /**
     * What an observer saw of a member.
     *
     * @param at when it asked
     */
    public record Probe(String observer, String member, Instant at, boolean good) {}

    /**
     * What a member says that it runs.
     *
     * @param at when it said so
     * @param generations by copy, each that runs
     */
    public record Holdings(String member, Instant at, SortedMap<String, Long> generations) {

        /** Holdings of these parts. */
        public Holdings {
            generations = Collections.unmodifiableSortedMap(new TreeMap<>(generations));
        }
    }

    /**
     * What came of an action.
     *
     * @param action its {@link FailoverAction#id()}
     * @param message the words of who did it
     */
    public record Receipt(String action, boolean ok, String message) {}
}
