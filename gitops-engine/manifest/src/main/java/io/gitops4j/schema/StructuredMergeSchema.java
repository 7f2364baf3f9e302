package io.gitops4j.schema;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named types read from the structured-merge schema text that API servers use inside: {@code types: [{name, scalar | list |
 * map}]}, where a list has {@code elementType}, {@code elementRelationship} ({@code atomic}, {@code associative}) and
 * {@code keys}, a map {@code fields}, {@code elementType} and {@code elementRelationship} ({@code separable},
 * {@code atomic}), and a reference {@code namedType} with an {@code elementRelationship} that overrides.
 */
public final class StructuredMergeSchema {
    private final Map<String, SchemaType> types;

    private StructuredMergeSchema(Map<String, SchemaType> types) {
        this.types = types;
    }

    /** The types of {@code schema}; a reference to a type that is not there is the problem {@code SCHEMA_UNKNOWN_TYPE}. */
    public static Outcome<StructuredMergeSchema> of(JsonObject schema) {
        Reader reader = new Reader();
        for (Json type : schema.array("types")) {
            if (type instanceof JsonObject object) {
                String name = object.text("name", "");
                reader.types.put(name, new SchemaType(name));
                reader.texts.put(name, object);
            }
        }
        for (Map.Entry<String, JsonObject> entry : reader.texts.entrySet()) {
            reader.resolve(entry.getKey());
        }
        for (Runnable late : reader.late) {
            late.run();
        }
        return reader.missing.isEmpty()
                ? Outcome.of(new StructuredMergeSchema(reader.types))
                : Outcome.failed(Problem.error(
                        "SCHEMA_UNKNOWN_TYPE", "the schema names types that it lacks: " + reader.missing));
    }

    /** The type named so, or {@code null}. */
    public @Nullable SchemaType type(String name) {
        return types.get(name);
    }

    private static final class Reader {
        final Map<String, SchemaType> types = new LinkedHashMap<>();
        final Map<String, JsonObject> texts = new LinkedHashMap<>();
        final Map<String, Boolean> done = new LinkedHashMap<>();
        final List<Runnable> late = new ArrayList<>();
        final List<String> missing = new ArrayList<>();

        SchemaType resolve(String name) {
            SchemaType type = types.get(name);
            JsonObject text = texts.get(name);
            if (type == null || text == null) {
                if (name.startsWith("__untyped_deduced")) {
                    return SchemaType.deduced();
                }
                if (name.startsWith("__untyped_atomic")) {
                    return SchemaType.untypedAtomic();
                }
                missing.add(name);
                return SchemaType.untypedAtomic();
            }
            if (done.put(name, Boolean.TRUE) == null) {
                fill(type, text);
            }
            return type;
        }

        void fill(SchemaType type, JsonObject text) {
            String alias = text.text("namedType");
            if (alias != null) {
                SchemaType other = resolve(alias);
                late.add(() -> type.define(other.scalar(), other.list(), other.map()));
                return;
            }
            type.define(scalar(text.text("scalar", "")), list(text.get("list")), map(text.get("map")));
        }

        SchemaType reference(@Nullable Json value) {
            JsonObject text = value instanceof JsonObject object ? object : JsonObject.empty();
            String relation = text.text("elementRelationship", "");
            String name = text.text("namedType");
            if (name == null) {
                SchemaType inline = new SchemaType("");
                fill(inline, text);
                return relation.isEmpty() ? inline : inline.withRelation(relation);
            }
            SchemaType named = resolve(name);
            if (relation.isEmpty()) {
                return named;
            }
            SchemaType copy = new SchemaType(name);
            late.add(() -> {
                SchemaType changed = named.withRelation(relation);
                copy.define(changed.scalar(), changed.list(), changed.map());
            });
            return copy;
        }

        private static @Nullable Scalar scalar(String name) {
            return switch (name) {
                case "string" -> Scalar.STRING;
                case "numeric" -> Scalar.NUMBER;
                case "boolean" -> Scalar.BOOLEAN;
                case "untyped" -> Scalar.UNTYPED;
                default -> null;
            };
        }

        private @Nullable ListSchema list(@Nullable Json value) {
            if (!(value instanceof JsonObject text)) {
                return null;
            }
            List<String> keys = new ArrayList<>();
            for (Json key : text.array("keys")) {
                keys.add(key.textOrNull() == null ? key.toJson() : key.textOrNull());
            }
            keys.sort(null);
            boolean associative = text.text("elementRelationship", "").equals("associative");
            ListSchema.Relation relation = !associative
                    ? ListSchema.Relation.ATOMIC
                    : keys.isEmpty() ? ListSchema.Relation.SET : ListSchema.Relation.MAP;
            return new ListSchema(reference(text.get("elementType")), relation, List.copyOf(keys));
        }

        private @Nullable MapSchema map(@Nullable Json value) {
            if (!(value instanceof JsonObject text)) {
                return null;
            }
            List<FieldSchema> fields = new ArrayList<>();
            for (Json item : text.get("fields") instanceof JsonArray array ? array : JsonArray.empty()) {
                if (item instanceof JsonObject field) {
                    fields.add(new FieldSchema(
                            field.text("name", ""),
                            reference(field.get("type")),
                            field.get("default"),
                            MergeStrategy.none()));
                }
            }
            SchemaType element = text.has("elementType") ? reference(text.get("elementType")) : null;
            return new MapSchema(
                    fields, element, text.text("elementRelationship", "").equals("atomic"));
        }
    }
}
