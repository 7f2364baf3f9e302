package io.gitops4j.rollout.analysis;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonBool;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.rollout.spec.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of analyses: merging, resolving against the Rollout, putting them into metrics. Source: Rollouts §3.6. */
public final class AnalysisArguments {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final String CODE = "ANALYSIS_ARGUMENT";

    private AnalysisArguments() {}

    /**
     * The arguments of a run: those that the template declares, each with the rollout's value where it gives one. Arguments
     * that no template declares are ignored.
     */
    public static Outcome<List<JsonObject>> merge(List<JsonObject> incoming, List<JsonObject> template) {
        List<JsonObject> merged = new ArrayList<>();
        for (JsonObject declared : template) {
            String name = declared.text("name", "");
            JsonObject given = declared;
            for (JsonObject candidate : incoming) {
                if (candidate.text("name", "").equals(name) && (candidate.has("value") || candidate.has("valueFrom"))) {
                    given = candidate;
                }
            }
            Json value = given.get("value");
            Json from = given.get("valueFrom");
            if (value != null && !value.isNull()) {
                merged.add(JsonObject.of("name", Json.of(name), "value", value));
            } else if (from != null && !from.isNull()) {
                merged.add(JsonObject.of("name", Json.of(name), "valueFrom", from));
            } else {
                return failed("args." + name + " was not resolved");
            }
        }
        return Outcome.of(List.copyOf(merged));
    }

    /**
     * The rollout's arguments with {@code podTemplateHashValue} and {@code fieldRef} replaced by values.
     *
     * @param rollout the Rollout with its status
     */
    public static Outcome<List<JsonObject>> resolve(
            List<JsonObject> args, JsonObject rollout, String stableHash, String latestHash) {
        List<JsonObject> resolved = new ArrayList<>();
        for (JsonObject arg : args) {
            JsonObject from = arg.object("valueFrom");
            String name = arg.text("name", "");
            if (arg.has("value") || from.isEmpty() || from.has("secretKeyRef")) {
                resolved.add(arg);
            } else if (from.has("podTemplateHashValue")) {
                boolean stable = from.text("podTemplateHashValue", "").equals("Stable");
                resolved.add(value(name, stable ? stableHash : latestHash));
            } else {
                Outcome<String> field =
                        fieldRef(rollout, from.object("fieldRef").text("fieldPath", ""));
                if (!field.ok()) {
                    return Outcome.failed(field.problems());
                }
                resolved.add(value(name, field.orThrow()));
            }
        }
        return Outcome.of(List.copyOf(resolved));
    }

    private static JsonObject value(String name, String value) {
        return JsonObject.of("name", Json.of(name), "value", Json.of(value));
    }

    /** The value of a fieldRef: {@code metadata.name}, {@code metadata.labels['k']}, or any path to a primitive value. */
    public static Outcome<String> fieldRef(JsonObject rollout, String path) {
        for (String map : new String[] {"labels", "annotations"}) {
            String open = "metadata." + map + "['";
            if (path.startsWith(open) && path.endsWith("']")) {
                String key = path.substring(open.length(), path.length() - 2);
                return Outcome.of(rollout.object("metadata").object(map).text(key, ""));
            }
        }
        return fieldPath(rollout, path);
    }

    /** The primitive value at a path such as {@code status.pauseConditions[0].reason}. */
    public static Outcome<String> fieldPath(JsonObject rollout, String path) {
        Json at = rollout;
        for (String part : path.split("\\.", -1)) {
            int open = part.indexOf('[');
            String key = open < 0 ? part : part.substring(0, open);
            Json child = at.child(key);
            if (child == null || child.isNull()) {
                return failed("invalid path " + path + " in rollout");
            }
            at = child;
            if (open < 0) {
                continue;
            }
            int close = part.indexOf(']', open);
            String index = close < 0 ? part.substring(open + 1) : part.substring(open + 1, close);
            if (at instanceof JsonObject) {
                return failed("invalid path " + path + " in rollout");
            }
            int position;
            try {
                position = Integer.parseInt(index);
            } catch (NumberFormatException e) {
                return failed("invalid index '" + index + "'");
            }
            JsonArray array = at.asArray();
            if (array == null || position < 0 || position >= array.size()) {
                return failed("index " + position + " out of range");
            }
            at = array.get(position);
        }
        if (at instanceof JsonString text) {
            return Outcome.of(text.value());
        }
        if (at instanceof JsonNumber || at instanceof JsonBool) {
            return Outcome.of(at.toJson());
        }
        return failed("path " + path + " in rollout must terminate in a primitive value");
    }

