package io.gitops4j.rego.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a value before evaluation. */
public sealed interface Type {
    /** Any value. */
    Type ANY = new Union(List.of());
    /** {@code null}. */
    Type NULL = new Scalar("null");
    /** A boolean. */
    Type BOOLEAN = new Scalar("boolean");
    /** A number. */
    Type NUMBER = new Scalar("number");
    /** A string. */
    Type STRING = new Scalar("string");

    /** No value: what an empty set holds. */
    Type NOTHING = new Scalar("???");

    /** A scalar type, by name. */
    record Scalar(String name) implements Type {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * An array: known elements, then any number of {@code rest}.
     *
     * @param items types of the first elements
     * @param rest type of the others, {@code null} when there are none
     */
    record Array(List<Type> items, @Nullable Type rest) implements Type {
        /** An array type. */
        public Array {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /** A set of {@code item}. */
    record SetOf(Type item) implements Type {
        @Override
        public String toString() {
            return "set[" + item + "]";
        }
    }

    /**
     * An object: known properties, then others.
     *
     * @param properties sorted by key
     * @param restKey type of the other keys, {@code null} when there are none
     * @param restValue type of the other values, {@code null} when there are none
     */
    record Obj(
            List<Property> properties,
            @Nullable Type restKey,
            @Nullable Type restValue) implements Type {
        /** An object type. */
        public Obj {
            properties = List.copyOf(properties);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /** A known property. The key is a constant term. */
    record Property(io.gitops4j.rego.ast.Term key, Type value) {}

    /** One of several; none listed means any value at all. */
    record Union(List<Type> of) implements Type {
        /** A union. */
        public Union {
            of = List.copyOf(of);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /**
     * A function.
     *
     * @param args types of the arguments
     * @param result type of the result, {@code null} when it has none
     */
    record Function(List<Type> args, @Nullable Type result) implements Type {
        /** A function type. */
        public Function {
            args = List.copyOf(args);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /** Whether nothing is known. */
    default boolean isAny() {
        return this instanceof Union union && union.of.isEmpty();
    }
}
