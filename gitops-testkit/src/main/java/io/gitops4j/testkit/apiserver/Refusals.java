package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ApiStatus;
import io.gitops4j.cluster.ApiStatus.Cause;
import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The server's refusals in its own words.
 *
 * <p>Source: k8s-apply §5.2.
 */
final class Refusals {
    static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try again";

    private Refusals() {}

    static ApiException notFound(ResourceType type, String name) {
        return of(404, "NotFound", type.qualifiedResource() + " \"" + name + "\" not found", details(type, name));
    }

    static ApiException unknownPath() {
        return of(404, "NotFound", "the server could not find the requested resource", JsonObject.empty());
    }

    static ApiException alreadyExists(ResourceType type, String name, boolean beingDeleted) {
        String text = (beingDeleted ? "object is being deleted: " : "") + type.qualifiedResource() + " \"" + name
                + "\" already exists";
        return of(409, "AlreadyExists", text, details(type, name));
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualifiedResource() + " \"" + name + "\": " + why,
                details(type, name));
    }

    static ApiException badRequest(String message) {
        return of(400, "BadRequest", message, JsonObject.empty());
    }

    static ApiException forbidden(ResourceType type, String name, String why) {
        String quoted = name.isEmpty() ? "" : " \"" + name + "\"";
        return of(403, "Forbidden", type.qualifiedResource() + quoted + " is forbidden: " + why, details(type, name));
    }

    static ApiException internal(String message) {
        return of(500, "", message, JsonObject.empty());
    }

    static ApiException expired(String message) {
        return of(410, "Expired", message, JsonObject.empty());
    }

    static ApiException unsupportedPatch(String accepted) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted,
                JsonObject.empty());
    }

    static ApiException methodNotAllowed() {
        return of(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                JsonObject.empty());
    }

    /** 422 for one or more errors of fields. */
    static ApiException invalid(String group, String kind, String name, List<FieldError> errors) {
        String subject = group.isEmpty() ? kind : kind + "." + group;
        List<FieldError> distinct = errors.stream().distinct().toList();
        List<String> texts = distinct.stream().map(FieldError::toString).toList();
        String text = texts.size() == 1 ? texts.get(0) : texts.stream().collect(Collectors.joining(", ", "[", "]"));
        JsonObject.Builder details = JsonObject.builder();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
        List<Cause> causes = errors.stream()
                .map(error -> new Cause(error.type().reason(), error.detail(), error.field()))
                .toList();
        return new ApiException(
                new ApiStatus(422, "Invalid", subject + " \"" + name + "\" is invalid: " + text, details.build())
                        .withCauses(causes));
    }

    static ApiException of(int code, String reason, String message, JsonObject details) {
        return new ApiException(new ApiStatus(code, reason, message, details));
    }

    static JsonObject details(ResourceType type, String name) {
        JsonObject.Builder details = JsonObject.builder();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", type.plural()).build();
    }
}
