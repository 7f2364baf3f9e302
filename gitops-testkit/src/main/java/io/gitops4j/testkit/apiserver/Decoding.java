package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ApiRequest.Params;
import java.util.ArrayList;
import java.util.List;

/**
 * From what a client sends to an object of the request's version: kind checked, unknown fields dropped and reported, values in
 * the server's own form.
 *
 * <p>Source: k8s-apply §5.3 (fieldValidation), §5.6 (pruning).
 */
final class Decoding {
    static final String ACCEPTED_FOR_CUSTOM =
            "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    private final Schemas schemas;

    Decoding(Schemas schemas) {
        this.schemas = schemas;
    }

    /** The body of a POST or PUT. */
    JsonObject body(WriteContext write) {
        JsonObject body = object(write);
        ResourceType type = write.type;
        String kind = body.text("kind", "");
        String apiVersion = body.text("apiVersion", "");
        if (!kind.isEmpty() && !apiVersion.isEmpty() && !type.describes(body, write.version)) {
            throw wrongKind(write, body);
        }
        JsonObject named = body.with("apiVersion", Json.of(write.apiVersion())).with("kind", Json.of(type.kind()));
        List<String> strict = new ArrayList<>(write.request.params().strictErrors());
        JsonObject read;
        try {
            read = read(write, named, strict, false);
        } catch (TypedForm.Mismatch mismatch) {
            throw cannotBeHandled(write, mismatch.why());
        }
        String errors = report(write, strict);
        if (errors != null) {
            throw cannotBeHandled(write, errors);
        }
        return read;
    }

    /** {@code live} with the request's patch applied. */
    JsonObject patched(WriteContext write, JsonObject live) {
        Json patch = write.request.body();
        PatchType format = write.request.patchType();
        if (patch == null || format == null) {
            throw Refusals.badRequest("error decoding patch: unexpected end of JSON input");
        }
        if (format == PatchType.STRATEGIC && write.type.isCustom()) {
            throw Refusals.unsupportedPatch(ACCEPTED_FOR_CUSTOM);
        }
        String quoted =
                format == PatchType.STRATEGIC ? Json.of(GoValues.print(patch)).toJson() : "\"{}\"";
        Json patched = PatchFormats.apply(format, schemas.type(write.type, write.version), live, patch);
        if (!(patched instanceof JsonObject object)) {
            throw invalidPatch(quoted, "json: cannot unmarshal into Go value of type v1." + write.type.kind());
        }
        if (!write.type.describes(object, write.version)) {
            throw patchedKind(write, object);
        }
        List<String> strict = new ArrayList<>(write.request.params().strictErrors());
        JsonObject read;
        try {
            read = read(write, object, strict, format == PatchType.STRATEGIC);
        } catch (TypedForm.Mismatch mismatch) {
            throw invalidPatch(quoted, mismatch.why());
        }
        String errors = report(write, strict);
        if (errors != null) {
            throw invalidPatch(quoted, errors);
        }
        return read;
    }

    /** The body of a server-side apply. */
    JsonObject configuration(WriteContext write) {
        JsonObject body = object(write);
        if (!write.type.describes(body, write.version)) {
            throw Refusals.badRequest("invalid object type: " + groupVersion(body) + ", Kind=" + body.text("kind", ""));
        }
        List<String> strict = write.request.params().strictErrors();
        for (String each : strict) {
            write.warn(each);
        }
        return body;
    }

    /** What server-side apply has merged, as an object of the kind. */
    JsonObject merged(WriteContext write, JsonObject merged) {
        try {
            return read(write, merged, new ArrayList<>(), true);
        } catch (TypedForm.Mismatch mismatch) {
            JsonObject metadata = merged.object("metadata");
            String gvk = groupVersion(merged) + ", Kind=" + write.type.kind();
            throw Refusals.internal("failed to convert new object (" + metadata.text("namespace", "") + "/"
                    + metadata.text("name", "") + "; " + gvk
                    + ") to proper version: unable to convert unstructured object to " + gvk + ": "
                    + mismatch.why());
        }
    }

    private static JsonObject withoutManaged(JsonObject object) {
        JsonObject metadata = object.object("metadata");
        return metadata.has("managedFields") ? object.with("metadata", metadata.without("managedFields")) : object;
    }

