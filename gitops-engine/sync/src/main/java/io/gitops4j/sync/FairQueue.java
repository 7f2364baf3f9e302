package io.gitops4j.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A queue of work for several tenants: they take turns, so that one with ten thousand entries makes no other wait longer than
 * one entry of each; none has more than a number of entries in work at once. A key that waits is not queued twice; one that is
 * in work is queued again behind it. For use by one thread, or under the caller's lock.
 *
 * @param <K> what is to be worked on
 */
public final class FairQueue<K> {
    private final int atOnce;
    private final Map<String, LinkedHashSet<K>> waiting = new LinkedHashMap<>();
    private final Map<String, Set<K>> working = new LinkedHashMap<>();
    private final ArrayDeque<String> turns = new ArrayDeque<>();

    /** An entry in work. */
    public record Entry<K>(String tenant, K key) {}

    /** An empty queue; {@code atOnce} is the most that a tenant has in work. */
    public FairQueue(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("a tenant works on at least one entry, not " + atOnce);
        }
        this.atOnce = atOnce;
    }

    /** Adds an entry at the end of its tenant's. */
    public void add(String tenant, K key) {
        if (!waiting.containsKey(tenant)) {
            waiting.put(tenant, new LinkedHashSet<>());
            turns.addLast(tenant);
        }
        waiting.get(tenant).add(key);
    }

    /** The next entry; it is in work until {@link #done}. Empty when nothing waits or all who wait have enough in work. */
    public Optional<Entry<K>> take() {
        for (int i = turns.size(); i > 0; i--) {
            String tenant = turns.removeFirst();
            LinkedHashSet<K> own = waiting.getOrDefault(tenant, new LinkedHashSet<>());
            Set<K> busy = working.computeIfAbsent(tenant, t -> new LinkedHashSet<>());
            K next = busy.size() < atOnce ? firstIdle(own, busy) : null;
            if (next != null) {
                own.remove(next);
                busy.add(next);
            }
            if (own.isEmpty()) {
                waiting.remove(tenant);
            } else {
                turns.addLast(tenant);
            }
            if (next != null) {
                return Optional.of(new Entry<>(tenant, next));
            }
        }
        return Optional.empty();
    }

    private static <K> @org.jspecify.annotations.Nullable K firstIdle(Set<K> own, Set<K> busy) {
        for (K key : own) {
            if (!busy.contains(key)) {
                return key;
            }
        }
        return null;
    }

    /** Ends the work on an entry. */
    public void done(Entry<K> entry) {
        Set<K> busy = working.get(entry.tenant());
        if (busy != null) {
            busy.remove(entry.key());
            if (busy.isEmpty()) {
                working.remove(entry.tenant());
            }
        }
    }

    /** How many entries wait. */
    public int size() {
        int size = 0;
        for (Set<K> own : waiting.values()) {
            size += own.size();
        }
        return size;
    }

    /** The tenants that wait, in the order of their turns. */
    public List<String> tenants() {
        return List.copyOf(new ArrayList<>(turns));
    }
}
