package io.gitops4j.k8s;

import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Several clusters worked on side by side, each on a thread of its own: one that is dead or slow costs the others nothing and
 * ends in a problem of its own. Order is that of the clusters. Safe for use by several threads.
 */
public final class ClusterFleet implements AutoCloseable {
    private final List<Cluster> clusters;
    private final ExecutorService threads;

    private ClusterFleet(List<Cluster> clusters) {
        this.clusters = clusters;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "cluster-fleet");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * A fleet of these clusters. Problem: {@code DUPLICATE_CLUSTER} when two have one server or one name, for the later one.
     */
    public static Outcome<ClusterFleet> of(List<? extends Cluster> clusters) {
        Map<String, String> servers = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Cluster cluster : clusters) {
            String before = servers.putIfAbsent(cluster.server(), cluster.name());
            if (before != null) {
                problems.add(Problem.error(
                        "DUPLICATE_CLUSTER", "cluster " + cluster.name() + " has the server of cluster " + before));
            } else if (names.putIfAbsent(cluster.name(), cluster.server()) != null) {
                problems.add(Problem.error("DUPLICATE_CLUSTER", "two clusters are named " + cluster.name()));
            }
        }
        return problems.isEmpty() ? Outcome.of(new ClusterFleet(List.copyOf(clusters))) : Outcome.failed(problems);
    }

    /** The clusters. */
    public List<Cluster> clusters() {
        return clusters;
    }

    /**
     * Does {@code work} on every cluster at once; by the cluster's name what came of it.
     *
     * @param deadline after which a cluster that has not answered is given up, with the problem {@code TIMEOUT}
     */
    public <T> Map<String, Outcome<T>> each(Duration deadline, Function<Cluster, T> work) {
        Map<String, Future<T>> running = new LinkedHashMap<>();
        for (Cluster cluster : clusters) {
            running.put(cluster.name(), threads.submit(() -> work.apply(cluster)));
        }
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, Outcome<T>> results = new LinkedHashMap<>();
        running.forEach((name, future) -> results.put(name, result(name, future, end)));
        return Collections.unmodifiableMap(results);
    }

    private static <T> Outcome<T> result(String name, Future<T> future, long end) {
        try {
            return Outcome.of(future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            future.cancel(true);
            return failed(name, "TIMEOUT", "it has not answered in time");
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            return failed(name, "INTERRUPTED", "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GitOpsException known) {
                return failed(name, known.code(), String.valueOf(known.getMessage()));
            }
            throw new IllegalStateException("work on cluster " + name + " failed", e.getCause());
        }
    }

    private static <T> Outcome<T> failed(String name, String code, String why) {
        return Outcome.failed(Problem.error(code, "cluster " + name + ": " + why));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (Cluster cluster : clusters) {
            if (cluster instanceof KubernetesCluster real) {
                real.close();
            }
        }
    }
}
