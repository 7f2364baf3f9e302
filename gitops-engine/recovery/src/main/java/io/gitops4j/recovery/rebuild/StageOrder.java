package io.gitops4j.recovery.rebuild;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.JsonObject;
import io.gitops4j.recovery.rebuild.ObjectReferences.Reference;
import io.gitops4j.recovery.restore.RestoreOrder;
import io.gitops4j.sync.Hooks;
import io.gitops4j.sync.SyncPhase;
import io.gitops4j.sync.SyncWave;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The objects of one stage in an order in which nothing comes before what it needs: references between objects, sync waves and
 * hook phases inside an application, and, where the stage asks for it, whole applications after those that they depend on. Ties
 * go by kind, namespace and name. Objects of one application stay together as far as that order permits.
 */
final class StageOrder {
    private final List<String> applications;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Reference, Integer> index = new LinkedHashMap<>();
    private final List<List<Integer>> after = new ArrayList<>();
    private final List<List<Integer>> before = new ArrayList<>();
    private final Map<Integer, Integer> pieceOf = new LinkedHashMap<>();
    private final TreeMap<Integer, TreeSet<Integer>> ready = new TreeMap<>();
    private final ArrayDeque<Integer> released = new ArrayDeque<>();
    private int[] waiting = {};

    private record Node(int application, JsonObject object, ObjectRef ref, Rank rank) {
        String label() {
            return ref.gvk().kind() + "/" + ref.name();
        }
    }

    private record Rank(SyncPhase phase, long wave) {
        static Rank of(JsonObject object) {
            List<SyncPhase> phases = Hooks.phases(object);
            return new Rank(phases.isEmpty() ? SyncPhase.SYNC : phases.get(0), SyncWave.of(object));
        }
    }

    private static final Comparator<Rank> BY_RANK =
            Comparator.comparing(Rank::phase).thenComparing(Rank::wave);

    /**
     * Objects of one application that are done together.
     *
     * @param layers one after the other; objects of one layer do not need each other
     * @param needs earlier pieces, by their place, that hold what these objects refer to
     */
    record Piece(String application, List<List<JsonObject>> layers, Set<Integer> needs) {}

    /**
     * An order, or why there is none.
     *
     * @param circle objects that need each other, the first again at the end; empty when there is an order
     * @param stuck the applications of the circle
     */
    record Result(List<Piece> pieces, List<String> circle, Set<String> stuck) {}

    private StageOrder(List<String> applications) {
        this.applications = applications;
    }

    /**
     * Orders.
     *
     * @param targets in the order of their dependencies
     * @param objects of this stage by application
     * @param dependent whether an application waits for those that it depends on
     */
    static Result of(List<RebuildTarget> targets, Map<String, List<JsonObject>> objects, boolean dependent) {
        StageOrder order =
                new StageOrder(targets.stream().map(RebuildTarget::name).toList());
        for (int i = 0; i < targets.size(); i++) {
            order.take(i, targets.get(i), objects.getOrDefault(targets.get(i).name(), List.of()));
        }
        for (int node = 0; node < order.nodes.size(); node++) {
            order.refer(node, targets.get(order.nodes.get(node).application()).namespace());
        }
        order.ranks();
        if (dependent) {
            order.dependencies(targets);
        }
        return order.sorted();
    }

    private void take(int application, RebuildTarget target, List<JsonObject> objects) {
        for (JsonObject object : objects) {
            ObjectRef ref = ObjectRef.of(object);
            String namespace = ref.namespace().isEmpty() ? target.namespace() : ref.namespace();
            index.putIfAbsent(Reference.to(ref.gvk().kind(), namespace, ref.name()), nodes.size());
            nodes.add(new Node(application, object, ref, Rank.of(object)));
            point();
        }
    }

    private int point() {
        after.add(new ArrayList<>());
        before.add(new ArrayList<>());
        return after.size() - 1;
    }

    private void edge(int first, int second) {
        after.get(first).add(second);
        before.get(second).add(first);
    }

    private void refer(int from, String namespace) {
        Node node = nodes.get(from);
        String place = node.ref().namespace().isEmpty() ? namespace : node.ref().namespace();
        for (Reference reference : new LinkedHashSet<>(ObjectReferences.of(node.object(), place))) {
            Integer needed = index.get(reference);
            if (needed != null && needed != from && !mayComeFirst(node, nodes.get(needed))) {
                edge(needed, from);
            }
        }
    }

    /** A binding may be there before its role, so that waves which put it first are no circle. */
    private static boolean mayComeFirst(Node node, Node needed) {
        return node.ref().gvk().kind().endsWith("RoleBinding")
                && node.application() == needed.application()
                && BY_RANK.compare(node.rank(), needed.rank()) < 0;
    }

