package io.gitops4j.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map or a struct: declared fields, a type for undeclared ones, and whether it is one value. */
public final class MapSchema {
    private final Map<String, FieldSchema> fields;
    private final @Nullable SchemaType element;
    private final boolean atomic;

    /**
     * A map.
     *
     * @param fields declared fields, in order
     * @param element type of undeclared fields; {@code null}: there may be none
     * @param atomic whether the map is one value
     */
    public MapSchema(List<FieldSchema> fields, @Nullable SchemaType element, boolean atomic) {
        this(index(fields), element, atomic);
    }

    private MapSchema(Map<String, FieldSchema> fields, @Nullable SchemaType element, boolean atomic) {
        this.fields = fields;
        this.element = element;
        this.atomic = atomic;
    }

    private static Map<String, FieldSchema> index(List<FieldSchema> fields) {
        Map<String, FieldSchema> byName = new LinkedHashMap<>(fields.size() * 2);
        for (FieldSchema field : fields) {
            byName.put(field.name(), field);
        }
        return byName;
    }

    /** The declared fields, in order. */
    public Collection<FieldSchema> fields() {
        return Collections.unmodifiableCollection(fields.values());
    }

    /** The declared field, or {@code null}. */
    public @Nullable FieldSchema field(String name) {
        return fields.get(name);
    }

    /** Whether {@code name} is declared. */
    public boolean declares(String name) {
        return fields.containsKey(name);
    }

    /** Type of undeclared fields; {@code null}: there may be none. */
    public @Nullable SchemaType element() {
        return element;
    }

    /** Type of the field named so, declared or not; {@code null}: no such field may be. */
    public @Nullable SchemaType typeOf(String name) {
        FieldSchema field = fields.get(name);
        return field == null ? element : field.type();
    }

    /** Whether the map is one value. */
    public boolean atomic() {
        return atomic;
    }

    /** This map, atomic or not. */
    MapSchema with(boolean otherAtomic) {
        return otherAtomic == atomic ? this : new MapSchema(fields, element, otherAtomic);
    }

    @Override
    public String toString() {
        return (atomic ? "atomic map " : "map ") + fields.keySet() + (element == null ? "" : " + others");
    }
}
