package io.gitops4j.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Every call to a {@link FakeCluster}, oldest first; the oldest are forgotten beyond the capacity. Safe for several threads. */
public final class Journal {
    private final int capacity;
    private final Deque<Call> calls = new ArrayDeque<>();
    private long count;

    Journal(int capacity) {
        this.capacity = capacity;
    }

    /** The calls still known. */
    public synchronized List<Call> calls() {
        return Collections.unmodifiableList(new ArrayList<>(calls));
    }

    /** The calls that changed the stored state: no refusals, no dry runs, no writes that changed nothing. */
    public synchronized List<Call> changes() {
        return calls.stream().filter(Call::changed).toList();
    }

    /** The calls that asked for a change, refused ones and dry runs too. */
    public synchronized List<Call> writes() {
        return calls.stream().filter(Call::isWrite).toList();
    }

    /** The calls after the one numbered {@code number}. */
    public synchronized List<Call> after(long number) {
        return calls.stream().filter(call -> call.number() > number).toList();
    }

    /** How many calls there have been, forgotten ones too. */
    public synchronized long count() {
        return count;
    }

    /** Forgets the calls; the numbers go on. */
    public synchronized void clear() {
        calls.clear();
    }

    synchronized long nextNumber() {
        return ++count;
    }

    synchronized void add(Call call) {
        if (capacity == 0) {
            return;
        }
        if (calls.size() == capacity) {
            calls.removeFirst();
        }
        calls.addLast(call);
    }

    /** One call a line. */
    @Override
    public synchronized String toString() {
        StringBuilder out = new StringBuilder();
        for (Call call : calls) {
            out.append(call).append('\n');
        }
        return out.toString();
    }
}
