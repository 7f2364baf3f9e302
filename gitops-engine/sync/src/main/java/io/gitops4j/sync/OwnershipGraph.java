package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which object belongs to which: what owner references say, and what they leave unsaid (the Endpoints of a Service, the token
 * Secret of a ServiceAccount, the claims of a StatefulSet, the OperatorGroup of a ClusterServiceVersion). Kept by metadata alone;
 * an owner in no namespace, an owner that comes later, a reference without a uid, one object that is served in two API groups and
 * owners in a circle are no trouble. Not for several threads.
 *
 * <p>Source: argocd §7.
 */
public final class OwnershipGraph {
    private final Map<ResourceKey, Node> nodes = new TreeMap<>();
    private final Map<String, List<ResourceKey>> byUid = new LinkedHashMap<>();
    private final Map<String, TreeSet<ResourceKey>> byOwnerUid = new LinkedHashMap<>();
    private final Map<ResourceKey, TreeSet<ResourceKey>> byOwnerKey = new TreeMap<>();

    /**
     * What is kept of an object.
     *
     * @param owners uids of its owners
     * @param ownerKeys owners that are known by kind and name only, each where it may be
     * @param templates names of the claim templates of a StatefulSet; {@code null} where only its metadata is known
     */
    public record Node(
            ResourceKey key,
            String uid,
            String resourceVersion,
            List<String> owners,
            List<ResourceKey> ownerKeys,
            @Nullable List<String> templates) {

        /** A node of these parts. */
        public Node {
            owners = List.copyOf(owners);
            ownerKeys = List.copyOf(ownerKeys);
            templates = templates == null ? null : List.copyOf(templates);
        }
    }

    /** Adds or replaces an object, whole or its metadata alone. */
    public void put(JsonObject object) {
        put(SyncTask.keyOf(object), object);
    }

    /** Adds or replaces an object of which the key is known, whole or its metadata alone. */
    public void put(ResourceKey key, JsonObject object) {
        remove(key);
        JsonObject metadata = object.object("metadata");
        List<String> owners = new ArrayList<>();
        List<ResourceKey> ownerKeys = new ArrayList<>();
        for (Json each : metadata.array("ownerReferences")) {
            if (each instanceof JsonObject reference) {
                refer(key, reference, owners, ownerKeys);
            }
        }
        infer(key, object, owners, ownerKeys);
        Node node = new Node(
                key,
                metadata.text("uid", ""),
                metadata.text("resourceVersion", ""),
                owners,
                ownerKeys,
                templates(key, object));
        nodes.put(key, node);
        if (!node.uid().isEmpty()) {
            byUid.merge(node.uid(), List.of(key), OwnershipGraph::sorted);
        }
        owners.forEach(
                uid -> byOwnerUid.computeIfAbsent(uid, u -> new TreeSet<>()).add(key));
        ownerKeys.forEach(
                owner -> byOwnerKey.computeIfAbsent(owner, k -> new TreeSet<>()).add(key));
    }

