package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * A write under review, with what policies ask about it.
 *
 * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
 * @param resource name of the resource, {@code deployments}
 * @param subresource {@code ""} for the object itself
 * @param object after the write, {@code null} for a delete
 * @param oldObject before it, {@code null} for a create
 * @param user who writes
 * @param namespace the Namespace object, {@code null} when cluster-scoped or unknown
 */
record AdmissionRequest(
        String operation,
        String resource,
        String subresource,
        @Nullable JsonObject object,
        @Nullable JsonObject oldObject,
        String user,
        @Nullable JsonObject namespace) {

    /** The object that the write is about. */
    JsonObject subject() {
        JsonObject after = object;
        JsonObject before = oldObject;
        return after != null ? after : before != null ? before : JsonObject.empty();
    }

    ResourceKey key() {
        return Manifest.trusted(subject(), Origin.memory()).key();
    }

    Gvk gvk() {
        return Gvk.of(subject().text("apiVersion", ""), subject().text("kind", ""));
    }

    String name() {
        return subject().object("metadata").text("name", "");
    }

    String namespaceName() {
        return gvk().kind().equals("Namespace") && gvk().group().isEmpty()
                ? name()
                : subject().object("metadata").text("namespace", "");
    }

    /** Whether the object lives in no namespace; Namespace objects do not. */
    boolean isClusterScoped() {
        return subject().object("metadata").text("namespace", "").isEmpty();
    }

    /** As {@code request} shows it. */
    JsonObject toJson() {
        Gvk gvk = gvk();
        JsonObject kind = JsonObject.builder()
                .put("group", gvk.group())
                .put("version", gvk.version())
                .put("kind", gvk.kind())
                .build();
        JsonObject target = JsonObject.builder()
                .put("group", gvk.group())
                .put("version", gvk.version())
                .put("resource", resource)
                .build();
        JsonObject.Builder request = JsonObject.builder()
                .put("kind", kind)
                .put("resource", target)
                .put("requestKind", kind)
                .put("requestResource", target)
                .put("operation", operation)
                .put("userInfo", JsonObject.of("username", Json.of(user)))
                .put("dryRun", false);
        if (!subresource.isEmpty()) {
            request.put("subResource", subresource).put("requestSubResource", subresource);
        }
        if (!name().isEmpty()) {
            request.put("name", name());
        }
        if (!namespaceName().isEmpty()) {
            request.put("namespace", namespaceName());
        }
        return request.build();
    }
}
