package io.gitops4j.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until it is told to move, and runs what was scheduled on the way: in the order of the due times,
 * equal ones in the order of scheduling. A task sees the clock at its own due time and may schedule further tasks. Safe for
 * use by several threads; tasks run on the thread that moves the clock, one at a time and outside of any lock.
 */
public final class VirtualTime implements InstantSource {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<WakeUp> queue = new PriorityQueue<>();
    /** Held while the clock moves: who moves it after another finds done what was due by then. */
    private final ReentrantLock moving = new ReentrantLock();

    private Instant now;
    private long scheduled;

    private VirtualTime(Instant now) {
        this.now = now;
    }

    /** A clock that stands at 2026-01-01T00:00:00Z. */
    public static VirtualTime create() {
        return new VirtualTime(EPOCH);
    }

    /** A clock that stands at {@code start}. */
    public static VirtualTime startingAt(Instant start) {
        return new VirtualTime(start);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Runs {@code task} when the clock reaches {@code due}; at once on the next move when that is past. */
    public synchronized WakeUp at(Instant due, Runnable task) {
        WakeUp wakeUp = new WakeUp(this, due, scheduled++, task);
        queue.add(wakeUp);
        return wakeUp;
    }

    /** Runs {@code task} after {@code delay}. */
    public WakeUp after(Duration delay, Runnable task) {
        return at(instant().plus(delay), task);
    }

    /** When the next task is due; empty when none is scheduled. */
    public synchronized Optional<Instant> next() {
        WakeUp first = queue.peek();
        return first == null ? Optional.empty() : Optional.of(first.due);
    }

    /** Moves the clock by {@code duration}, running what falls due. */
    public void advance(Duration duration) {
        advanceTo(instant().plus(duration));
    }

    /** Moves the clock to {@code end}, running what falls due; a time in the past runs what is due now. */
    public void advanceTo(Instant end) {
        moving.lock();
        try {
            for (WakeUp due = take(end); due != null; due = take(end)) {
                due.task.run();
            }
            synchronized (this) {
                now = end.isAfter(now) ? end : now;
            }
        } finally {
            moving.unlock();
        }
    }

    /** Moves the clock to the next task and runs it; false when there is none. */
    public boolean runNext() {
        WakeUp due = take(Instant.MAX);
        if (due == null) {
            return false;
        }
        due.task.run();
        return true;
    }

    /**
     * Runs tasks, moving the clock, until none is left or the next one lies more than {@code atMost} ahead of now.
     *
     * @return whether none is left
     */
    public boolean runUntilIdle(Duration atMost) {
        Instant end = instant().plus(atMost);
        for (WakeUp due = take(end); due != null; due = take(end)) {
            due.task.run();
        }
        return next().isEmpty();
    }

    private synchronized @Nullable WakeUp take(Instant end) {
        WakeUp first = queue.peek();
        if (first == null || first.due.isAfter(end)) {
            return null;
        }
        queue.remove(first);
        if (first.due.isAfter(now)) {
            now = first.due;
        }
        return first;
    }

    private synchronized void remove(WakeUp wakeUp) {
        queue.remove(wakeUp);
    }

    /** A scheduled task. */
    public static final class WakeUp implements Comparable<WakeUp> {
        private final VirtualTime time;
        private final Instant due;
        private final long order;
        private final Runnable task;

        private WakeUp(VirtualTime time, Instant due, long order, Runnable task) {
            this.time = time;
            this.due = due;
            this.order = order;
            this.task = task;
        }

        /** When it is due. */
        public Instant due() {
            return due;
        }

        /** Takes it off the clock; nothing happens when it has run. */
        public void cancel() {
            time.remove(this);
        }

        @Override
        public int compareTo(WakeUp other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
