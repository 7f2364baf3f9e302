package io.gitops4j.cli;

import io.gitops4j.problem.GitOpsException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Ends work between two calls when the program is told to stop: the call under way is finished, no other is begun, and what is
 * left is found by the next run. After ten seconds the program ends all the same.
 */
final class Interrupt implements AutoCloseable {
    private static final int SECONDS = 10;

    private final AtomicBoolean requested = new AtomicBoolean();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "interrupt");

    private Interrupt() {}

    /** Listens from now on. */
    static Interrupt listening() {
        Interrupt interrupt = new Interrupt();
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
    }

    private void stop() {
        requested.set(true);
        try {
            if (!finished.await(SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            // The last lines of the report are printed by the main thread.
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean requested() {
        return requested.get();
    }

    /** Throws when the program is to stop. */
    void check() {
        if (requested()) {
            throw new GitOpsException("INTERRUPTED", "stopped between two calls; run the command again to go on");
        }
    }

    /** The calls, each of which asks first. */
    <T> List<Supplier<T>> guarded(List<Supplier<T>> calls) {
        return calls.stream()
                .<Supplier<T>>map(call -> () -> {
                    check();
                    return call.get();
                })
                .toList();
    }

    @Override
    public void close() {
        finished.countDown();
        if (!requested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // The program is ending anyway.
                return;
            }
        }
    }
}
