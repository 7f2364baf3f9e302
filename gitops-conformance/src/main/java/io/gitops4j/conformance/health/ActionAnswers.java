package io.gitops4j.conformance.health;

import io.gitops4j.health.ActionEffect;
import io.gitops4j.health.ResourceAction;
import io.gitops4j.health.ResourceActions;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our answers to the cases about resource actions. */
final class ActionAnswers {
    private static final Instant NOW = Instant.parse("2222-11-11T03:04:05Z");
    private static final String NOW_TEXT = NOW.toString();
    private static final String NOW_STAMP = "22221111030405";
    private static final String MARK = "@NOW@";

    private ActionAnswers() {}

    static Json discovery(JsonObject object) {
        JsonArray.Builder actions = JsonArray.builder();
        for (ResourceAction action : ResourceActions.standard().discover(object)) {
            JsonObject.Builder each = JsonObject.builder();
            if (action.disabled()) {
                each.put("disabled", true);
            }
            if (!action.displayName().isEmpty()) {
                each.put("displayName", action.displayName());
            }
            if (!action.iconClass().isEmpty()) {
                each.put("iconClass", action.iconClass());
            }
            each.put("name", action.name());
            if (!action.params().isEmpty()) {
                JsonArray.Builder params = JsonArray.builder();
                action.params().forEach(param -> params.add(JsonObject.of("name", Json.of(param))));
                each.put("params", params.build());
            }
            actions.add(each.build());
        }
        return JsonObject.of("actions", actions.build());
    }

    static Json run(JsonObject in) {
        Map<String, String> params = new LinkedHashMap<>();
        in.object("parameters").forEach((name, value) -> params.put(name, String.valueOf(value.textOrNull())));
        Outcome<List<ActionEffect>> outcome =
                ResourceActions.standard().run(in.object("object"), in.text("action", ""), params, NOW);
        if (!outcome.ok()) {
            return JsonObject.of("error", Json.of(outcome.errors().get(0).text()), "resources", JsonArray.empty());
        }
        JsonArray.Builder resources = JsonArray.builder();
        for (ActionEffect effect : outcome.orThrow()) {
            resources.add(JsonObject.builder()
                    .put("object", marked(effect.object()))
                    .put("operation", effect.operation().wire())
                    .build());
        }
        return JsonObject.of("error", Json.nul(), "resources", resources.build());
    }

    /** The actions sorted by name. */
    static Json byName(Json answer) {
        if (!(answer instanceof JsonObject object) || !object.has("actions")) {
            return answer;
        }
        List<Json> actions = new ArrayList<>(object.array("actions").items());
        actions.sort(Comparator.comparing(action -> String.valueOf(action.find("name"))));
        return object.with("actions", JsonArray.of(actions));
    }

    private static Json marked(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder marked = JsonObject.builder(object.size());
            object.forEach((key, each) -> marked.put(key, marked(each)));
            return marked.build();
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder marked = JsonArray.builder();
            array.forEach(each -> marked.add(marked(each)));
            return marked.build();
        }
        return value instanceof JsonString text
                ? Json.of(text.value().replace(NOW_TEXT, MARK).replace(NOW_STAMP, MARK))
                : value;
    }
}
