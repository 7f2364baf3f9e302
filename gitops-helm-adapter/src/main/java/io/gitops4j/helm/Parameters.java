package io.gitops4j.helm;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a source, sorted into what Helm's engine is told: plain ones as {@code --set}, text ones and files as the
 * content of files, lists in braces as one more file of values, since the engine's binding takes no lists.
 */
final class Parameters {
    /** Name to value, for the engine to type. */
    final Map<String, String> plain = new LinkedHashMap<>();
    /** Name to text. */
    final Map<String, String> texts = new LinkedHashMap<>();
    /** What lists in braces give. */
    JsonObject lists = JsonObject.empty();

    static Parameters of(JsonObject options, ReleaseValues values) {
        Parameters out = new Parameters();
        for (Json item : options.array("parameters")) {
            JsonObject parameter = entry(item);
            String name = checked(parameter.text("name", ""));
            String value = values.environment(scalar(parameter));
            boolean text = parameter.bool("forceString", false);
            if (value.startsWith("{") && value.endsWith("}") && name.indexOf('[') < 0) {
                out.lists = put(out.lists, segments(name), 0, list(value, text));
            } else if (text) {
                out.texts.remove(name);
                out.texts.put(name, unescaped(value));
            } else {
                out.plain.put(name, unescaped(value));
            }
        }
        for (Json item : options.array("fileParameters")) {
            JsonObject parameter = entry(item);
            String name = checked(parameter.text("name", ""));
            out.texts.put(name, values.parameterFile(parameter.text("path", "")));
        }
        return out;
    }

    private static JsonObject entry(Json item) {
        if (item instanceof JsonObject parameter) {
            return parameter;
        }
        throw new HelmFault("HELM_PARAMETER", "a parameter is a mapping with a name");
    }

    private static String scalar(JsonObject parameter) {
        Json value = parameter.get("value");
        if (value == null) {
            return "";
        }
        String text = value.textOrNull();
        return text == null ? value.toJson() : text;
    }

    private static String checked(String name) {
        boolean bad = name.isEmpty() || name.startsWith(".") || name.endsWith(".") || name.contains("..");
        int open = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[') {
                bad |= open++ > 0 || i == 0;
            } else if (c == ']') {
                bad |= --open != 0 || name.charAt(i - 1) == '[';
            } else if (open > 0) {
                bad |= c < '0' || c > '9';
            } else {
                bad |= c == '=' || c == ',' || c == '{' || c == '}';
            }
        }
        if (bad || open != 0) {
            throw new HelmFault(Problem.error("HELM_PARAMETER", "'" + name + "' is no name of a parameter")
                    .hint("names are keys with dots and indices between them, such as image.tag or hosts[0].name"));
        }
        return name;
    }

    private static String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length()) {
                i++;
            }
            out.append(value.charAt(i));
        }
        return out.toString();
    }

    private static JsonArray list(String braces, boolean text) {
        String inside = braces.substring(1, braces.length() - 1);
        JsonArray.Builder items = JsonArray.builder();
        if (inside.isEmpty()) {
            return items.build();
        }
        StringBuilder item = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c == '\\' && i + 1 < inside.length()) {
                item.append(inside.charAt(++i));
            } else if (c == ',') {
                items.add(typed(item.toString(), text));
                item.setLength(0);
            } else {
                item.append(c);
            }
        }
        return items.add(typed(item.toString(), text)).build();
    }

    /** A word as {@code --set} understands it. */
    private static Json typed(String word, boolean text) {
        if (text) {
            return Json.of(word);
        }
        return switch (word) {
            case "true" -> Json.of(true);
            case "false" -> Json.of(false);
            case "null" -> Json.nul();
            default -> word.matches("0|-?[1-9][0-9]{0,17}") ? Json.of(Long.parseLong(word)) : Json.of(word);
        };
    }

    private static List<String> segments(String name) {
        List<String> out = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                segment.append(name.charAt(++i));
            } else if (c == '.') {
                out.add(segment.toString());
                segment.setLength(0);
            } else {
                segment.append(c);
            }
        }
        out.add(segment.toString());
        return out;
    }

    private static JsonObject put(JsonObject into, List<String> path, int at, Json value) {
        String key = path.get(at);
        return at == path.size() - 1
                ? into.with(key, value)
                : into.with(key, put(into.object(key), path, at + 1, value));
    }
}
