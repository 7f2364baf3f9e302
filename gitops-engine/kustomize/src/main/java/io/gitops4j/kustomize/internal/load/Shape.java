package io.gitops4j.kustomize.internal.load;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type that a field of a kustomization file must have. */
final class Shape {
    /** Kinds of type. */
    enum Kind {
        STRING,
        BOOL,
        INT,
        ANY,
        LIST,
        MAP,
        STRUCT
    }

    static final Shape STRING = new Shape(Kind.STRING, "string", null, Collections.emptyMap());
    /** A text; a number or boolean is taken as its text. */
    static final Shape LOOSE = new Shape(Kind.STRING, "string", null, Collections.emptyMap());

    static final Shape BOOL = new Shape(Kind.BOOL, "bool", null, Collections.emptyMap());
    static final Shape INT = new Shape(Kind.INT, "int", null, Collections.emptyMap());
    static final Shape INT64 = new Shape(Kind.INT, "int64", null, Collections.emptyMap());
    static final Shape ANY = new Shape(Kind.ANY, "interface {}", null, Collections.emptyMap());
    static final Shape STRINGS = list(STRING);
    static final Shape STRING_MAP = new Shape(Kind.MAP, "map[string]string", STRING, Collections.emptyMap());
    static final Shape ANY_MAP = new Shape(Kind.MAP, "map[string]interface {}", ANY, Collections.emptyMap());

    private final Kind kind;
    private final String goType;
    private final @Nullable Shape element;
    private final Map<String, Shape> fields;
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, String> folded = new LinkedHashMap<>();

    private Shape(Kind kind, String goType, @Nullable Shape element, Map<String, Shape> fields) {
        this.kind = kind;
        this.goType = goType;
        this.element = element;
        this.fields = fields;
        fields.keySet().forEach(name -> folded.put(name.toLowerCase(Locale.ROOT), name));
    }

    /** The same shape, of a type with a name of its own. */
    Shape called(String type) {
        return new Shape(kind, type, element, fields);
    }

    static Shape list(Shape element) {
        return new Shape(Kind.LIST, "[]" + element.goType, element, Collections.emptyMap());
    }

    /**
     * A struct; fields are name, shape, name, shape. Before a name and a dot stand the structs that the field is embedded by,
     * which messages show.
     */
    static Shape struct(String goType, Object... fields) {
        Map<String, Shape> map = new LinkedHashMap<>();
        Map<String, String> paths = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            String path = (String) fields[i];
            String name = path.substring(path.lastIndexOf('.') + 1);
            map.put(name, (Shape) fields[i + 1]);
            paths.put(name, path);
        }
        Shape shape = new Shape(Kind.STRUCT, goType, null, map);
        shape.paths.putAll(paths);
        return shape;
    }

    /** What messages call a field: its name, behind the structs that it is embedded by. */
    String pathOf(String name) {
        return paths.getOrDefault(name, name);
    }

    Kind kind() {
        return kind;
    }

    String goType() {
        return goType;
    }

    /** The name of a struct without its package. */
    String structName() {
        return goType.substring(goType.indexOf('.') + 1);
    }

    Shape element() {
        if (element == null) {
            throw new IllegalStateException(goType + " has no elements");
        }
        return element;
    }

    /** The field's own name for a key in any case, or {@code null}. */
    @Nullable
    String fieldName(String key) {
        return fields.containsKey(key) ? key : folded.get(key.toLowerCase(Locale.ROOT));
    }

    Shape field(String name) {
        Shape found = fields.get(name);
        if (found == null) {
            throw new IllegalArgumentException(goType + " has no field " + name);
        }
        return found;
    }

    /** All field names. */
    Iterable<String> fieldNames() {
        return fields.keySet();
    }
}
