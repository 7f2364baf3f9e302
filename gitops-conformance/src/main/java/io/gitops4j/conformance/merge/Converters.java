package io.gitops4j.conformance.merge;

import io.gitops4j.diff.ssa.TypedValue;
import io.gitops4j.diff.ssa.VersionConverter;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.schema.SchemaType;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The converters between versions that the cases name. */
final class Converters {
    private Converters() {}

    static VersionConverter of(String name, Function<String, @Nullable SchemaType> types) {
        return (object, version) -> {
            SchemaType type = types.apply(version);
            if (type == null) {
                return Outcome.failed(Problem.error(VersionConverter.NO_SUCH_VERSION, "no version " + version));
            }
            return switch (name) {
                case "renamingConverter" -> Outcome.of(new TypedValue(type, keys(object.value(), renamed(version), 0)));
                case "repeatingConverter" ->
                    Outcome.of(new TypedValue(type, keys(object.value(), repeated(version), -1)));
                case "reliantFieldsConverter" -> reliant(object, version, type);
                default -> Outcome.of(new TypedValue(type, object.value()));
            };
        };
    }

    private static UnaryOperator<String> renamed(String version) {
        return key -> {
            int at = key.lastIndexOf("_v");
            return at < 0 ? key : key.substring(0, at) + "_" + version;
        };
    }

    private static UnaryOperator<String> repeated(String version) {
        int times = Integer.parseInt(version.substring(1));
        return key -> key.isEmpty() ? key : key.substring(0, 1).repeat(times);
    }

    private static Json keys(Json value, UnaryOperator<String> rename, int depth) {
        if (value instanceof JsonArray array) {
            JsonArray.Builder out = JsonArray.builder();
            array.forEach(item -> out.add(keys(item, rename, depth + 1)));
            return out.build();
        }
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        JsonObject.Builder out = JsonObject.builder();
        object.forEach((key, item) -> out.put(depth < 0 ? key : rename.apply(key), keys(item, rename, depth + 1)));
        return out.build();
    }

    private static Outcome<TypedValue> reliant(TypedValue object, String version, SchemaType type) {
        if (!(object.value() instanceof JsonObject from)) {
            return Outcome.of(new TypedValue(type, object.value()));
        }
        boolean toFirst = version.equals("v1");
        String was = toFirst ? "required_field_bar" : "field_foo_rely_on_bar";
        String is = toFirst ? "field_foo_rely_on_bar" : "required_field_bar";
        if (toFirst && !from.has(was) && !from.has(is)) {
            return Outcome.failed(Problem.error("CONVERSION_FAILED", "required_field_bar is missing"));
        }
        JsonObject.Builder out = JsonObject.builder();
        from.forEach((key, value) -> out.put(key.equals(was) ? is : key, value));
        return Outcome.of(new TypedValue(type, out.build()));
    }
}
