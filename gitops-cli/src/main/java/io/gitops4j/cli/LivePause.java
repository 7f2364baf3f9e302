package io.gitops4j.cli;

import io.gitops4j.sync.SyncRunner;
import io.gitops4j.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for a real cluster to move, tells what for, and gives up after a time. */
final class LivePause implements SyncRunner.Pause {
    private static final long LONGEST_MILLIS = 500;

    private final Duration timeout;
    private final Consumer<String> progress;
    private final Interrupt interrupt;
    private String told = "";

    LivePause(Duration timeout, Consumer<String> progress, Interrupt interrupt) {
        this.timeout = timeout;
        this.progress = progress;
        this.interrupt = interrupt;
    }

    @Override
    public boolean pause(@Nullable Instant wakeAt, SyncStatus status) {
        interrupt.check();
        if (Duration.between(status.startedAt(), Instant.now()).compareTo(timeout) > 0) {
            return false;
        }
        if (!status.message().equals(told)) {
            told = status.message();
            progress.accept(told);
        }
        long millis = wakeAt == null
                ? LONGEST_MILLIS
                : Math.max(
                        1,
                        Math.min(
                                LONGEST_MILLIS,
                                Duration.between(Instant.now(), wakeAt).toMillis()));
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
