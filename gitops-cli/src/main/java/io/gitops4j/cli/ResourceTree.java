package io.gitops4j.cli;

import io.gitops4j.cluster.Health;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.ResourceView;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.HealthCheck;
import io.gitops4j.sync.OwnershipGraph;
import io.gitops4j.sync.ResourceIndex;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of an Application with what they own below them, as the argocd command line draws it. */
final class ResourceTree {
    private final ResourceIndex index;
    private final HealthCheck judge;
    private final OwnershipGraph graph = new OwnershipGraph();
    private final Map<ResourceKey, ResourceView> views = new LinkedHashMap<>();
    private final Set<ResourceKey> drawn = new LinkedHashSet<>();
    private final boolean detailed;
    private final Table table;

    private ResourceTree(ApplicationView view, ResourceIndex index, HealthCheck judge, boolean detailed) {
        this.index = index;
        this.judge = judge;
        this.detailed = detailed;
        this.table = detailed
                ? new Table("KIND/NAME", "STATUS", "HEALTH", "CREATED", "MESSAGE")
                : new Table("KIND/NAME", "STATUS", "HEALTH", "MESSAGE");
        index.all().forEach(graph::put);
        view.resources().forEach(resource -> views.put(resource.key(), resource));
    }

    static String of(ApplicationView view, ResourceIndex index, HealthCheck judge, boolean detailed) {
        ResourceTree tree = new ResourceTree(view, index, judge, detailed);
        for (ResourceKey key : tree.views.keySet()) {
            boolean below = tree.graph.owners(key).stream().anyMatch(tree.views::containsKey);
            if (!below && tree.drawn.add(key)) {
                tree.draw(key, "", "");
            }
        }
        return tree.table.toString();
    }

    private void draw(ResourceKey key, String mark, String indent) {
        ResourceView view = views.get(key);
        JsonObject live = index.get(key);
        Health health = view != null
                ? view.health()
                : live == null ? null : judge.assess(live).orElse(null);
        row(mark + key.kind() + "/" + key.name(), view == null ? "" : view.sync(), health, live);
        List<ResourceKey> children =
                graph.children(key).stream().filter(drawn::add).toList();
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            draw(children.get(i), indent + (last ? "└─" : "├─"), indent + (last ? "  " : "│ "));
        }
    }

    private void row(String name, String status, @Nullable Health health, @Nullable JsonObject live) {
        String wire = health == null ? "" : health.status().wire();
        String message = health == null ? "" : health.message();
        if (detailed) {
            String created = live == null ? "" : live.object("metadata").text("creationTimestamp", "");
            table.row(name, status, wire, created, message);
        } else {
            table.row(name, status, wire, message);
        }
    }
}
