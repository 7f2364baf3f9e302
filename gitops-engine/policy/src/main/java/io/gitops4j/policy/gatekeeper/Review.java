package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** One object under review: the admission request, and what the matcher must know beside it. Source: rego §2.2. */
final class Review {
    private final JsonObject request;
    private final @Nullable JsonObject namespace;
    private final boolean generated;
    private final JsonObject object;
    private final JsonObject oldObject;
    private final String group;
    private final String kindName;
    private @Nullable Value value;
    private @Nullable JsonObject celRequest;

    private Review(JsonObject request, @Nullable JsonObject namespace, boolean generated) {
        this.request = request;
        this.namespace = namespace;
        this.generated = generated;
        object = request.object("object");
        oldObject = request.object("oldObject");
        group = request.object("kind").text("group", "");
        kindName = request.object("kind").text("kind", "");
    }

    /** The review of an object that nobody has asked to write. */
    static Review ofObject(JsonObject object, @Nullable JsonObject namespace, boolean generated) {
        Gvk gvk = Gvk.of(object.text("apiVersion", ""), object.text("kind", ""));
        JsonObject metadata = object.object("metadata");
        JsonObject.Builder request =
                JsonObject.builder().put("uid", "").put("kind", kind(gvk)).put("resource", kindless());
        String name = metadata.text("name", "");
        if (!name.isEmpty()) {
            request.put("name", name);
        }
        String space = metadata.text("namespace", "");
        if (!space.isEmpty()) {
            request.put("namespace", space);
        }
        request.put("operation", "")
                .put("userInfo", JsonObject.empty())
                .put("object", object)
                .put("oldObject", Json.nul())
                .put("options", Json.nul());
        return new Review(withNamespace(request.build(), namespace), namespace, generated);
    }

    /** The review of an admission request. */
    static Review ofRequest(JsonObject given, @Nullable JsonObject namespace) {
        JsonObject request = given;
        for (String member : new String[] {"uid", "operation"}) {
            request = request.has(member) ? request : request.with(member, "");
        }
        for (String member : new String[] {"object", "oldObject", "options"}) {
            request = request.has(member) ? request : request.with(member, Json.nul());
        }
        request = request.has("userInfo") ? request : request.with("userInfo", JsonObject.empty());
        request = request.has("resource") ? request : request.with("resource", kindless());
        if ("DELETE".equals(request.text("operation"))
                && request.object("object").isEmpty()) {
            Json old = request.get("oldObject");
            request = request.with("object", old == null ? Json.nul() : old);
        }
        return new Review(withNamespace(request, namespace), namespace, false);
    }

    private static JsonObject withNamespace(JsonObject request, @Nullable JsonObject namespace) {
        return request.with("namespaceObject", namespace == null ? JsonObject.empty() : namespace);
    }

    private static JsonObject kind(Gvk gvk) {
        return JsonObject.builder()
                .put("group", gvk.group())
                .put("version", gvk.version())
                .put("kind", gvk.kind())
                .build();
    }

    private static JsonObject kindless() {
        return JsonObject.builder()
                .put("group", "")
                .put("version", "")
                .put("resource", "")
                .build();
    }

    /** This review as in a namespace, if the object has none of its own. */
    Review assuming(String space) {
        boolean needless = space.isEmpty() || !request.text("namespace", "").isEmpty();
        return needless ? this : new Review(request.with("namespace", space), namespace, generated);
    }

    JsonObject request() {
        return request;
    }

    /** The request as the evaluator wants it, made once. */
    Value value() {
        Value known = value;
        if (known == null) {
            known = Value.of(request);
            value = known;
        }
        return known;
    }

    /** The request as CEL wants it, made once: the namespace is null where it is not known. */
    JsonObject celRequest() {
        JsonObject known = celRequest;
        if (known == null) {
            known = request.with("namespaceObject", namespace == null ? Json.nul() : namespace);
            celRequest = known;
        }
        return known;
    }

    /** The object after the operation, {@code {}} when there is none. */
    JsonObject object() {
        return object;
    }

    /** The object before it, {@code {}} when there is none. */
    JsonObject oldObject() {
        return oldObject;
    }

    String group() {
        return group;
    }

    String kindName() {
        return kindName;
    }

    /** The Namespace object of the object's namespace, {@code null} when it is not known. */
    @Nullable
    JsonObject namespaceObject() {
        return namespace;
    }

    boolean isGenerated() {
        return generated;
    }

    ResourceKey key() {
        JsonObject subject = object().isEmpty() ? oldObject() : object();
        return Manifest.trusted(subject, Origin.memory()).key();
    }
}