    /**
     * The text with every {@code {{args.x}}} replaced.
     *
     * @param args name → value; a name with a {@code null} value was declared but not supplied
     * @param jsonEscaped whether values are escaped as the inside of a JSON string
     */
    public static Outcome<String> substitute(String template, Map<String, @Nullable String> args, boolean jsonEscaped) {
        StringBuilder out = new StringBuilder(template.length());
        int from = 0;
        for (int open = template.indexOf(OPEN); open >= 0; open = template.indexOf(OPEN, from)) {
            out.append(template, from, open);
            int close = template.indexOf(CLOSE, open + 2);
            if (close < 0) {
                return failed("Cannot find end tag=\"}}\" in the template=\"" + template + "\" starting from \""
                        + template.substring(open + 2) + "\"");
            }
            String tag = template.substring(open + 2, close).trim();
            String name = tag.startsWith("args.") ? tag.substring(5) : "";
            if (!args.containsKey(name)) {
                return failed("failed to resolve {{" + tag + "}}");
            }
            String value = args.get(name);
            if (value == null) {
                return failed("argument \"" + name + "\" was not supplied");
            }
            out.append(jsonEscaped ? escaped(value) : value);
            from = close + 2;
        }
        return Outcome.of(out.append(template, from, template.length()).toString());
    }

    private static String escaped(String value) {
        StringBuilder quoted = new StringBuilder();
        JsonString.quote(value, quoted);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** A metric with its arguments put in. Values replace text inside its JSON, escaped. */
    public static Outcome<JsonObject> into(JsonObject metric, Map<String, @Nullable String> args) {
        return substitute(metric.toJson(), args, true)
                .then(text -> JsonReader.parse(text))
                .then(json -> json instanceof JsonObject object
                        ? Outcome.of(object)
                        : Outcome.failed(Problem.error(CODE, "the metric is no object")));
    }

    /** The arguments as a map; an argument without value maps to {@code null}. */
    public static Map<String, @Nullable String> map(List<JsonObject> args) {
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        for (JsonObject arg : args) {
            Json value = arg.get("value");
            map.put(arg.text("name", ""), value == null || value.isNull() ? null : text(value));
        }
        return map;
    }

    private static String text(Json value) {
        String text = value.textOrNull();
        return text == null ? value.toJson() : text;
    }

    /** The arguments of several templates as one list; two different values for one name are refused. */
    public static Outcome<List<JsonObject>> united(List<JsonObject> templates) {
        Map<String, JsonObject> byName = new LinkedHashMap<>();
        for (JsonObject template : templates) {
            for (JsonObject arg : Fields.objects(template.object("spec"), "args")) {
                String name = arg.text("name", "");
                JsonObject known = byName.get(name);
                Json a = known == null ? null : known.get("value");
                Json b = arg.get("value");
                if (a != null && b != null && !a.equals(b)) {
                    return failed("Argument `" + name + "` specified multiple times with different values: '" + text(a)
                            + "', '" + text(b) + "'");
                }
                boolean better = known == null || (!known.has("value") && !known.has("valueFrom"));
                if (better) {
                    byName.put(name, arg);
                }
            }
        }
        return Outcome.of(List.copyOf(byName.values()));
    }

    private static <T> Outcome<T> failed(String text) {
        return Outcome.failed(Problem.error(CODE, text));
    }
}
