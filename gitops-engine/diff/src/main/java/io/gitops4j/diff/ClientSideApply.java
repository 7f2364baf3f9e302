package io.gitops4j.diff;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.codec.GoJson;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.ThreeWayMergePatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.SchemaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code kubectl apply} without {@code --server-side} sends for a manifest and the live object. */
public final class ClientSideApply {
    /** The annotation that holds the configuration applied last. */
    public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private ClientSideApply() {}

    /** What to do. */
    public enum Action {
        /** Nothing: the object is as it should be. */
        NONE,
        /** POST the body. */
        CREATE,
        /** PATCH with the body. */
        PATCH
    }

    /**
     * A request.
     *
     * @param action what to do
     * @param patchType kind of the patch, {@code null} unless it is one
     * @param body the body, {@code {}} when there is nothing to send
     */
    public record Request(Action action, @Nullable PatchType patchType, JsonObject body) {}

    /**
     * The request.
     *
     * @param live the live object, {@code null} when there is none
     * @param strategic type of the kind where its API takes strategic merge patches, {@code null} where it does not, as custom
     *     resources
     * @return the request; {@code LAST_APPLIED_INVALID}, {@code PATCH_IDENTITY} or a problem of the patch
     */
    public static Outcome<Request> plan(
            JsonObject manifest, @Nullable JsonObject live, @Nullable SchemaType strategic) {
        JsonObject modified = annotated(manifest);
        if (live == null) {
            return Outcome.of(new Request(Action.CREATE, null, (JsonObject) withoutNulls(modified)));
        }
        Outcome<JsonObject> original = lastApplied(live);
        Outcome<JsonObject> patch = original.then(was -> strategic == null
                ? ThreeWayMergePatch.create(was, modified, live)
                : StrategicMerge.threeWay(was, modified, live, strategic, true));
        return patch.then(body -> {
            if (body.has("apiVersion")
                    || body.has("kind")
                    || body.object("metadata").has("name")) {
                return Outcome.failed(
                        Problem.error("PATCH_IDENTITY", "At least one of apiVersion, kind and name was changed"));
            }
            PatchType type = strategic == null ? PatchType.MERGE : PatchType.STRATEGIC;
            return Outcome.of(
                    body.isEmpty() ? new Request(Action.NONE, null, body) : new Request(Action.PATCH, type, body));
        });
    }

    /** The configuration applied last, {@code {}} when the object does not say; {@code LAST_APPLIED_INVALID} when unreadable. */
    public static Outcome<JsonObject> lastApplied(JsonObject live) {
        String text = live.object("metadata").object("annotations").text(LAST_APPLIED);
        if (text == null) {
            return Outcome.of(JsonObject.empty());
        }
        Outcome<Json> read = JsonReader.parse(text);
        return read.orNull() instanceof JsonObject object
                ? Outcome.of(object)
                : Outcome.failed(Problem.error(
                        "LAST_APPLIED_INVALID", "the annotation " + LAST_APPLIED + " does not hold a JSON object"));
    }

    /** The annotation's text for a manifest: compact JSON, keys sorted, with a newline at the end. */
    public static String lastAppliedText(JsonObject manifest) {
        JsonObject metadata = manifest.object("metadata");
        JsonObject annotations = metadata.object("annotations").without(LAST_APPLIED);
        return GoJson.write(manifest.with("metadata", metadata.with("annotations", annotations))) + "\n";
    }

    private static JsonObject annotated(JsonObject manifest) {
        JsonObject metadata = manifest.object("metadata");
        JsonObject annotations = metadata.object("annotations").with(LAST_APPLIED, lastAppliedText(manifest));
        return manifest.with("metadata", metadata.with("annotations", annotations));
    }

    /** kubectl since 1.31 leaves nulls in maps out of what it creates. */
    private static Json withoutNulls(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject out = object;
            for (int i = 0; i < object.size(); i++) {
                Json item = object.valueAt(i);
                out = item.isNull() ? out.without(object.keyAt(i)) : out.with(object.keyAt(i), withoutNulls(item));
            }
            return out;
        }
        if (value instanceof JsonArray array) {
            List<Json> items = new java.util.ArrayList<>(array.size());
            array.forEach(item -> items.add(withoutNulls(item)));
            return JsonArray.of(items);
        }
        return value;
    }
}
