package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.testkit.apiserver.ApiRequest.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, by the Roles and bindings in the cluster. Members of {@code system:masters} may do everything; when RBAC is
 * off, so may everybody.
 */
final class Rbac {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final ServerState server;
    private final boolean on;

    Rbac(ServerState server, boolean on) {
        this.server = server;
        this.on = on;
    }

    /**
     * What is asked for.
     *
     * @param resource plural, with {@code /subresource} where there is one
     * @param name name of the object, {@code ""} for none
     */
    record Attributes(String verb, String group, String resource, String namespace, String name) {}

    /** Refuses what the user may not do. */
    void require(ApiRequest request, ResourceType type) {
        if (!on) {
            return;
        }
        String sub = request.ref().subresource();
        Attributes asked = new Attributes(
                request.verb().wire(),
                type.group(),
                sub.isEmpty() ? type.plural() : type.plural() + "/" + sub,
                request.ref().namespace(),
                request.ref().name());
        if (!allows(request.user(), asked)) {
            String where = asked.namespace().isEmpty()
                    ? "at the cluster scope"
                    : "in the namespace \"" + asked.namespace() + "\"";
            throw Refusals.forbidden(
                    type,
                    asked.name(),
                    "User \"" + request.user().name() + "\" cannot " + asked.verb() + " resource \"" + asked.resource()
                            + "\" in API group \"" + asked.group() + "\" " + where);
        }
    }

    /** Whether a user may do something. */
    boolean allows(User user, Attributes asked) {
        if (!on || user.groups().contains("system:masters")) {
            return true;
        }
        for (JsonObject rule : rules(user, asked.namespace())) {
            if (has(rule, "verbs", asked.verb())
                    && has(rule, "apiGroups", asked.group())
                    && hasResource(rule, asked.resource())
                    && (rule.array("resourceNames").isEmpty() || has(rule, "resourceNames", asked.name()))) {
                return true;
            }
        }
        return false;
    }

    /** The rules that hold for a user in a namespace, cluster-wide ones first. */
    List<JsonObject> rules(User user, String namespace) {
        List<JsonObject> rules = new ArrayList<>();
        if (!on || user.groups().contains("system:masters")) {
            JsonArray all = JsonArray.of(Json.of("*"));
            rules.add(JsonObject.builder()
                    .put("verbs", all)
                    .put("apiGroups", all)
                    .put("resources", all)
                    .build());
            return rules;
        }
        for (JsonObject binding : objects("clusterrolebindings", "")) {
            if (binds(binding, user)) {
                rules.addAll(rulesOf(binding.object("roleRef"), ""));
            }
        }
        for (JsonObject binding : namespace.isEmpty() ? List.<JsonObject>of() : objects("rolebindings", namespace)) {
            if (binds(binding, user)) {
                rules.addAll(rulesOf(binding.object("roleRef"), namespace));
            }
        }
        return rules;
    }

    private List<JsonObject> objects(String plural, String namespace) {
        ResourceType type = server.types.named(GROUP, plural);
        List<JsonObject> objects = new ArrayList<>();
        if (type != null) {
            server.store.of(type).objects().forEach((key, object) -> {
                if (namespace.isEmpty() || key.namespace().equals(namespace)) {
                    objects.add(object);
                }
            });
        }
        return objects;
    }

    private List<JsonObject> rulesOf(JsonObject reference, String namespace) {
        boolean cluster = reference.text("kind", "").equals("ClusterRole");
        ResourceType type = server.types.named(GROUP, cluster ? "clusterroles" : "roles");
        @Nullable
        JsonObject role =
                type == null ? null : server.store.get(type, cluster ? "" : namespace, reference.text("name", ""));
        return role == null ? List.of() : Checks.objects(role.array("rules"));
    }

    private static boolean binds(JsonObject binding, User user) {
        for (JsonObject subject : Checks.objects(binding.array("subjects"))) {
            String name = subject.text("name", "");
            boolean hit = switch (subject.text("kind", "")) {
                case "User" -> name.equals(user.name());
                case "Group" -> user.groups().contains(name);
                case "ServiceAccount" ->
                    user.name().equals("system:serviceaccount:" + subject.text("namespace", "") + ":" + name);
                default -> false;
            };
            if (hit) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonObject rule, String field, String value) {
        List<String> values = MetadataRules.texts(rule.array(field));
        return values.contains("*") || values.contains(value);
    }

    private static boolean hasResource(JsonObject rule, String resource) {
        int slash = resource.indexOf('/');
        return has(rule, "resources", resource)
                || (slash > 0
                        && MetadataRules.texts(rule.array("resources")).contains("*" + resource.substring(slash)));
    }
}
