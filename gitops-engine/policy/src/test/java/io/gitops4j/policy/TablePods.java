package io.gitops4j.policy;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNull;
import io.gitops4j.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads tables of pods: cells between bars, each row a change to a pod at a place. */
public final class TablePods {
    private TablePods() {}

    /** The rows of a table beside a class, without comments. */
    public static List<String[]> rows(Class<?> beside, String name) throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    rows.add(line.split(" \\| ", -1));
                }
            }
        }
        return rows;
    }

    /** A pod with a change at {@code pod}, {@code pod.security}, {@code annotations}, a list of containers or its {@code .security}. */
    public static JsonObject changed(String pod, String container, String place, String change) {
        JsonObject base = yaml(pod);
        JsonObject body = yaml(container);
        JsonObject by = yaml(change);
        JsonObject spec = base.object("spec").with("containers", JsonArray.of(body));
        if (place.equals("annotations")) {
            base = base.with("metadata", base.object("metadata").with("annotations", by));
        } else if (place.equals("pod")) {
            spec = merged(spec, by);
        } else if (place.equals("pod.security")) {
            spec = spec.with("securityContext", merged(spec.object("securityContext"), by));
        } else if (place.endsWith(".security")) {
            String list = place.substring(0, place.indexOf('.'));
            spec = spec.with(
                    list, JsonArray.of(body.with("securityContext", merged(body.object("securityContext"), by))));
        } else {
            spec = spec.with(place, JsonArray.of(merged(body, by)));
        }
        return base.with("spec", spec);
    }

    private static JsonObject merged(JsonObject object, JsonObject by) {
        JsonObject out = object;
        for (Map.Entry<String, Json> entry : by.asMap().entrySet()) {
            out = entry.getValue() instanceof JsonNull
                    ? out.without(entry.getKey())
                    : out.with(entry.getKey(), entry.getValue());
        }
        return out;
    }

    /** A YAML object. */
    public static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
