package io.gitops4j.health;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.ActionEffect.Operation;
import io.gitops4j.health.internal.ActionScript;
import io.gitops4j.health.internal.Condition;
import io.gitops4j.health.internal.RuleSyntaxException;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNull;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actions on live objects (restart, pause, resume, scale, …), as a table: for each kind a list of actions, each with conditions over
 * the object ({@code shown}, {@code disabled}) and a script ({@code do}). Pure: an action answers with the objects to patch or create.
 * Actions are listed in the order of the table.
 */
public final class ResourceActions {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    private final Map<String, List<Entry>> byKind;

    private ResourceActions(Map<String, List<Entry>> byKind) {
        this.byKind = byKind;
    }

    private record Entry(ResourceAction action, Condition shown, Condition disabled, ActionScript script) {}

    /** The actions of every kind that Argo CD 3.6 has actions for. */
    public static ResourceActions standard() {
        return Standard.ACTIONS;
    }

    /** The actions that {@code yaml} defines, or {@code HEALTH_ACTION_FORM} and {@code HEALTH_ACTION_SYNTAX} problems. */
    public static Outcome<ResourceActions> parse(String file, String yaml) {
        return YamlReader.kubectl().read(file, yaml).then(value -> compile(file, value));
    }

    /** The actions on {@code live} in its present state. */
    public List<ResourceAction> discover(JsonObject live) {
        List<ResourceAction> actions = new ArrayList<>();
        for (Entry entry : entries(live)) {
            if (entry.shown().holds(live)) {
                ResourceAction action = entry.action();
                actions.add(new ResourceAction(
                        action.name(),
                        entry.disabled().holds(live),
                        action.displayName(),
                        action.iconClass(),
                        action.params()));
            }
        }
        return List.copyOf(actions);
    }

    /**
     * What the action {@code name} does to {@code live} at {@code now}; {@code ACTION_UNKNOWN} when the kind has no such action,
     * {@code ACTION_REFUSED} when a parameter or the object's state forbids it.
     */
    public Outcome<List<ActionEffect>> run(JsonObject live, String name, Map<String, String> params, Instant now) {
        for (Entry entry : entries(live)) {
            if (entry.action().name().equals(name)) {
                return run(entry.script(), live, params, now);
            }
        }
        return Outcome.failed(
                Problem.error("ACTION_UNKNOWN", "built-in action \"" + name + "\" does not exist for " + key(live)));
    }

    private static Outcome<List<ActionEffect>> run(
            ActionScript script, JsonObject live, Map<String, String> params, Instant now) {
        JsonObject.Builder values = JsonObject.builder();
        params.forEach(values::put);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ActionScript.Run run = script.run(live, time, STAMP.format(now), values.build());
        String error = run.error();
        if (error != null) {
            return Outcome.failed(Problem.error("ACTION_REFUSED", error));
        }
        List<ActionEffect> effects = new ArrayList<>();
        if (run.created().isEmpty()) {
            effects.add(new ActionEffect(Operation.PATCH, (JsonObject) withoutNulls(run.object())));
        }
        run.created().forEach(object -> effects.add(new ActionEffect(Operation.CREATE, object)));
        return Outcome.of(List.copyOf(effects));
    }

    private List<Entry> entries(JsonObject live) {
        return byKind.getOrDefault(key(live), List.of());
    }

    private static String key(JsonObject live) {
        String apiVersion = live.text("apiVersion", "");
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? live.text("kind", "") : apiVersion.substring(0, slash) + "/" + live.text("kind", "");
    }

    /** A member that is null says the same as one that is not there, and a patch must not send it. */
    private static Json withoutNulls(Json value) {
        if (value instanceof JsonObject object) {
            JsonObject.Builder kept = JsonObject.builder(object.size());
            object.forEach((key, each) -> {
                if (each != JsonNull.NULL) {
                    kept.put(key, withoutNulls(each));
                }
            });
            return kept.build();
        }
        if (value instanceof JsonArray array) {
            JsonArray.Builder items = JsonArray.builder();
            array.forEach(item -> items.add(withoutNulls(item)));
            return items.build();
        }
        return value;
    }

    private static Outcome<ResourceActions> compile(String file, Json value) {
        Map<String, List<Entry>> byKind = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Json each : value instanceof JsonArray entries ? entries : JsonArray.of(value)) {
            JsonArray kinds = each instanceof JsonObject entry ? entry.array("kinds") : JsonArray.empty();
            JsonArray actions = each instanceof JsonObject entry ? entry.array("actions") : JsonArray.empty();
            if (kinds.isEmpty() || actions.isEmpty()) {
                problems.add(problem(file, "HEALTH_ACTION_FORM", "an entry has a list 'kinds' and a list 'actions'"));
                continue;
            }
            List<Entry> compiled = new ArrayList<>();
            for (Json action : actions) {
                Entry entry = action instanceof JsonObject object ? entry(file, object, kinds, problems) : null;
                if (entry != null) {
                    compiled.add(entry);
                }
            }
            kinds.forEach(kind -> byKind.put(String.valueOf(kind.textOrNull()), List.copyOf(compiled)));
        }
        return problems.isEmpty() ? Outcome.of(new ResourceActions(byKind)) : Outcome.failed(problems);
    }

    private static @Nullable Entry entry(String file, JsonObject action, JsonArray kinds, List<Problem> problems) {
        List<String> params = new ArrayList<>();
        action.array("params").forEach(param -> params.add(String.valueOf(param.textOrNull())));
        String name = action.text("name", "");
        try {
            return new Entry(
                    new ResourceAction(name, false, action.text("title", ""), action.text("icon", ""), params),
                    Condition.parse(action.text("shown", "true")),
                    Condition.parse(action.text("disabled", "false")),
                    ActionScript.parse(action.text("do", "")));
        } catch (RuleSyntaxException e) {
            String text = "the action " + name + " of " + kinds.get(0).textOrNull() + ", " + e.getMessage();
            problems.add(problem(file, "HEALTH_ACTION_SYNTAX", text));
            return null;
        }
    }

    private static Problem problem(String file, String code, String text) {
        return Problem.error(code, text).at(Where.file(file));
    }

    /** Compiled at first use. */
    private static final class Standard {
        static final ResourceActions ACTIONS = load();

        private static ResourceActions load() {
            String resource = "actions.yaml";
            try (InputStream in = ResourceActions.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + resource);
                }
                return parse(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .orThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
