package io.gitops4j.recovery.snapshot;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What an Application brings, rendered: kept with a snapshot, it brings the Application back when Git cannot be reached.
 *
 * @param revision the commit
 * @param namespace of objects that name none
 * @param dependsOn Applications that it needs
 * @param objects as rendered
 */
public record GitRender(String revision, String namespace, List<String> dependsOn, List<JsonObject> objects) {

    /** A render of these parts. */
    public GitRender {
        dependsOn = Collections.unmodifiableList(new ArrayList<>(dependsOn));
        objects = Collections.unmodifiableList(new ArrayList<>(objects));
    }
}
