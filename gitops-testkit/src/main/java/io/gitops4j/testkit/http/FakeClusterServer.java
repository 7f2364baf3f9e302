package io.gitops4j.testkit.http;

import com.sun.net.httpserver.HttpServer;
import io.gitops4j.testkit.FakeCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cluster behind an HTTP port of the loopback address.
 *
 * <pre>{@code
 * try (FakeClusterServer server = FakeClusterServer.start(cluster, 0)) {
 *     Files.writeString(path, server.kubeconfig());   // kubectl --kubeconfig path get pods
 * }
 * }</pre>
 *
 * <p>While it runs, the cluster's clock follows the real one, so that controllers move by themselves. No encryption and no
 * authentication: whoever calls is the administrator, or the user that {@code Impersonate-User} names.
 */
public final class FakeClusterServer implements AutoCloseable {
    private static final long TICK_MILLIS = 20;

    static {
        // The JDK's server writes head and body apart; without this the second waits 40 ms for the first's
        // acknowledgement.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final FakeCluster cluster;
    private final HttpServer http;
    private final ExecutorService workers;
    private final ScheduledExecutorService clock;

    private FakeClusterServer(FakeCluster cluster, HttpServer http) {
        this.cluster = cluster;
        this.http = http;
        this.workers = Executors.newCachedThreadPool(threads("fake-cluster-"));
        this.clock = Executors.newSingleThreadScheduledExecutor(threads("fake-cluster-clock-"));
    }

    /**
     * Serves {@code cluster} on {@code port}; 0 takes a free one.
     *
     * @throws UncheckedIOException when the port is taken
     */
    public static FakeClusterServer start(FakeCluster cluster, int port) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            FakeClusterServer server = new FakeClusterServer(cluster, http);
            http.createContext("/", new ApiHandler(cluster));
            http.setExecutor(server.workers);
            server.follow();
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow() {
        Clock real = Clock.systemUTC();
        cluster.time().advanceTo(real.instant());
        clock.scheduleAtFixedRate(
                () -> cluster.time().advanceTo(real.instant()), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The port. */
    public int port() {
        return http.getAddress().getPort();
    }

    /** The URL, {@code http://127.0.0.1:PORT}. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** A kubeconfig with one context, named as the cluster. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: NAME
                  cluster:
                    server: URL
                users:
                - name: admin
                  user: {}
                contexts:
                - name: NAME
                  context:
                    cluster: NAME
                    user: admin
                    namespace: default
                current-context: NAME
                """.replace("NAME", cluster.name()).replace("URL", url());
    }

    /** Stops serving; open watches end. The cluster stays as it is. */
    @Override
    public void close() {
        clock.shutdownNow();
        http.stop(0);
        workers.shutdownNow();
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
