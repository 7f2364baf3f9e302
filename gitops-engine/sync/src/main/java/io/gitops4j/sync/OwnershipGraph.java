package io.gitops4j.sync;

import com.google.common.base.Splitter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which object belongs to which: what owner references say, and what they leave unsaid (the Endpoints of a Service, the token
 * Secret of a ServiceAccount, the claims of a StatefulSet, the OperatorGroup of a ClusterServiceVersion). Kept by metadata alone;
 * an owner in another namespace, an owner that comes later and owners in a circle are no trouble. Not for several threads.
 *
 * <p>Source: argocd §7.
 */
public final class OwnershipGraph {
    private final Map<ResourceKey, Node> nodes = new TreeMap<>();
    private final Map<String, ResourceKey> byUid = new LinkedHashMap<>();
    private final Map<String, TreeSet<ResourceKey>> children = new LinkedHashMap<>();
    private final Map<ResourceKey, TreeSet<ResourceKey>> inferredChildren = new TreeMap<>();

    /**
     * What is kept of an object.
     *
     * @param owners uids of its owners
     * @param inferred the owner that it has without saying so
     */
    public record Node(
            ResourceKey key, String uid, String resourceVersion, List<String> owners, Optional<ResourceKey> inferred) {

        /** A node of these parts. */
        public Node {
            owners = List.copyOf(owners);
        }
    }

    /** Adds or replaces an object. */
    public void put(JsonObject object) {
        ResourceKey key = SyncTask.keyOf(object);
        remove(key);
        JsonObject metadata = object.object("metadata");
        List<String> owners = new ArrayList<>();
        for (Json each : metadata.array("ownerReferences")) {
            String uid = each instanceof JsonObject owner ? owner.text("uid", "") : "";
            if (!uid.isEmpty()) {
                owners.add(uid);
            }
        }
        Optional<ResourceKey> inferred =
                owners.isEmpty() ? Optional.ofNullable(inferred(key, object)) : Optional.empty();
        Node node = new Node(key, metadata.text("uid", ""), metadata.text("resourceVersion", ""), owners, inferred);
        nodes.put(key, node);
        if (!node.uid().isEmpty()) {
            byUid.put(node.uid(), key);
        }
        owners.forEach(
                uid -> children.computeIfAbsent(uid, u -> new TreeSet<>()).add(key));
        inferred.ifPresent(owner ->
                inferredChildren.computeIfAbsent(owner, k -> new TreeSet<>()).add(key));
    }

    /** Removes an object; what belongs to it stays. */
    public void remove(ResourceKey key) {
        Node before = nodes.remove(key);
        if (before == null) {
            return;
        }
        byUid.remove(before.uid());
        before.owners().forEach(uid -> drop(children, uid, key));
        before.inferred().ifPresent(owner -> drop(inferredChildren, owner, key));
    }

    private static <K> void drop(Map<K, TreeSet<ResourceKey>> map, K owner, ResourceKey key) {
        TreeSet<ResourceKey> keys = map.get(owner);
        if (keys != null && keys.remove(key) && keys.isEmpty()) {
            map.remove(owner);
        }
    }

    private static @Nullable ResourceKey inferred(ResourceKey key, JsonObject object) {
        String group = key.group();
        return switch (key.kind()) {
            case "Endpoints" -> group.isEmpty() ? new ResourceKey("", "Service", key.namespace(), key.name()) : null;
            case "Secret" -> {
                String account = Hooks.annotation(object, "kubernetes.io/service-account.name");
                boolean token = "kubernetes.io/service-account-token".equals(object.text("type"));
                yield token && account != null && group.isEmpty()
                        ? new ResourceKey("", "ServiceAccount", key.namespace(), account)
                        : null;
            }
            case "PersistentVolumeClaim" -> group.isEmpty() ? claimOwner(key) : null;
            case "ClusterServiceVersion" -> {
                String operators = Hooks.annotation(object, "olm.operatorGroup");
                yield operators == null
                        ? null
                        : new ResourceKey("operators.coreos.com", "OperatorGroup", key.namespace(), operators);
            }
            default -> null;
        };
    }

    /** The StatefulSet of a claim {@code template-set-3}, taken to be of a template whose name has no dash. */
    private static @Nullable ResourceKey claimOwner(ResourceKey key) {
        List<String> parts = Splitter.on('-').splitToList(key.name());
        String last = parts.get(parts.size() - 1);
        boolean numbered = parts.size() > 2 && !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
        return numbered
                ? new ResourceKey(
                        "apps", "StatefulSet", key.namespace(), String.join("-", parts.subList(1, parts.size() - 1)))
                : null;
    }

    /** What is kept of an object. */
    public Optional<Node> node(ResourceKey key) {
        return Optional.ofNullable(nodes.get(key));
    }

    /** The objects that belong to an object, by key. */
    public List<ResourceKey> children(ResourceKey key) {
        Set<ResourceKey> all = new TreeSet<>(inferredChildren.getOrDefault(key, new TreeSet<>()));
        Node node = nodes.get(key);
        if (node != null && !node.uid().isEmpty()) {
            all.addAll(children.getOrDefault(node.uid(), new TreeSet<>()));
        }
        return List.copyOf(all);
    }

    /** The owners of an object that are there. */
    public List<ResourceKey> owners(ResourceKey key) {
        Node node = nodes.get(key);
        if (node == null) {
            return List.of();
        }
        List<ResourceKey> owners = new ArrayList<>();
        for (String uid : node.owners()) {
            ResourceKey owner = byUid.get(uid);
            if (owner != null) {
                owners.add(owner);
            }
        }
        node.inferred().filter(nodes::containsKey).ifPresent(owners::add);
        return Collections.unmodifiableList(owners);
    }

    /** Visits an object and all that belongs to it, each once, parents before children; with its depth. */
    public void walk(ResourceKey root, BiConsumer<ResourceKey, Integer> visitor) {
        walk(root, 0, new LinkedHashSet<>(), visitor);
    }

    private void walk(ResourceKey key, int depth, Set<ResourceKey> seen, BiConsumer<ResourceKey, Integer> visitor) {
        if (!nodes.containsKey(key) || !seen.add(key)) {
            return;
        }
        visitor.accept(key, depth);
        children(key).forEach(child -> walk(child, depth + 1, seen, visitor));
    }

    /** The objects at the top: those with no owner that is there. */
    public List<ResourceKey> roots() {
        return nodes.keySet().stream().filter(key -> owners(key).isEmpty()).toList();
    }
}
