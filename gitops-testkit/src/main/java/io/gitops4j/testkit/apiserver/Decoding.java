package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/** From what a client sends to an object of the request's version. */
final class Decoding {

    /** The body of a POST. */
    JsonObject create(WriteContext write) {
        return typed(write, body(write));
    }

    /** The body of a PUT. */
    JsonObject update(WriteContext write) {
        return typed(write, body(write));
    }

    /** {@code live} with the request's patch applied. */
    JsonObject patched(WriteContext write, JsonObject live) {
        Json patch = write.request.body();
        if (patch == null) {
            throw Refusals.badRequest("error decoding patch: unexpected end of JSON input");
        }
        if (write.request.patchType() == PatchType.STRATEGIC && write.type.isCustom()) {
            throw Refusals.unsupportedPatch(
                    "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
        }
        Json patched = PatchFormats.apply(write.request.patchType(), live, patch);
        if (!(patched instanceof JsonObject object)) {
            throw Refusals.badRequest("a patch cannot make an object something else");
        }
        return typed(write, object);
    }

    /** The body of a server-side apply. */
    JsonObject configuration(WriteContext write) {
        JsonObject body = body(write);
        if (!write.type.describes(body, write.version)) {
            throw Refusals.badRequest("invalid object type: " + groupVersion(body) + ", Kind=" + body.text("kind", ""));
        }
        if (body.object("metadata").has("managedFields")) {
            throw Refusals.badRequest("metadata.managedFields must be nil");
        }
        return body;
    }

    /** What server-side apply has merged, as an object of the kind. */
    JsonObject merged(WriteContext write, JsonObject merged) {
        return merged;
    }

    private JsonObject typed(WriteContext write, JsonObject body) {
        return write.type.describes(body, write.version)
                ? body
                : body.with("apiVersion", Json.of(write.apiVersion())).with("kind", Json.of(write.type.kind()));
    }

    private static JsonObject body(WriteContext write) {
        Json body = write.request.body();
        if (body instanceof JsonObject object) {
            return object;
        }
        throw Refusals.badRequest("the body is not an object");
    }

    /** {@code group/version} as errors print it: a leading slash for the core group. */
    static String groupVersion(JsonObject body) {
        String apiVersion = body.text("apiVersion", "");
        return apiVersion.indexOf('/') >= 0 ? apiVersion : "/" + apiVersion;
    }
}
