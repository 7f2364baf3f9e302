package io.gitops4j.schema;

import io.gitops4j.codec.JsonReader;
import io.gitops4j.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table that {@code src/schema/generate_schema_table.py} writes. A line {@code =NAME} starts a definition ({@code a}
 * after it: an atomic map; another letter: no struct but that type); the lines below are its fields: name, type, options.
 * Types: {@code s} string, {@code i} integer, {@code n} number, {@code b} boolean, {@code x} int or string, {@code O} open
 * object, {@code U} anything, {@code L}… list, {@code M}… map, {@code #N} the N-th definition. Options: {@code l=a|s|m:KEYS}
 * list relation, {@code m=a|g} map relation, {@code p=} patch strategy, {@code g=} merge key, {@code d=}
 * default, {@code z=} zero value. {@code @} and
 * {@code ~} lines give apiVersion, kind and definition, of the version and of older servers.
 */
final class SchemaTable {
    private final List<SchemaType> types = new ArrayList<>(1400);
    private final Map<String, SchemaType> inline = new LinkedHashMap<>();
    private final Map<String, SchemaType> kinds = new LinkedHashMap<>();
    private final Map<String, SchemaType> legacy = new LinkedHashMap<>();
    private final List<Runnable> late = new ArrayList<>();
    private @Nullable SchemaType open;
    private boolean openAtomic;
    private List<FieldSchema> fields = new ArrayList<>();

    private SchemaTable() {}

    static KubernetesSchema read(String resource) {
        try (InputStream in = SchemaTable.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the schema table is missing from the jar: " + resource);
            }
            return new SchemaTable().parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KubernetesSchema parse(String text) {
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            if (text.charAt(from) == '=') {
                int space = text.indexOf(' ', from);
                types.add(new SchemaType(text.substring(from + 1, space < 0 || space > end ? end : space)));
            }
            from = end + 1;
        }
        int index = -1;
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            char first = text.charAt(from);
            if (first == '=') {
                close();
                index++;
                head(types.get(index), text.substring(from, end));
            } else if (first == '@' || first == '~') {
                close();
                int space = text.lastIndexOf(' ', end - 1);
                (first == '@' ? kinds : legacy)
                        .put(text.substring(from + 1, space), types.get(Integer.parseInt(text, space + 1, end, 10)));
            } else if (first != '#') {
                fields.add(field(text.substring(from, end)));
            }
            from = end + 1;
        }
        late.forEach(Runnable::run);
        Map<String, SchemaType> byName = new LinkedHashMap<>(types.size() * 2);
        types.forEach(type -> byName.put(type.name(), type));
        return new KubernetesSchema(byName, kinds, legacy);
    }

    private void head(SchemaType type, String line) {
        int space = line.indexOf(' ');
        char shape = space < 0 ? 'g' : line.charAt(space + 1);
        if (shape == 'a' || shape == 'g') {
            open = type;
            openAtomic = shape == 'a';
            return;
        }
        // a scalar definition is a quantity or a time: text that has a format, hence untyped
        SchemaType like = shape == 's' ? simple('x') : simple(shape);
        type.define(like.scalar(), like.list(), like.map());
    }

    private void close() {
        SchemaType type = open;
        if (type != null) {
            // an object without any declared field is open
            SchemaType element = fields.isEmpty() ? SchemaType.deduced() : null;
            type.define(null, null, new MapSchema(fields, element, openAtomic));
            open = null;
            fields = new ArrayList<>();
        }
    }

    private FieldSchema field(String line) {
        int space = line.indexOf(' ');
        int end = line.indexOf(' ', space + 1);
        String typeText = line.substring(space + 1, end < 0 ? line.length() : end);
        String relation = "";
        String mapRelation = "";
        String strategy = "";
        String key = "";
        Json defaultValue = null;
        Json zero = null;
        while (end >= 0) {
            int from = end + 1;
            end = line.indexOf(' ', from);
            String value = line.substring(from + 2, end < 0 ? line.length() : end);
            switch (line.charAt(from)) {
                case 'l' -> relation = value;
                case 'm' -> mapRelation = value;
                case 'p' -> strategy = value;
                case 'g' -> key = value;
                case 'z' -> zero = JsonReader.parse(value).orThrow();
                default -> defaultValue = JsonReader.parse(value).orThrow();
            }
        }
        MergeStrategy merge = strategy.isEmpty() ? MergeStrategy.none() : new MergeStrategy(strategy, key);
        return new FieldSchema(
                line.substring(0, space), type(typeText, relation, mapRelation, merge), defaultValue, zero, merge);
    }

    private SchemaType type(String text, String relation, String mapRelation, MergeStrategy merge) {
        switch (text.charAt(0)) {
            case '#' -> {
                SchemaType named = types.get(Integer.parseInt(text, 1, text.length(), 10));
                if (mapRelation.isEmpty()) {
                    return named;
                }
                SchemaType copy = new SchemaType(named.name());
                late.add(() -> {
                    SchemaType changed = named.withRelation(mapRelation.equals("a") ? "atomic" : "separable");
                    copy.define(changed.scalar(), changed.list(), changed.map());
                });
                return copy;
            }
            case 'L' -> {
                SchemaType element = type(text.substring(1), "", "", MergeStrategy.none());
                return SchemaType.of(list(element, relation, merge));
            }
            case 'M' -> {
                SchemaType element = type(text.substring(1), "", "", MergeStrategy.none());
                return SchemaType.of(new MapSchema(List.of(), element, mapRelation.equals("a")));
            }
            default -> {
                return simple(text.charAt(0));
            }
        }
    }

    private static ListSchema list(SchemaType element, String relation, MergeStrategy merge) {
        if (relation.startsWith("m:")) {
            List<String> keys = new ArrayList<>(List.of(relation.substring(2).split(",", -1)));
            keys.sort(null);
            return new ListSchema(element, ListSchema.Relation.MAP, List.copyOf(keys));
        }
        if (relation.equals("s")) {
            return new ListSchema(element, ListSchema.Relation.SET, List.of());
        }
        if (relation.isEmpty() && merge.has("merge")) {
            return merge.mergeKey().isEmpty()
                    ? new ListSchema(element, ListSchema.Relation.SET, List.of())
                    : new ListSchema(element, ListSchema.Relation.MAP, List.of(merge.mergeKey()));
        }
        return new ListSchema(element, ListSchema.Relation.ATOMIC, List.of());
    }

    private SchemaType simple(char letter) {
        return inline.computeIfAbsent(String.valueOf(letter), key -> switch (letter) {
            case 's' -> SchemaType.of(Scalar.STRING);
            case 'i' -> SchemaType.of(Scalar.INTEGER);
            case 'n' -> SchemaType.of(Scalar.NUMBER);
            case 'b' -> SchemaType.of(Scalar.BOOLEAN);
            case 'x' -> SchemaType.of(Scalar.UNTYPED);
            case 'O', 'U' -> SchemaType.deduced();
            default -> throw new IllegalStateException("unknown type in the schema table: " + letter);
        });
    }
}
