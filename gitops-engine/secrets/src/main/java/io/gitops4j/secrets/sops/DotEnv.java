package io.gitops4j.secrets.sops;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code KEY=value} store: metadata are flattened into keys that start with {@code sops_}. */
final class DotEnv {
    private static final String METADATA = "sops_";

    private DotEnv() {}

    /** The document: values as strings, metadata under {@code sops}; comments are left out. */
    static JsonObject read(String text) {
        JsonObject.Builder out = JsonObject.builder();
        TreeMap<String, String> metadata = new TreeMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (trimmed.isBlank() || trimmed.startsWith("#")) {
                continue;
            }
            int equals = trimmed.indexOf('=');
            if (equals < 1) {
                throw new Refusal("SOPS_SYNTAX", "line " + number + " is not KEY=value");
            }
            String key = trimmed.substring(0, equals);
            String value = trimmed.substring(equals + 1).replace("\\n", "\n");
            if (key.startsWith(METADATA)) {
                metadata.put(key.substring(METADATA.length()), value);
            } else {
                out.put(key, value);
            }
        }
        return metadata.isEmpty()
                ? out.build()
                : out.put("sops", unflatten(metadata)).build();
    }

    static String write(JsonObject document) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Json> member : document.asMap().entrySet()) {
            if (member.getKey().equals("sops")) {
                flatten(METADATA.substring(0, METADATA.length() - 1), member.getValue(), out);
            } else {
                line(member.getKey(), member.getValue(), out);
            }
        }
        return out.toString();
    }

    private static void line(String key, Json value, StringBuilder out) {
        String text = value.textOrNull();
        out.append(key)
                .append('=')
                .append((text == null ? (value.isNull() ? "" : value.toJson()) : text).replace("\n", "\\n"))
                .append('\n');
    }

    private static void flatten(String prefix, Json value, StringBuilder out) {
        if (value instanceof JsonObject object) {
            boolean top = prefix.equals("sops");
            for (Map.Entry<String, Json> member : object.sorted().asMap().entrySet()) {
                flatten(prefix + (top ? "_" : "__map_") + member.getKey(), member.getValue(), out);
            }
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                flatten(prefix + "__list_" + i, array.get(i), out);
            }
        } else if (!value.isNull()) {
            line(prefix, value, out);
        }
    }

    private static JsonObject unflatten(Map<String, String> flat) {
        JsonObject out = JsonObject.empty();
        for (Map.Entry<String, String> entry : flat.entrySet()) {
            List<String> path = new ArrayList<>();
            String rest = entry.getKey();
            while (!rest.isEmpty()) {
                int map = rest.indexOf("__map_");
                int list = rest.indexOf("__list_");
                int cut = map < 0 ? list : list < 0 ? map : Math.min(map, list);
                path.add(cut < 0 ? rest : rest.substring(0, cut));
                rest = cut < 0 ? "" : cut == map ? rest.substring(cut + 6) : "#" + rest.substring(cut + 7);
            }
            if (path.isEmpty() || path.get(0).startsWith("#")) {
                throw new Refusal("BAD_METADATA", "a metadata key has no name");
            }
            out = (JsonObject) put(out, path, 0, scalar(entry.getKey(), entry.getValue()));
        }
        return out;
    }

    private static Json scalar(String key, String value) {
        if (key.equals("mac_only_encrypted")) {
            return Json.of(value.equals("true"));
        }
        return key.equals("shamir_threshold") && JsonNumber.isNumber(value) ? JsonNumber.parse(value) : Json.of(value);
    }

    private static Json put(Json at, List<String> path, int depth, Json value) {
        if (depth == path.size()) {
            return value;
        }
        String step = path.get(depth);
        boolean nextIsList = depth + 1 < path.size() && path.get(depth + 1).startsWith("#");
        Json fresh = nextIsList ? JsonArray.empty() : JsonObject.empty();
        if (step.startsWith("#")) {
            JsonArray array = at instanceof JsonArray known ? known : JsonArray.empty();
            String index = step.substring(1);
            boolean inRange = index.matches("[0-9]{1,3}") && Integer.parseInt(index) < array.size();
            return inRange
                    ? array.with(
                            Integer.parseInt(index), put(array.get(Integer.parseInt(index)), path, depth + 1, value))
                    : array.appended(put(fresh, path, depth + 1, value));
        }
        JsonObject object = at instanceof JsonObject known ? known : JsonObject.empty();
        Json child = object.get(step);
        return object.with(step, put(child == null ? fresh : child, path, depth + 1, value));
    }
}
