package io.gitops4j.conformance.rego;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a case in a thread of its own with a deep stack and a bound of time. */
final class Bounded {
    private static final long MILLIS = 10_000;
    private static final long STACK = 512L << 20;

    private Bounded() {}

    static <T> T run(Function<BooleanSupplier, T> work, Function<String, T> failed) {
        AtomicBoolean cancelled = new AtomicBoolean();
        Outcome<T> outcome = new Outcome<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        outcome.value = work.apply(cancelled::get);
                    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                        outcome.error = e;
                    }
                },
                "case",
                STACK);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cancelled.set(true);
        T value = outcome.value;
        if (value != null) {
            return value;
        }
        Throwable error = outcome.error;
        if (error == null) {
            return failed.apply("timed out after " + MILLIS + " ms");
        }
        StackTraceElement[] trace = error.getStackTrace();
        StringBuilder place = new StringBuilder();
        for (int i = 0; i < Math.min(4, trace.length); i++) {
            place.append(" < ").append(trace[i]);
        }
        return failed.apply("crash: " + error + place);
    }

    private static final class Outcome<T> {
        volatile @Nullable T value;
        volatile @Nullable Throwable error;
    }
}