    private static List<ResourceKey> sorted(List<ResourceKey> some, List<ResourceKey> others) {
        TreeSet<ResourceKey> all = new TreeSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    /** Removes an object; what belongs to it stays. */
    public void remove(ResourceKey key) {
        Node before = nodes.remove(key);
        if (before == null) {
            return;
        }
        List<ResourceKey> left = byUid.getOrDefault(before.uid(), List.of()).stream()
                .filter(other -> !other.equals(key))
                .toList();
        if (left.isEmpty()) {
            byUid.remove(before.uid());
        } else {
            byUid.put(before.uid(), left);
        }
        before.owners().forEach(uid -> drop(byOwnerUid, uid, key));
        before.ownerKeys().forEach(owner -> drop(byOwnerKey, owner, key));
    }

    private static <K> void drop(Map<K, TreeSet<ResourceKey>> map, K owner, ResourceKey key) {
        TreeSet<ResourceKey> keys = map.get(owner);
        if (keys != null && keys.remove(key) && keys.isEmpty()) {
            map.remove(owner);
        }
    }

    // ---- what refers to what

    /** An owner by its uid; one without a uid by its name, in the namespace of the object or in none. */
    private static void refer(ResourceKey key, JsonObject reference, List<String> owners, List<ResourceKey> ownerKeys) {
        String uid = reference.text("uid", "");
        if (!uid.isEmpty()) {
            owners.add(uid);
            return;
        }
        String kind = reference.text("kind", "");
        String name = reference.text("name", "");
        if (!kind.isEmpty() && !name.isEmpty()) {
            String group = Gvk.of(reference.text("apiVersion", ""), kind).group();
            ownerKeys.add(new ResourceKey(group, kind, key.namespace(), name));
            if (!key.namespace().isEmpty()) {
                ownerKeys.add(new ResourceKey(group, kind, "", name));
            }
        }
    }

    private static void infer(ResourceKey key, JsonObject object, List<String> owners, List<ResourceKey> ownerKeys) {
        boolean core = key.group().isEmpty();
        switch (key.kind()) {
            case "Endpoints" -> {
                if (core && owners.isEmpty() && ownerKeys.isEmpty()) {
                    ownerKeys.add(new ResourceKey("", "Service", key.namespace(), key.name()));
                }
            }
            case "Secret" -> {
                String uid = Hooks.annotation(object, "kubernetes.io/service-account.uid");
                String name = Hooks.annotation(object, "kubernetes.io/service-account.name");
                String type = object.text("type", "kubernetes.io/service-account-token");
                boolean token = core && type.equals("kubernetes.io/service-account-token");
                if (token && uid != null && !uid.isEmpty() && name != null && !name.isEmpty()) {
                    owners.add(uid);
                }
            }
            case "PersistentVolumeClaim" -> {
                if (core) {
                    claimOwners(key, ownerKeys);
                }
            }
            case "ClusterServiceVersion" -> {
                String operators = Hooks.annotation(object, "olm.operatorGroup");
                if (key.group().equals("operators.coreos.com") && operators != null && !operators.isEmpty()) {
                    ownerKeys.add(new ResourceKey(key.group(), "OperatorGroup", key.namespace(), operators));
                }
            }
            default -> {
                // says for itself what it belongs to
            }
        }
    }

    /** Every StatefulSet that a claim {@code template-set-3} could be of, the one of the longest name first. */
    private static void claimOwners(ResourceKey key, List<ResourceKey> ownerKeys) {
        String stem = stem(key.name());
        for (int dash = stem.indexOf('-'); dash > 0 && dash < stem.length() - 1; dash = stem.indexOf('-', dash + 1)) {
            ownerKeys.add(new ResourceKey("apps", "StatefulSet", key.namespace(), stem.substring(dash + 1)));
        }
    }

    /** {@code template-set} of {@code template-set-3}, {@code ""} where there is no number at the end. */
    private static String stem(String claim) {
        int last = claim.lastIndexOf('-');
        boolean numbered = last > 0
                && last < claim.length() - 1
                && claim.chars().skip(last + 1L).allMatch(c -> c >= '0' && c <= '9');
        return numbered ? claim.substring(0, last) : "";
    }

    private static @Nullable List<String> templates(ResourceKey key, JsonObject object) {
        if (!key.kind().equals("StatefulSet") || !object.has("spec")) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (Json each : object.object("spec").array("volumeClaimTemplates")) {
            if (each instanceof JsonObject template) {
                names.add(template.object("metadata").text("name", ""));
            }
        }
        return names;
    }

    /** Whether an owner that is there, known by its key, is one in fact: a StatefulSet has the claims of its templates only. */
    private boolean holds(ResourceKey owner, ResourceKey child) {
        Node node = nodes.get(owner);
        boolean claim =
                child.kind().equals("PersistentVolumeClaim") && owner.kind().equals("StatefulSet");
        if (node == null || !claim) {
            return node != null;
        }
        List<String> templates = node.templates();
        if (templates != null) {
            String stem = stem(child.name());
            return templates.stream().anyMatch(template -> stem.equals(template + "-" + owner.name()));
        }
        // nothing is known of its templates: of several sets that could be meant it is the one of the longest name
        Node own = nodes.get(child);
        return own != null
                && own.ownerKeys().stream().filter(nodes::containsKey).findFirst().stream()
                        .anyMatch(owner::equals);
    }

    // ---- questions

    /** What is kept of an object. */
    public Optional<Node> node(ResourceKey key) {
        return Optional.ofNullable(nodes.get(key));
    }

    /** How many objects there are. */
    public int size() {
        return nodes.size();
    }

    /** How many owners are known to have something: back to none when all that was owned is gone. */
    public int indexed() {
        return byOwnerUid.size() + byOwnerKey.size();
    }

    /** The objects that belong to an object, by key; of one object that is served in two API groups the first. */
    public List<ResourceKey> children(ResourceKey key) {
        Node node = nodes.get(key);
        Set<ResourceKey> all = new TreeSet<>(byOwnerUid.getOrDefault(node == null ? "" : node.uid(), new TreeSet<>()));
        List<ResourceKey> names =
                node == null || node.uid().isEmpty() ? List.of(key) : byUid.getOrDefault(node.uid(), List.of(key));
        for (ResourceKey name : names) {
            for (ResourceKey child : byOwnerKey.getOrDefault(name, new TreeSet<>())) {
                if (holds(name, child)) {
                    all.add(child);
                }
            }
        }
        List<ResourceKey> children = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (ResourceKey child : all) {
            Node of = nodes.get(child);
            if (of != null && !child.equals(key) && (of.uid().isEmpty() || seen.add(of.uid()))) {
                children.add(child);
            }
        }
        return Collections.unmodifiableList(children);
    }

    /** The owners of an object that are there, without itself. */
    public List<ResourceKey> owners(ResourceKey key) {
        Node node = nodes.get(key);
        if (node == null) {
            return List.of();
        }
        Set<ResourceKey> owners = new LinkedHashSet<>();
        for (String uid : node.owners()) {
            byUid.getOrDefault(uid, List.of()).stream().limit(1).forEach(owners::add);
        }
        for (ResourceKey owner : node.ownerKeys()) {
            if (holds(owner, key)) {
                owners.add(owner);
            }
        }
        owners.remove(key);
        return List.copyOf(owners);
    }

    /** Visits an object and all that belongs to it, each once, parents before children; with its depth. */
    public void walk(ResourceKey root, BiConsumer<ResourceKey, Integer> visitor) {
        walk(List.of(root), (key, depth) -> {
            visitor.accept(key, depth);
            return true;
        });
    }

    /**
     * Visits objects and all that belongs to them, each once, parents before children.
     *
     * @param visitor takes the object and its depth; says whether to go on to what belongs to it
     */
    public void walk(Iterable<ResourceKey> roots, BiPredicate<ResourceKey, Integer> visitor) {
        Set<ResourceKey> seen = new LinkedHashSet<>();
        roots.forEach(root -> walk(root, seen, visitor));
    }

    private record Visit(ResourceKey key, int depth) {}

    private void walk(ResourceKey root, Set<ResourceKey> seen, BiPredicate<ResourceKey, Integer> visitor) {
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(root, 0));
        while (!open.isEmpty()) {
            Visit next = open.pop();
            if (!nodes.containsKey(next.key()) || !seen.add(next.key()) || !visitor.test(next.key(), next.depth())) {
                continue;
            }
            List<ResourceKey> children = children(next.key());
            for (int i = children.size() - 1; i >= 0; i--) {
                open.push(new Visit(children.get(i), next.depth() + 1));
            }
        }
    }

    /** The objects at the top, from which all are reached: those with no owner that is there, and of a circle the first. */
    public List<ResourceKey> roots() {
        List<ResourceKey> roots = new ArrayList<>(
                nodes.keySet().stream().filter(key -> owners(key).isEmpty()).toList());
        Set<ResourceKey> seen = new LinkedHashSet<>();
        roots.forEach(root -> walk(root, seen, (key, depth) -> true));
        for (ResourceKey key : nodes.keySet()) {
            Node node = nodes.get(key);
            boolean alias = node != null
                    && byUid.getOrDefault(node.uid(), List.of(key)).stream().anyMatch(seen::contains);
            if (!alias && !seen.contains(key)) {
                roots.add(key);
                walk(key, seen, (below, depth) -> true);
            }
        }
        return List.copyOf(roots);
    }
}
