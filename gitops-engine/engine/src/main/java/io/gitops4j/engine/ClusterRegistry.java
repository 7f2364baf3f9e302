package io.gitops4j.engine;

import io.gitops4j.app.Destination;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.Cluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The clusters that Applications may name, by name and by server. Immutable. */
public final class ClusterRegistry {
    private final Map<String, Cluster> byName;
    private final Map<String, Cluster> byServer;

    private ClusterRegistry(Map<String, Cluster> byName, Map<String, Cluster> byServer) {
        this.byName = byName;
        this.byServer = byServer;
    }

    /**
     * These clusters, in this order.
     *
     * @throws IllegalArgumentException when two have one name or one server
     */
    public static ClusterRegistry of(List<? extends Cluster> clusters) {
        Map<String, Cluster> names = new LinkedHashMap<>();
        Map<String, Cluster> servers = new LinkedHashMap<>();
        for (Cluster cluster : clusters) {
            if (names.put(cluster.name(), cluster) != null) {
                throw new IllegalArgumentException("two clusters are named " + cluster.name());
            }
            if (servers.put(cluster.server(), cluster) != null) {
                throw new IllegalArgumentException("two clusters are reached at " + cluster.server());
            }
        }
        return new ClusterRegistry(names, servers);
    }

    /** All clusters, in order. */
    public List<Cluster> all() {
        return List.copyOf(new ArrayList<>(byName.values()));
    }

    /** The cluster that a destination names. Problems: {@code DESTINATION_UNKNOWN}, {@code DESTINATION_AMBIGUOUS}. */
    public Outcome<Cluster> find(Destination destination) {
        if (!destination.name().isEmpty() && !destination.server().isEmpty()) {
            return Outcome.failed(Problem.error(
                            "DESTINATION_AMBIGUOUS",
                            "the destination gives both name " + destination.name() + " and server "
                                    + destination.server())
                    .hint("keep one of them"));
        }
        Cluster cluster =
                destination.name().isEmpty() ? byServer.get(destination.server()) : byName.get(destination.name());
        return cluster != null
                ? Outcome.of(cluster)
                : Outcome.failed(
                        Problem.error("DESTINATION_UNKNOWN", "there is no cluster " + quoted(destination.cluster()))
                                .hint("registered clusters: " + String.join(", ", byName.keySet())));
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
