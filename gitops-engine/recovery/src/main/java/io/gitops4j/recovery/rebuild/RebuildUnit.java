package io.gitops4j.recovery.rebuild;

import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The objects of one application in one stage, or a part of them where another application comes in between.
 *
 * @param application its name, {@code escrow} for keys
 * @param part 1 for the first
 * @param layers objects that are done one layer after the other
 * @param needs units that must be done before, in order
 * @param requires those of them without which this one is not begun
 */
public record RebuildUnit(
        RebuildStage stage,
        String application,
        int part,
        String namespace,
        List<List<JsonObject>> layers,
        List<String> needs,
        List<String> requires) {

    /** A unit of these parts. */
    public RebuildUnit {
        layers = layers.stream()
                .map(layer -> Collections.unmodifiableList(new ArrayList<>(layer)))
                .toList();
        needs = Collections.unmodifiableList(new ArrayList<>(needs));
        requires = Collections.unmodifiableList(new ArrayList<>(requires));
    }

    /** Its name: {@code workloads/shop}, {@code workloads/shop#2} for a second part. */
    public String id() {
        return stage + "/" + application + (part > 1 ? "#" + part : "");
    }

    /** All objects, in order. */
    public List<JsonObject> objects() {
        return layers.stream().flatMap(List::stream).toList();
    }
}
