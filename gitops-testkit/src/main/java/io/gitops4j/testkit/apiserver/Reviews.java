package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import java.util.List;

/** Kinds that are questions: who am I, may I, what may I. They are answered and never stored. */
final class Reviews {
    private final Rbac rbac;

    Reviews(Rbac rbac) {
        this.rbac = rbac;
    }

    ApiResponse answer(ApiRequest request, ResourceType type) {
        JsonObject body = request.body() instanceof JsonObject object ? object : JsonObject.empty();
        JsonObject spec = body.object("spec");
        JsonObject status = switch (type.kind()) {
            case "SelfSubjectAccessReview" -> access(request.user(), spec);
            case "SubjectAccessReview", "LocalSubjectAccessReview" ->
                access(new User(spec.text("user", ""), MetadataRules.texts(spec.array("groups"))), spec);
            case "SelfSubjectRulesReview" -> rules(request.user(), spec.text("namespace", ""));
            case "SelfSubjectReview" -> JsonObject.of("userInfo", user(request.user()));
            case "TokenReview" ->
                JsonObject.builder()
                        .put("authenticated", true)
                        .put("user", user(request.user()))
                        .build();
            default -> throw Refusals.methodNotAllowed();
        };
        JsonObject answer = body.with(
                        "apiVersion", type.apiVersion(request.gvk().version()))
                .with("kind", type.kind())
                .with("status", status);
        return new ApiResponse(201, Edit.into(answer, "metadata", metadata -> metadata), List.of(), false);
    }

    private JsonObject access(User user, JsonObject spec) {
        JsonObject asked = spec.object("resourceAttributes");
        boolean allowed;
        if (spec.has("resourceAttributes")) {
            String sub = asked.text("subresource", "");
            String resource = asked.text("resource", "");
            allowed = rbac.allows(
                    user,
                    new Rbac.Attributes(
                            asked.text("verb", ""),
                            asked.text("group", ""),
                            sub.isEmpty() ? resource : resource + "/" + sub,
                            asked.text("namespace", ""),
                            asked.text("name", "")));
        } else {
            allowed = user.groups().contains("system:masters")
                    || rbac.rules(user, "").stream()
                            .anyMatch(rule -> !rule.array("nonResourceURLs").isEmpty());
        }
        return JsonObject.of("allowed", Json.of(allowed));
    }

    private JsonObject rules(User user, String namespace) {
        JsonArray.Builder resources = JsonArray.builder();
        rbac.rules(user, namespace).forEach(resources::add);
        return JsonObject.builder()
                .put("resourceRules", resources.build())
                .put("nonResourceRules", JsonArray.empty())
                .put("incomplete", false)
                .build();
    }

    private static JsonObject user(User user) {
        JsonArray.Builder groups = JsonArray.builder();
        user.groups().forEach(groups::add);
        return JsonObject.builder()
                .put("username", user.name())
                .put("groups", groups.build())
                .build();
    }
}
