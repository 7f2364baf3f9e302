package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.patch.JsonMergePatch;
import io.gitops4j.patch.JsonPatch;
import io.gitops4j.patch.strategic.StrategicMerge;
import io.gitops4j.problem.Outcome;
import io.gitops4j.schema.SchemaType;

/**
 * Applies patches to objects, with the server's refusals.
 *
 * <p>Source: k8s-apply §5.3.
 */
final class PatchFormats {
    private PatchFormats() {}

    static Json apply(PatchType format, SchemaType type, JsonObject live, Json patch) {
        if (format == PatchType.JSON) {
            return json(live, patch);
        }
        if (!(patch instanceof JsonObject changes)) {
            throw Refusals.badRequest("error decoding patch: json: cannot unmarshal " + kind(patch)
                    + " into Go value of type map[string]interface {}");
        }
        return format == PatchType.STRATEGIC ? strategic(type, live, changes) : JsonMergePatch.apply(live, changes);
    }

    private static Json strategic(SchemaType type, JsonObject live, JsonObject patch) {
        Outcome<JsonObject> merged = StrategicMerge.apply(live, patch, type);
        JsonObject result = merged.orNull();
        if (result == null) {
            throw Refusals.internal(merged.problems().get(0).text());
        }
        return result;
    }

    private static Json json(JsonObject live, Json patch) {
        if (!(patch instanceof JsonArray operations)) {
            throw Refusals.badRequest("error decoding patch: json: cannot unmarshal " + kind(patch)
                    + " into Go value of type []handlers.jsonPatchOp");
        }
        if (operations.size() > JsonPatch.MAX_OPERATIONS) {
            throw Refusals.of(
                    413,
                    "RequestEntityTooLarge",
                    "The allowed maximum operations in a JSON patch is " + JsonPatch.MAX_OPERATIONS + ", got "
                            + operations.size(),
                    JsonObject.empty());
        }
        Outcome<Json> patched = JsonPatch.parse(patch).then(parsed -> parsed.apply(live, JsonPatch.Rules.GO));
        Json result = patched.orNull();
        if (result == null) {
            throw rejected();
        }
        return result;
    }

    private static ApiException rejected() {
        return Refusals.of(
                422, "Invalid", "the server rejected our request due to an error in our request", JsonObject.empty());
    }

    private static String kind(Json value) {
        return switch (value.kind()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOL -> "bool";
            case NULL -> "null";
        };
    }
}
