package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Term;
import java.util.List;
import java.util.Objects;
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
        public boolean equals(@Nullable Object other) {
            return other instanceof Scalar that && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

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
        public boolean equals(@Nullable Object other) {
            return other instanceof Array that && items.equals(that.items) && Objects.equals(rest, that.rest);
        }

        @Override
        public int hashCode() {
            return items.hashCode() * 31 + Objects.hashCode(rest);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /** A set of {@code item}. */
    record SetOf(Type item) implements Type {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SetOf that && item.equals(that.item);
        }

        @Override
        public int hashCode() {
            return item.hashCode();
        }

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
        public boolean equals(@Nullable Object other) {
            return other instanceof Obj that
                    && properties.equals(that.properties)
                    && Objects.equals(restKey, that.restKey)
                    && Objects.equals(restValue, that.restValue);
        }

        @Override
        public int hashCode() {
            return properties.hashCode() * 31 + Objects.hashCode(restKey) * 31 + Objects.hashCode(restValue);
        }

        @Override
        public String toString() {
            return Types.text(this);
        }
    }

    /** A known property. The key is a constant term. */
    record Property(Term key, Type value) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Property that && key.equals(that.key) && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return key.hashCode() * 31 + value.hashCode();
        }
    }

    /** One of several; none listed means any value at all. */
    record Union(List<Type> of) implements Type {
        /** A union. */
        public Union {
            of = List.copyOf(of);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Union that && of.equals(that.of);
        }

        @Override
        public int hashCode() {
            return of.hashCode();
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
        public boolean equals(@Nullable Object other) {
            return other instanceof Function that && args.equals(that.args) && Objects.equals(result, that.result);
        }

        @Override
        public int hashCode() {
            return args.hashCode() * 31 + Objects.hashCode(result);
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