    /** A point between two waves of an application instead of an edge for each pair. */
    private void ranks() {
        Map<Integer, TreeMap<Rank, List<Integer>>> waves = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            waves.computeIfAbsent(nodes.get(i).application(), key -> new TreeMap<>(BY_RANK))
                    .computeIfAbsent(nodes.get(i).rank(), key -> new ArrayList<>())
                    .add(i);
        }
        waves.values().forEach(ranks -> {
            List<Integer> earlier = List.of();
            for (List<Integer> wave : ranks.values()) {
                if (!earlier.isEmpty()) {
                    int point = point();
                    earlier.forEach(node -> edge(node, point));
                    wave.forEach(node -> edge(point, node));
                }
                earlier = wave;
            }
        });
    }

    private void dependencies(List<RebuildTarget> targets) {
        Map<String, Integer> ends = new LinkedHashMap<>();
        targets.forEach(target -> ends.put(target.name(), point()));
        Map<Integer, List<Integer>> own = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            own.computeIfAbsent(nodes.get(i).application(), key -> new ArrayList<>())
                    .add(i);
        }
        for (int i = 0; i < targets.size(); i++) {
            int end = end(ends, targets.get(i).name());
            List<Integer> objects = own.getOrDefault(i, List.of());
            objects.forEach(node -> edge(node, end));
            for (String dependency : new TreeSet<>(targets.get(i).dependsOn())) {
                int there = end(ends, dependency);
                if (there >= 0) {
                    objects.forEach(node -> edge(there, node));
                    edge(there, end);
                }
            }
        }
    }

    private static int end(Map<String, Integer> ends, String application) {
        return ends.getOrDefault(application, -1);
    }

    private Result sorted() {
        waiting = before.stream().mapToInt(List::size).toArray();
        for (int i = 0; i < waiting.length; i++) {
            if (waiting[i] == 0) {
                released.add(i);
            }
        }
        settle();
        List<Piece> pieces = new ArrayList<>();
        while (!ready.isEmpty()) {
            pieces.add(piece(ready.firstKey(), pieces.size()));
        }
        List<String> circle = new ArrayList<>();
        Set<String> stuck = new TreeSet<>();
        if (pieceOf.size() < nodes.size()) {
            findCircle(circle, stuck);
        }
        return new Result(pieces, circle, stuck);
    }

    /** All of an application that can be done now, and what this makes possible. */
    private Piece piece(int application, int place) {
        List<List<JsonObject>> layers = new ArrayList<>();
        Set<Integer> needs = new TreeSet<>();
        for (TreeSet<Integer> layer = ready.remove(application); layer != null; layer = ready.remove(application)) {
            for (int node : layer) {
                before.get(node).stream()
                        .map(needed -> pieceOf.getOrDefault(needed, place))
                        .filter(piece -> piece < place)
                        .forEach(needs::add);
                pieceOf.put(node, place);
                done(node);
            }
            layers.add(layer.stream().map(node -> nodes.get(node).object()).toList());
            settle();
        }
        return new Piece(applications.get(application), layers, needs);
    }

    private void done(int node) {
        for (int next : after.get(node)) {
            if (--waiting[next] == 0) {
                released.add(next);
            }
        }
    }

    /** Objects that may be done come to {@code ready}; a point between waves only lets on what is behind it. */
    private void settle() {
        while (!released.isEmpty()) {
            int next = released.remove();
            if (next < nodes.size()) {
                ready.computeIfAbsent(nodes.get(next).application(), key -> new TreeSet<>(this::compare))
                        .add(next);
            } else {
                done(next);
            }
        }
    }

    private int compare(int a, int b) {
        int order =
                RestoreOrder.BY_KIND.compare(nodes.get(a).ref(), nodes.get(b).ref());
        return order == 0 ? Integer.compare(a, b) : order;
    }

    /** Walks back from something that waits to what it waits for until a place comes again. */
    private void findCircle(List<String> circle, Set<String> stuck) {
        int at = 0;
        while (pieceOf.containsKey(at)) {
            at++;
        }
        List<Integer> path = new ArrayList<>();
        Set<Integer> seen = new LinkedHashSet<>();
        while (seen.add(at)) {
            path.add(at);
            int from = at;
            at = before.get(from).stream()
                    .filter(needed -> needed < nodes.size() ? !pieceOf.containsKey(needed) : waiting[needed] > 0)
                    .min(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException("something waits for nothing"));
        }
        List<Integer> round = path.subList(path.indexOf(at), path.size());
        for (int node : round) {
            if (node < nodes.size()) {
                circle.add(nodes.get(node).label());
                stuck.add(applications.get(nodes.get(node).application()));
            }
        }
        circle.add(circle.get(0));
    }
}
