package io.gitops4j.sync;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of several controllers looks after which cluster. Pure functions of the names alone: every controller comes to the same
 * answer by itself.
 *
 * <p>Source: argocd §7.
 */
public final class Sharding {
    private static final int POINTS = 1_000;
    private static final double CAPACITY = 1.25;

    private Sharding() {}

    /** The hash of the name modulo the number of shards: even in the long run, but a new shard moves nearly everything. */
    public static int legacy(String cluster, int shards) {
        return cluster.isEmpty() ? 0 : (int) Long.remainderUnsigned(Integer.toUnsignedLong(fnv32a(cluster)), shards);
    }

    /** The clusters in turn, by the order of their names: as even as can be. */
    public static Map<String, Integer> roundRobin(Iterable<String> clusters, int shards) {
        Map<String, Integer> assigned = new LinkedHashMap<>();
        int next = 0;
        for (String cluster : sorted(clusters)) {
            assigned.put(cluster, next++ % shards);
        }
        return Collections.unmodifiableMap(assigned);
    }

    /**
     * Consistent hashing with bounded loads: a cluster goes to the first shard on a ring that has room for its load, so that a
     * new shard moves few clusters, and no shard has more than 1.25 times its share.
     *
     * @param loads of the clusters, such as numbers of applications; a cluster counts as at least 1
     */
    public static Map<String, Integer> consistent(Map<String, Integer> loads, int shards) {
        TreeMap<Long, Integer> ring = new TreeMap<>();
        for (int shard = 0; shard < shards; shard++) {
            for (int point = 0; point < POINTS; point++) {
                ring.putIfAbsent(mixed("shard-" + shard + "-" + point), shard);
            }
        }
        long total = 0;
        for (int load : loads.values()) {
            total += Math.max(1, load);
        }
        double room = Math.ceil(CAPACITY * total / shards);
        long[] held = new long[shards];
        Map<String, Integer> assigned = new LinkedHashMap<>();
        for (String cluster : sorted(loads.keySet())) {
            int load = Math.max(1, loads.getOrDefault(cluster, 1));
            int shard = place(ring, mixed(cluster), held, load, room);
            held[shard] += load;
            assigned.put(cluster, shard);
        }
        return Collections.unmodifiableMap(assigned);
    }

    private static int place(TreeMap<Long, Integer> ring, long at, long[] held, int load, double room) {
        List<Integer> order = new ArrayList<>(ring.tailMap(at, true).values());
        order.addAll(ring.headMap(at, false).values());
        int least = order.get(0);
        for (int shard : order) {
            if (held[shard] + load <= room) {
                return shard;
            }
            least = held[shard] < held[least] ? shard : least;
        }
        return least;
    }

    /**
     * The shard among named ones that gives the highest hash with the cluster: when a shard goes, only its own clusters move, and
     * nothing has to be kept.
     *
     * @throws IllegalArgumentException without any shard
     */
    public static String rendezvous(String cluster, Iterable<String> shards) {
        String best = null;
        long most = 0;
        for (String shard : sorted(shards)) {
            long score = mixed(shard + "\n" + cluster);
            if (best == null || Long.compareUnsigned(score, most) > 0) {
                best = shard;
                most = score;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("there is no shard for " + cluster);
        }
        return best;
    }

    private static TreeSet<String> sorted(Iterable<String> names) {
        TreeSet<String> sorted = new TreeSet<>();
        names.forEach(sorted::add);
        return sorted;
    }

    private static int fnv32a(String text) {
        int hash = 0x811c9dc5;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return hash;
    }

    private static long mixed(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
