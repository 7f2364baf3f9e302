package io.gitops4j.schema;

import io.gitops4j.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value: a scalar, a list, a map, or a choice of them decided by the value at hand. Types refer to each other
 * and may be recursive; they are complete and never change once a schema has handed them out.
 */
public final class SchemaType {
    private static final SchemaType DEDUCED = new SchemaType("__untyped_deduced_");
    private static final SchemaType ATOMIC = new SchemaType("__untyped_atomic_");

    static {
        ATOMIC.define(
                Scalar.UNTYPED,
                new ListSchema(ATOMIC, ListSchema.Relation.ATOMIC, java.util.List.of()),
                new MapSchema(java.util.List.of(), ATOMIC, true));
        DEDUCED.define(
                Scalar.UNTYPED,
                new ListSchema(ATOMIC, ListSchema.Relation.ATOMIC, java.util.List.of()),
                new MapSchema(java.util.List.of(), DEDUCED, false));
    }

    private final String name;
    private @Nullable Scalar scalar;
    private @Nullable ListSchema list;
    private @Nullable MapSchema map;

    SchemaType(String name) {
        this.name = name;
    }

    /** A type whose shape follows from the value alone: maps granular, lists atomic, scalars untyped. */
    public static SchemaType deduced() {
        return DEDUCED;
    }

    /** A type that takes any value as one. */
    public static SchemaType untypedAtomic() {
        return ATOMIC;
    }

    /** An unnamed scalar. */
    public static SchemaType of(Scalar scalar) {
        return new SchemaType("").define(scalar, null, null);
    }

    /** An unnamed list. */
    public static SchemaType of(ListSchema list) {
        return new SchemaType("").define(null, list, null);
    }

    /** An unnamed map. */
    public static SchemaType of(MapSchema map) {
        return new SchemaType("").define(null, null, map);
    }

    /** Completes this type; only the reader of a schema calls it, before anyone sees the type. */
    SchemaType define(@Nullable Scalar newScalar, @Nullable ListSchema newList, @Nullable MapSchema newMap) {
        this.scalar = newScalar;
        this.list = newList;
        this.map = newMap;
        return this;
    }

    /** Name in its schema, such as {@code io.k8s.api.core.v1.Container}; {@code ""} for an inline type. */
    public String name() {
        return name;
    }

    /** The scalar, where the value may be one. */
    public @Nullable Scalar scalar() {
        return scalar;
    }

    /** The list, where the value may be one. */
    public @Nullable ListSchema list() {
        return list;
    }

    /** The map, where the value may be one. */
    public @Nullable MapSchema map() {
        return map;
    }

    /** Whether this is the type of quantities. */
    public boolean isQuantity() {
        return name.equals("io.k8s.apimachinery.pkg.api.resource.Quantity");
    }

    /** Whether more than one shape is possible. */
    public boolean isChoice() {
        return (scalar == null ? 0 : 1) + (list == null ? 0 : 1) + (map == null ? 0 : 1) > 1;
    }

    /**
     * The one shape that {@code value} takes here. Where the value decides nothing (null, or a shape the type does not have), a
     * map goes before a scalar before a list.
     */
    public Shape shapeOf(@Nullable Json value) {
        if (value != null) {
            switch (value.kind()) {
                case OBJECT -> {
                    if (map != null) {
                        return Shape.MAP;
                    }
                }
                case ARRAY -> {
                    if (list != null) {
                        return Shape.LIST;
                    }
                }
                case NULL -> {}
                default -> {
                    if (scalar != null) {
                        return Shape.SCALAR;
                    }
                }
            }
        }
        return map != null ? Shape.MAP : scalar != null ? Shape.SCALAR : list != null ? Shape.LIST : Shape.NONE;
    }

    /** The shapes of {@link #shapeOf}. */
    public enum Shape {
        /** A scalar. */
        SCALAR,
        /** A list. */
        LIST,
        /** A map. */
        MAP,
        /** The type allows nothing. */
        NONE
    }

    /** This type with its list or map made atomic or granular, as a reference that overrides the referred type says. */
    SchemaType withRelation(String relation) {
        SchemaType copy = new SchemaType(name);
        ListSchema l = list;
        MapSchema m = map;
        boolean atomic = relation.equals("atomic");
        ListSchema.Relation listRelation = atomic || l == null
                ? ListSchema.Relation.ATOMIC
                : l.keys().isEmpty() ? ListSchema.Relation.SET : ListSchema.Relation.MAP;
        return copy.define(
                scalar,
                l == null || (!atomic && !relation.equals("associative")) ? l : l.with(listRelation),
                m == null || (!atomic && !relation.equals("separable")) ? m : m.with(atomic));
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "inline" : name;
    }
}
