package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An application to rebuild.
 *
 * @param namespace of objects that name none
 * @param dependsOn applications that must be healthy before its workloads start
 * @param objects as Git has them, or had them
 * @param cachedRevision {@code ""} for objects from Git; the commit for a render that a snapshot kept
 */
public record RebuildTarget(
        String name, String namespace, List<String> dependsOn, List<JsonObject> objects, String cachedRevision) {

    /** A target of these parts. */
    public RebuildTarget {
        dependsOn = Collections.unmodifiableList(new ArrayList<>(dependsOn));
        objects = Collections.unmodifiableList(new ArrayList<>(objects));
    }

    /** A target as Git has it. */
    public RebuildTarget(String name, String namespace, List<String> dependsOn, List<JsonObject> objects) {
        this(name, namespace, dependsOn, objects, "");
    }
}
