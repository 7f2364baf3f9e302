package io.gitops4j.cli;

import io.gitops4j.spi.TaskRunner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Spreads tasks over threads. No more results wait than a few for each thread, so that memory grows with what the caller keeps. Tasks that
 * hand out tasks of their own do those themselves.
 */
final class ProcessorTasks implements TaskRunner, AutoCloseable {
    private static final int AHEAD = 8;

    private final int threads;
    private final ExecutorService executor;

    private ProcessorTasks(int threads) {
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        executor = Executors.newFixedThreadPool(threads, task -> {
            // evaluations nest as deep as on the thread that starts a program
            Worker worker = new Worker(task, "gitops-task-" + number.incrementAndGet());
            worker.setDaemon(true);
            return worker;
        });
    }

    private static final class Worker extends Thread {
        private static final long STACK = 8L << 20;

        Worker(Runnable task, String name) {
            super(null, task, name, STACK);
        }
    }

    /** A runner of so many threads; 0 for as many as there are processors. */
    static ProcessorTasks of(int threads) {
        return new ProcessorTasks(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    @Override
    public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
        if (threads == 1 || tasks.size() < 2 || Thread.currentThread() instanceof Worker) {
            TaskRunner.sequential().<T>run(tasks, results);
            return;
        }
        Deque<Future<? extends T>> waiting = new ArrayDeque<>();
        try {
            int next = 0;
            while (next < tasks.size() || !waiting.isEmpty()) {
                while (next < tasks.size() && waiting.size() < threads * AHEAD) {
                    waiting.add(submit(tasks.get(next++)));
                }
                results.accept(await(waiting.remove()));
            }
        } finally {
            waiting.forEach(left -> left.cancel(false));
        }
    }

    private <T> Future<T> submit(Supplier<T> task) {
        return executor.submit(task::get);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a task", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
