package io.gitops4j.appset;

import com.google.common.base.Splitter;
import io.gitops4j.gotemplate.DnsName;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import java.util.List;

/** Parameter sets: nested values for Go templates, texts under dotted names for the simple form. */
final class Parameters {
    private Parameters() {}

    /** Every scalar under its dotted name, as text; lists by number. */
    static JsonObject flat(JsonObject nested) {
        JsonObject.Builder out = JsonObject.builder();
        flatten("", nested, out);
        return out.build();
    }

    private static void flatten(String prefix, Json value, JsonObject.Builder out) {
        if (value instanceof JsonObject object && (!object.isEmpty() || prefix.isEmpty())) {
            object.forEach((key, item) -> flatten(prefix.isEmpty() ? key : prefix + "." + key, item, out));
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            for (int i = 0; i < array.size(); i++) {
                flatten(prefix + "." + i, array.get(i), out);
            }
        } else {
            out.put(prefix, text(value));
        }
    }

    /** A value as Go prints it. */
    static String text(Json value) {
        String text = value.textOrNull();
        if (text != null) {
            return text;
        }
        if (value instanceof JsonNumber number) {
            return GoText.number(number);
        }
        if (value.isNull()) {
            return "<nil>";
        }
        if (value instanceof JsonObject object && object.isEmpty()) {
            return "map[]";
        }
        return value.toJson();
    }

    /** What is known of a directory, or of a file when {@code filename} is given. */
    static JsonObject path(String directory, String filename, String prefix, boolean go) {
        List<String> segments = Splitter.on('/').splitToList(directory);
        String basename = segments.get(segments.size() - 1);
        if (go) {
            JsonObject.Builder path = JsonObject.builder()
                    .put("path", directory)
                    .put("basename", basename)
                    .put("basenameNormalized", DnsName.normalize(basename))
                    .put(
                            "segments",
                            JsonArray.of(segments.stream().map(Json::of).toList()));
            if (!filename.isEmpty()) {
                path.put("filename", filename).put("filenameNormalized", DnsName.normalize(filename));
            }
            JsonObject named = JsonObject.of("path", path.build());
            return prefix.isEmpty() ? named : JsonObject.of(prefix, named);
        }
        String name = prefix.isEmpty() ? "path" : prefix + ".path";
        JsonObject.Builder flat = JsonObject.builder()
                .put(name, directory)
                .put(name + ".basename", basename)
                .put(name + ".basenameNormalized", DnsName.normalize(basename));
        if (!filename.isEmpty()) {
            flat.put(name + ".filename", filename).put(name + ".filenameNormalized", DnsName.normalize(filename));
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).isEmpty()) {
                flat.put(name + "[" + i + "]", segments.get(i));
            }
        }
        return flat.build();
    }

    /** Both sets, fields of {@code over} winning, mappings merged. */
    static JsonObject merged(JsonObject base, JsonObject over) {
        JsonObject merged = base;
        for (int i = 0; i < over.size(); i++) {
            String key = over.keyAt(i);
            Json value = over.valueAt(i);
            merged = merged.get(key) instanceof JsonObject a && value instanceof JsonObject b
                    ? merged.with(key, merged(a, b))
                    : merged.with(key, value);
        }
        return merged;
    }
}
