package io.gitops4j.diff.ssa;

import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.schema.SchemaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last-applied annotation of client-side apply, as a server honours it for the manager {@code kubectl}. */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** The annotation's text, {@code null} when there is none. */
    static @Nullable String of(JsonObject object) {
        return object.object("metadata").object("annotations").text(ANNOTATION);
    }

    /**
     * The conflicts that remain when those fields are allowed to change that the annotation holds with the live value: they
     * were the manager's own before it moved to server-side apply.
     */
    static List<Conflict> remaining(List<Conflict> conflicts, JsonObject live, SchemaType type) {
        FieldSet allowed = allowed(live, type);
        List<Conflict> left = new ArrayList<>();
        for (Conflict conflict : conflicts) {
            if (!allowed.has(conflict.path())) {
                left.add(conflict);
            }
        }
        return left;
    }

    private static FieldSet allowed(JsonObject live, SchemaType type) {
        String text = of(live);
        Json read = text == null ? null : JsonReader.parse(text).orNull();
        if (!(read instanceof JsonObject lastApplied)
                || !lastApplied.text("apiVersion", "").equals(live.text("apiVersion", ""))) {
            return FieldSet.empty();
        }
        TypedValue typed = TypedValue.checked(type, lastApplied, true).orNull();
        if (typed == null) {
            return FieldSet.empty();
        }
        Comparison comparison = typed.compare(live).orNull();
        return comparison == null
                ? FieldSet.empty()
                : typed.paths()
                        .difference(comparison.modified())
                        .difference(comparison.added())
                        .difference(comparison.removed());
    }

    /** {@code object} with the annotation telling of {@code applied}. */
    static JsonObject record(JsonObject object, JsonObject applied) {
        JsonObject metadata = applied.object("metadata");
        JsonObject annotations = metadata.object("annotations");
        JsonObject plain = annotations.has(ANNOTATION)
                ? applied.with("metadata", metadata.with("annotations", annotations.without(ANNOTATION)))
                : applied;
        String text = GoJson.write(plain) + "\n";
        JsonObject liveMetadata = object.object("metadata");
        return object.with(
                "metadata",
                liveMetadata.with(
                        "annotations", liveMetadata.object("annotations").with(ANNOTATION, text)));
    }
}
