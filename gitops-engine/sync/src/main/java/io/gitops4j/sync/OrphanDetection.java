package io.gitops4j.sync;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.project.ProjectRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the objects of a namespace that belong to no application and to no other object, and that the project does not leave
 * out. They are only ever reported.
 */
public final class OrphanDetection {
    private OrphanDetection() {}

    /** The orphans of a namespace, by key. */
    public static List<ResourceKey> in(ResourceIndex index, ProjectRules rules, String namespace) {
        List<ResourceKey> orphans = new ArrayList<>();
        for (ResourceKey key : index.untracked(namespace)) {
            JsonObject object = index.get(key);
            boolean owned = object == null
                    || Inventory.isPart(object)
                    || !object.object("metadata").array("ownerReferences").isEmpty();
            if (!owned && !rules.ignoresOrphan(key.group(), key.kind(), key.name())) {
                orphans.add(key);
            }
        }
        return List.copyOf(orphans);
    }
}
