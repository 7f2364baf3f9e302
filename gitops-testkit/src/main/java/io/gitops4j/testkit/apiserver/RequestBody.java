package io.gitops4j.testkit.apiserver;

import io.gitops4j.cluster.PatchType;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read from its text.
 *
 * @param json what it holds
 * @param strictErrors what strict decoding objects to, such as duplicate keys
 */
public record RequestBody(Json json, List<String> strictErrors) {

    /** A body of these parts. */
    public RequestBody {
        strictErrors = List.copyOf(strictErrors);
    }

    /**
     * Reads a body: YAML for an apply, JSON otherwise.
     *
     * @throws io.gitops4j.cluster.ApiException 400 when it is malformed
     */
    public static RequestBody read(String text, @Nullable PatchType type, @Nullable String fieldValidation) {
        if (type == PatchType.APPLY) {
            return yaml(text, fieldValidation, "error decoding YAML: ");
        }
        Outcome<Json> json = JsonReader.parse(text);
        Json value = json.orNull();
        if (value == null) {
            throw Refusals.badRequest(
                    (type == null ? "couldn't get version/kind; json parse error: " : "error decoding patch: ")
                            + json.problems().get(0).text());
        }
        return new RequestBody(value, List.of());
    }

    /** Reads a YAML body of a POST or PUT. */
    public static RequestBody yaml(String text, @Nullable String fieldValidation) {
        return yaml(text, fieldValidation, "error parsing YAML: ");
    }

    private static RequestBody yaml(String text, @Nullable String fieldValidation, String prefix) {
        if (text.isBlank()) {
            return new RequestBody(JsonObject.empty(), List.of());
        }
        Outcome<Json> yaml = YamlReader.kubectl().readEach("body", text).stream()
                .findFirst()
                .orElseGet(() -> Outcome.of(Json.nul()));
        Json value = yaml.orNull();
        if (value == null) {
            throw Refusals.badRequest(prefix + "error converting YAML to JSON: yaml: "
                    + yaml.problems().get(0).text());
        }
        if (value.isNull()) {
            return new RequestBody(JsonObject.empty(), List.of());
        }
        if (!(value instanceof JsonObject)) {
            String is = value.kind().name().toLowerCase(java.util.Locale.ROOT);
            throw Refusals.badRequest(prefix + "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + is + " into Go value of type map[string]interface {}");
        }
        if ("Ignore".equals(fieldValidation)) {
            return new RequestBody(value, List.of());
        }
        List<String> duplicates = duplicates(text);
        if ("Strict".equals(fieldValidation) && !duplicates.isEmpty()) {
            throw Refusals.badRequest(
                    "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  "
                            + String.join("\n  ", duplicates));
        }
        return new RequestBody(value, duplicates);
    }

    /** Keys that a mapping has twice; the lenient reading takes the last. */
    private static List<String> duplicates(String text) {
        Outcome<Json> strict = YamlReader.kustomize().read("body", text);
        for (Problem problem : strict.problems()) {
            if (problem.code().contains("DUPLICATE")) {
                String key = problem.text().replaceAll("(?s).*?[\"']([^\"']*)[\"'].*", "$1");
                return List.of("line " + problem.where().line() + ": key \"" + key + "\" already set in map");
            }
        }
        return List.of();
    }
}
