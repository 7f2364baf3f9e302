package io.gitops4j.k8s;

import io.gitops4j.problem.GitOpsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Makes independent calls side by side; their results come back in the order of the calls. The first failure is thrown after all
 * calls have ended, so that nothing goes on behind the caller's back. Safe for use by several threads.
 */
public final class CallPool implements AutoCloseable {
    private final ExecutorService threads;

    /** A pool of so many threads. */
    public CallPool(int size) {
        threads = Executors.newFixedThreadPool(size, task -> {
            Thread thread = new Thread(task, "cluster-call");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The results of the calls. */
    public <T> List<T> run(List<Supplier<T>> calls) {
        if (calls.size() == 1) {
            return List.of(calls.get(0).get());
        }
        List<Future<T>> running = new ArrayList<>();
        for (Supplier<T> call : calls) {
            running.add(threads.submit(call::get));
        }
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<T> each : running) {
            try {
                results.add(each.get());
            } catch (InterruptedException e) {
                running.forEach(other -> other.cancel(true));
                Thread.currentThread().interrupt();
                throw new GitOpsException("INTERRUPTED", "interrupted between two calls", e);
            } catch (ExecutionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException known
                        ? known
                        : new IllegalStateException(e.getCause());
                failure = failure == null ? cause : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return List.copyOf(results);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
