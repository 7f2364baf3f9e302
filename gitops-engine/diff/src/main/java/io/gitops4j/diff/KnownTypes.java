package io.gitops4j.diff;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.quantity.GoDuration;
import io.gitops4j.quantity.Quantity;
import io.gitops4j.schema.GoRoundTrip;
import io.gitops4j.schema.KubernetesSchema;
import io.gitops4j.schema.SchemaType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of custom resources that hold values of known types, such as a pod's spec or a quantity: they are written the way those
 * types are, so that {@code 100m} equals {@code 0.1}.
 */
public final class KnownTypes {
    private final List<Field> fields;

    /**
     * A field of a known type.
     *
     * @param groupKind {@code group/Kind}
     * @param path names of fields with dots between; lists on the way are walked through
     * @param type {@code core/v1/PodSpec}, {@code core/Quantity}, {@code meta/v1/Duration}, …
     */
    public record Field(String groupKind, String path, String type) {}

    /** These fields, and what is known without asking: the pod template of a Rollout. */
    public KnownTypes(List<Field> fields) {
        List<Field> all = new ArrayList<>(fields);
        all.add(new Field("argoproj.io/Rollout", "spec.template.spec", "core/v1/PodSpec"));
        this.fields = List.copyOf(all);
    }

    /** The fields that system-wide overrides declare: group/kind → {@code knownTypeFields}. */
    public static List<Field> ofOverrides(JsonObject overrides) {
        List<Field> fields = new ArrayList<>();
        overrides.forEach((groupKind, value) -> {
            if (value instanceof JsonObject override && override.get("knownTypeFields") instanceof JsonArray list) {
                for (Json item : list) {
                    if (item instanceof JsonObject field) {
                        fields.add(new Field(groupKind, field.text("field", ""), field.text("type", "")));
                    }
                }
            }
        });
        return List.copyOf(fields);
    }

    /** The object with those fields rewritten; {@code KNOWN_TYPE} when a value does not fit its type. */
    public Outcome<JsonObject> normalize(JsonObject object) {
        String apiVersion = object.text("apiVersion", "");
        int slash = apiVersion.indexOf('/');
        String groupKind = (slash < 0 ? "" : apiVersion.substring(0, slash) + "/") + object.text("kind", "");
        Json out = object;
        for (Field field : fields) {
            if (field.groupKind().equals(groupKind)) {
                Outcome<Json> next = at(out, List.of(field.path().split("\\.", -1)), field.type());
                if (!next.ok()) {
                    return Outcome.failed(next.problems());
                }
                out = next.orThrow();
            }
        }
        return Outcome.of((JsonObject) out);
    }

    private static Outcome<Json> at(Json value, List<String> path, String type) {
        if (value instanceof JsonArray array) {
            JsonArray out = array;
            for (int i = 0; i < array.size(); i++) {
                if (!(array.get(i) instanceof JsonObject)) {
                    continue;
                }
                Outcome<Json> item = at(array.get(i), path, type);
                if (!item.ok()) {
                    return item;
                }
                out = out.with(i, item.orThrow());
            }
            return Outcome.of(out);
        }
        if (path.isEmpty()) {
            return convert(value, type);
        }
        Json child = value instanceof JsonObject object ? object.get(path.get(0)) : null;
        if (child == null) {
            return Outcome.of(value);
        }
        JsonObject object = (JsonObject) value;
        return at(child, path.subList(1, path.size()), type).map(next -> object.with(path.get(0), next));
    }

    private static Outcome<Json> convert(Json value, String type) {
        switch (type) {
            case "core/Quantity" -> {
                return Quantity.of(value).map(quantity -> Json.of(quantity.toString()));
            }
            case "meta/v1/Duration" -> {
                return duration(value);
            }
            default -> {
                String definition = type.startsWith("core/v1/")
                        ? "io.k8s.api.core.v1." + type.substring("core/v1/".length())
                        : type.startsWith("meta/v1/")
                                ? "io.k8s.apimachinery.pkg.apis.meta.v1." + type.substring("meta/v1/".length())
                                : type;
                SchemaType known = KubernetesSchema.v1_36().type(definition);
                if (known == null) {
                    return Outcome.of(value);
                }
                Outcome<Json> written = GoRoundTrip.json(known, value);
                return written.ok()
                        ? written
                        : Outcome.failed(Problem.error(
                                "KNOWN_TYPE", written.problems().get(0).text()));
            }
        }
    }

    private static Outcome<Json> duration(Json value) {
        String text = value.textOrNull();
        if (text == null) {
            return Outcome.failed(Problem.error("KNOWN_TYPE", "a duration is a string, not " + value.kind()));
        }
        Duration parsed = GoDuration.parse(text);
        return parsed == null
                ? Outcome.failed(Problem.error("KNOWN_TYPE", "invalid duration \"" + text + "\""))
                : Outcome.of(Json.of(GoDuration.print(parsed)));
    }
}
