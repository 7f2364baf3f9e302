package io.gitops4j.recovery.restore;

import io.gitops4j.json.JsonObject;
import java.util.List;

/**
 * Which objects get their status back.
 *
 * @param kinds {@code Kind} or {@code Kind.group}
 * @param byAnnotation whether objects with {@code velero.io/restore-status: "true"} do
 */
public record StatusPolicy(List<String> kinds, boolean byAnnotation) {
    private static final String ANNOTATION = "velero.io/restore-status";

    /** A policy of these parts. */
    public StatusPolicy {
        kinds = List.copyOf(kinds);
    }

    /** No status is restored. */
    public static StatusPolicy none() {
        return new StatusPolicy(List.of(), false);
    }

    /** That of these kinds. */
    public static StatusPolicy of(String... kinds) {
        return new StatusPolicy(List.of(kinds), false);
    }

    /** That of annotated objects. */
    public static StatusPolicy annotated() {
        return new StatusPolicy(List.of(), true);
    }

    boolean selects(JsonObject object, String group) {
        String kind = object.text("kind", "");
        JsonObject annotations = object.object("metadata").object("annotations");
        return kinds.contains(kind)
                || kinds.contains(kind + "." + group)
                || (byAnnotation && annotations.text(ANNOTATION, "").equals("true"));
    }
}