    private JsonObject read(WriteContext write, JsonObject object, List<String> strict, boolean unstructured) {
        CustomType custom = write.type.crd();
        if (custom != null) {
            return CustomForm.read(custom.schema(write.version), object, strict);
        }
        TypedForm form = new TypedForm(unstructured);
        JsonObject read = form.read(schemas.type(write.type, write.version), withoutManaged(object));
        Json managed = object.object("metadata").get("managedFields");
        if (managed != null) {
            read = read.with("metadata", read.object("metadata").with("managedFields", managed));
        }
        form.unknownFields().forEach(path -> strict.add("unknown field \"" + path + "\""));
        String kind = write.type.kind();
        if (write.type.group().isEmpty() && (kind.equals("ConfigMap") || kind.equals("Secret"))) {
            TypedForm.requireBase64(kind.equals("Secret") ? read : read.without("data"));
        }
        return read;
    }

    /** The strict errors to refuse with, or {@code null} after they have become warnings. */
    private static @org.jspecify.annotations.Nullable String report(WriteContext write, List<String> strict) {
        String validation = write.request.params().fieldValidation();
        if (strict.isEmpty() || "Ignore".equals(validation)) {
            return null;
        }
        if ("Strict".equals(validation)) {
            return "strict decoding error: " + String.join(", ", strict);
        }
        strict.forEach(write::warn);
        return null;
    }

    private static JsonObject object(WriteContext write) {
        Json body = write.request.body();
        if (body instanceof JsonObject object) {
            return object;
        }
        if (write.request.patchType() == PatchType.APPLY && (body == null || body.isNull())) {
            return JsonObject.empty();
        }
        Params params = write.request.params();
        throw Refusals.badRequest("the object provided is unrecognized (must be of type " + write.type.kind() + ")"
                + (params.strictErrors().isEmpty() ? "" : ": " + String.join(", ", params.strictErrors())));
    }

    private static RuntimeException wrongKind(WriteContext write, JsonObject body) {
        String version = body.text("apiVersion", "");
        version = version.substring(version.lastIndexOf('/') + 1);
        String kind = body.text("kind", "");
        boolean custom = write.type.isCustom();
        if (custom) {
            return Refusals.badRequest("the API version in the data (" + body.text("apiVersion", "")
                    + ") does not match the expected API version (" + write.apiVersion() + ")");
        }
        String internal =
                write.type.group().isEmpty() ? "core" : write.type.group().split("\\.", -1)[0];
        return Refusals.badRequest(kind + " in version \"" + version + "\" cannot be handled as a " + write.type.kind()
                + ": converting (" + version + "." + kind + ") to (" + internal + "." + write.type.kind()
                + "): unknown conversion");
    }

    private static RuntimeException patchedKind(WriteContext write, JsonObject object) {
        String kind = object.text("kind", "");
        JsonObject metadata = object.object("metadata");
        if (write.type.isCustom()) {
            if (!write.apiVersion().equals(object.text("apiVersion"))) {
                return Refusals.invalid(
                        write.type.group(),
                        kind,
                        metadata.text("name", ""),
                        List.of(FieldError.invalid(
                                "apiVersion", object.text("apiVersion", ""), "must be " + write.apiVersion())));
            }
            return Refusals.invalid(
                    write.type.group(),
                    kind,
                    metadata.text("name", ""),
                    List.of(FieldError.invalid("kind", kind, "must be " + write.type.kind())));
        }
        return invalidPatch(
                "\"{}\"",
                "no kind \"" + kind + "\" is registered for version \"" + object.text("apiVersion", "")
                        + "\" in scheme \"pkg/runtime/scheme.go:111\"");
    }

    /** A patch whose result is no object of the kind. The server quotes the whole result. */
    private static RuntimeException invalidPatch(String quoted, String why) {
        return Refusals.invalid("", "", "", List.of(FieldError.invalidText("patch", quoted, why)));
    }

    private static RuntimeException cannotBeHandled(WriteContext write, String why) {
        return Refusals.badRequest(write.type.kind() + " in version \"" + write.version + "\" cannot be handled as a "
                + write.type.kind() + ": " + why);
    }

    /** {@code group/version} as errors print it: a leading slash for the core group. */
    static String groupVersion(JsonObject body) {
        String apiVersion = body.text("apiVersion", "");
        return apiVersion.indexOf('/') >= 0 ? apiVersion : "/" + apiVersion;
    }
}
