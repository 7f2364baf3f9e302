package io.gitops4j.app;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The fields of a kind, written in a small notation: {@code s} string, {@code i} whole number, {@code b} boolean,
 * {@code x} number or string, {@code any}, {@code [T]} list, {@code <T>} map, {@code {name:T …}} object, {@code @name} one of
 * the named schemas. Finds unknown fields (warnings) and wrong types (errors).
 */
final class FieldSchema {
    private sealed interface Type permits Scalar, ListOf, MapOf, Fields, Ref {}

    private record Scalar(String name) implements Type {}

    private record ListOf(Type item) implements Type {}

    private record MapOf(Type value) implements Type {}

    private record Fields(Map<String, Type> fields) implements Type {}

    private record Ref(String name) implements Type {}

    private final Map<String, Type> named = new LinkedHashMap<>();
    private final Type root;

    private FieldSchema(String root, Map<String, String> parts) {
        parts.forEach((name, text) -> named.put(name, new Reader(text).whole()));
        this.root = new Reader(root).whole();
    }

    static FieldSchema of(String root, Map<String, String> parts) {
        return new FieldSchema(root, parts);
    }

    /**
     * Adds what is wrong with {@code body} to {@code problems}; codes begin with {@code prefix}, texts with {@code whose}.
     *
     * @param place of a field, by its path
     */
    void check(Json body, String prefix, String whose, Function<String, Where> place, List<Problem> problems) {
        check(root, body, "", new Sink(prefix, whose.isEmpty() ? "" : whose + ": ", place, problems));
    }

    /** The object without the fields that the schema does not know, as an API server stores it. */
    JsonObject pruned(JsonObject body) {
        return (JsonObject) pruned(root, body);
    }

    private Json pruned(Type type, Json value) {
        if (type instanceof Ref ref) {
            return pruned(named.getOrDefault(ref.name(), new Scalar("any")), value);
        }
        if (type instanceof ListOf list && value instanceof JsonArray array) {
            return JsonArray.of(array.items().stream()
                    .map(item -> pruned(list.item(), item))
                    .toList());
        }
        if (type instanceof MapOf map && value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, item) -> out.put(key, pruned(map.value(), item)));
            return out.build();
        }
        if (type instanceof Fields fields && value instanceof JsonObject object) {
            JsonObject.Builder out = JsonObject.builder(object.size());
            object.forEach((key, item) -> {
                Type known = fields.fields().get(key);
                if (known != null) {
                    out.put(key, pruned(known, item));
                }
            });
            return out.build();
        }
        return value;
    }

    private record Sink(String prefix, String whose, Function<String, Where> place, List<Problem> problems) {
        void unknown(String path) {
            problems.add(Problem.warning(prefix + "_FIELD_UNKNOWN", whose + "unknown field " + path)
                    .at(place.apply(path))
                    .hint("it is kept but has no effect; check its spelling and place"));
        }

        void type(String path, String wanted, Json got) {
            problems.add(
                    Problem.error(prefix + "_FIELD_TYPE", whose + path + " must be " + wanted + ", it is " + word(got))
                            .at(place.apply(path)));
        }
    }

    private static String word(Json value) {
        return switch (value.kind()) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOL -> "true or false";
            case NULL -> "null";
            case ARRAY -> "a list";
            case OBJECT -> "a mapping";
        };
    }

    private void check(Type type, Json value, String path, Sink sink) {
        if (value.isNull()) {
            return;
        }
        if (type instanceof Ref ref) {
            check(named.getOrDefault(ref.name(), new Scalar("any")), value, path, sink);
        } else if (type instanceof Scalar scalar) {
            checkScalar(scalar, value, path, sink);
        } else if (type instanceof ListOf list) {
            if (!(value instanceof JsonArray array)) {
                sink.type(path, "a list", value);
                return;
            }
            for (int i = 0; i < array.size(); i++) {
                check(list.item(), array.get(i), path + "[" + i + "]", sink);
            }
        } else if (!(value instanceof JsonObject object)) {
            sink.type(path.isEmpty() ? "the object" : path, "a mapping", value);
        } else if (type instanceof MapOf map) {
            object.forEach((key, item) -> check(map.value(), item, path + "." + key, sink));
        } else if (type instanceof Fields fields) {
            object.forEach((key, item) -> {
                String at = path.isEmpty() ? key : path + "." + key;
                Type known = fields.fields().get(key);
                if (known == null) {
                    sink.unknown(at);
                } else {
                    check(known, item, at, sink);
                }
            });
        }
    }

    private static void checkScalar(Scalar scalar, Json value, String path, Sink sink) {
        boolean fits = switch (scalar.name()) {
            case "s" -> value.kind() == Json.Kind.STRING;
            case "b" -> value.kind() == Json.Kind.BOOL;
            case "i" -> value instanceof JsonNumber number && number.isWhole();
            case "x" -> value.kind() == Json.Kind.STRING || value.kind() == Json.Kind.NUMBER;
            default -> true;
        };
        if (!fits) {
            sink.type(
                    path,
                    switch (scalar.name()) {
                        case "s" -> "a string";
                        case "b" -> "true or false";
                        case "i" -> "a whole number";
                        default -> "a number or a string";
                    },
                    value);
        }
    }

    /** Reads the notation. A mistake in it is a mistake of ours. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        Type whole() {
            Type type = type();
            skip();
            if (at != text.length()) {
                throw new IllegalArgumentException("schema goes on at " + at + ": " + text.substring(at));
            }
            return type;
        }

        private Type type() {
            skip();
            char c = text.charAt(at);
            if (c == '[') {
                at++;
                Type item = type();
                expect(']');
                return new ListOf(item);
            }
            if (c == '<') {
                at++;
                Type value = type();
                expect('>');
                return new MapOf(value);
            }
            if (c == '{') {
                at++;
                Map<String, Type> fields = new LinkedHashMap<>();
                skip();
                while (text.charAt(at) != '}') {
                    String name = word();
                    expect(':');
                    fields.put(name, type());
                    skip();
                }
                at++;
                return new Fields(fields);
            }
            if (c == '@') {
                at++;
                return new Ref(word());
            }
            return new Scalar(word());
        }

        private String word() {
            skip();
            int from = at;
            while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
            if (from == at) {
                throw new IllegalArgumentException("schema: a name is missing at " + at + " of " + text);
            }
            return text.substring(from, at);
        }

        private void expect(char c) {
            skip();
            if (text.charAt(at) != c) {
                throw new IllegalArgumentException("schema: '" + c + "' is missing at " + at + " of " + text);
            }
            at++;
        }

        private void skip() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
