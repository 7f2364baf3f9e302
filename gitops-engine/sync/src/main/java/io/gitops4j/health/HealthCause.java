package io.gitops4j.health;

import io.gitops4j.cluster.Health;
import io.gitops4j.manifest.ResourceKey;
import java.util.List;

/**
 * A node of the tree that says why something is not healthy.
 *
 * @param resource the object
 * @param health its own health
 * @param causes what below it made it so, worst first: the resources of a child application
 */
public record HealthCause(ResourceKey resource, Health health, List<HealthCause> causes) {

    /** A copy of the causes is kept. */
    public HealthCause {
        causes = List.copyOf(causes);
    }

    /** A cause without causes of its own. */
    public HealthCause(ResourceKey resource, Health health) {
        this(resource, health, List.of());
    }

    /** {@code group/Kind:namespace/name}, parts that are empty left out. */
    public String title() {
        return (resource.group().isEmpty() ? "" : resource.group() + "/")
                + resource.kind()
                + ":"
                + (resource.namespace().isEmpty() ? "" : resource.namespace() + "/")
                + resource.name();
    }

    /** The tree as indented lines, one a node: title, status and message. */
    public String render() {
        StringBuilder out = new StringBuilder();
        render(0, out);
        return out.toString();
    }

    private void render(int depth, StringBuilder out) {
        out.append("  ".repeat(depth))
                .append(title())
                .append(' ')
                .append(health.status().wire());
        if (!health.message().isEmpty()) {
            out.append(": ").append(health.message());
        }
        out.append('\n');
        causes.forEach(cause -> cause.render(depth + 1, out));
    }
}
