package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The objects of one application in one stage.
 *
 * @param application its name, {@code escrow} for keys
 * @param needs units that must be done before
 */
public record RebuildUnit(
        RebuildStage stage, String application, String namespace, List<JsonObject> objects, List<String> needs) {

    /** A unit of these parts. */
    public RebuildUnit {
        objects = Collections.unmodifiableList(new ArrayList<>(objects));
        needs = Collections.unmodifiableList(new ArrayList<>(needs));
    }

    /** Its name. */
    public String id() {
        return stage + "/" + application;
    }
}
