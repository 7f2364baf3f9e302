package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reading, printing and joining types. The notation is the one that error messages show: {@code array[T]},
 * {@code array<T, U>[V]}, {@code set[T]}, {@code object[K: V]}, {@code object<name: T>[K: V]}, {@code any<T, U>}.
 */
public final class Types {
    private Types() {}

    /** Reads a type. */
    public static Type parse(String text) {
        return new Parser(text, 0).type();
    }

    /** A union of two types, flattened, without repetitions. */
    public static @Nullable Type or(@Nullable Type one, @Nullable Type two) {
        if (one == null) {
            return two;
        }
        if (two == null || one.equals(two)) {
            return one;
        }
        if (one.isAny() || two.isAny()) {
            return Type.ANY;
        }
        List<Type> parts = new ArrayList<>(parts(one));
        for (Type part : parts(two)) {
            if (!parts.contains(part)) {
                parts.add(part);
            }
        }
        sort(parts);
        return parts.size() == 1 ? parts.get(0) : new Type.Union(parts);
    }

    /** Few parts: sorted by insertion. */
    private static void sort(List<Type> parts) {
        for (int i = 1; i < parts.size(); i++) {
            Type part = parts.get(i);
            int at = i;
            for (; at > 0 && compare(parts.get(at - 1), part) > 0; at--) {
                parts.set(at, parts.get(at - 1));
            }
            parts.set(at, part);
        }
    }

    static List<Type> parts(Type type) {
        return type instanceof Type.Union union ? union.of() : List.of(type);
    }

    static int compare(Type one, Type two) {
        int byKind = Integer.compare(rank(one), rank(two));
        return byKind != 0 ? byKind : one.toString().compareTo(two.toString());
    }

    private static int rank(Type type) {
        if (type instanceof Type.Scalar scalar) {
            return switch (scalar.name()) {
                case "null" -> 0;
                case "boolean" -> 1;
                case "number" -> 2;
                default -> 3;
            };
        }
        return type instanceof Type.Array
                ? 4
                : type instanceof Type.Obj ? 5 : type instanceof Type.SetOf ? 6 : type instanceof Type.Union ? 7 : 8;
    }

    static String text(Type.Array array) {
        StringBuilder out = new StringBuilder("array");
        if (!array.items().isEmpty()) {
            out.append(list("<", array.items(), ">"));
        }
        if (array.rest() != null) {
            out.append('[').append(array.rest()).append(']');
        }
        return array.items().isEmpty() && array.rest() == null ? "array<>" : out.toString();
    }

    static String text(Type.Obj object) {
        StringBuilder out = new StringBuilder("object");
        if (!object.properties().isEmpty()) {
            for (int i = 0; i < object.properties().size(); i++) {
                Type.Property property = object.properties().get(i);
                out.append(i == 0 ? "<" : ", ")
                        .append(keyText(property.key()))
                        .append(": ")
                        .append(property.value());
            }
            out.append('>');
        }
        if (object.restKey() != null) {
            out.append('[')
                    .append(object.restKey())
                    .append(": ")
                    .append(object.restValue())
                    .append(']');
        }
        return object.properties().isEmpty() && object.restKey() == null ? "object<>" : out.toString();
    }

    private static String keyText(Term key) {
        return key instanceof StringTerm string ? string.value() : key.toString();
    }

    static String text(Type.Union union) {
        return union.of().isEmpty() ? "any" : list("any<", union.of(), ">");
    }

    static String text(Type.Function function) {
        return list("(", function.args(), ")") + (function.result() == null ? "" : " => " + function.result());
    }

    private static String list(String open, List<Type> types, String close) {
        StringBuilder out = new StringBuilder(open);
        for (int i = 0; i < types.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(types.get(i));
        }
        return out.append(close).toString();
    }

    /** Reads types out of a signature. */
    static final class Parser {
        private final String text;
        private int at;

        Parser(String text, int from) {
            this.text = text;
            this.at = from;
        }

        boolean skip(char c) {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private String word() {
            skip(' ');
            int from = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            return text.substring(from, at);
        }

        Type type() {
            String word = word();
            return switch (word) {
                case "null" -> Type.NULL;
                case "boolean" -> Type.BOOLEAN;
                case "number" -> Type.NUMBER;
                case "string" -> Type.STRING;
                case "any" -> skip('<') ? new Type.Union(list()) : Type.ANY;
                case "set" -> {
                    skip('[');
                    Type item = type();
                    skip(']');
                    yield new Type.SetOf(item);
                }
                case "array" -> array();
                case "object" -> object();
                default -> throw new IllegalArgumentException("not a type: " + word + " in " + text);
            };
        }

        private List<Type> list() {
            List<Type> types = new ArrayList<>();
            while (!skip('>')) {
                types.add(type());
                skip(',');
            }
            return types;
        }

        private Type array() {
            List<Type> items = skip('<') ? list() : List.of();
            Type rest = null;
            if (skip('[')) {
                rest = type();
                skip(']');
            }
            return new Type.Array(items, rest);
        }

        private Type object() {
            List<Type.Property> properties = new ArrayList<>();
            if (skip('<')) {
                while (!skip('>')) {
                    String name = word();
                    skip(':');
                    properties.add(new Type.Property(new StringTerm(name, Location.none()), type()));
                    skip(',');
                }
            }
            Type key = null;
            Type value = null;
            if (skip('[')) {
                key = type();
                skip(':');
                value = type();
                skip(']');
            }
            return new Type.Obj(properties, key, value);
        }
    }
}
