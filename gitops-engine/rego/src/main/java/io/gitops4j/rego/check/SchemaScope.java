package io.gitops4j.rego.check;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.ast.Annotations;
import io.gitops4j.rego.ast.Location;
import io.gitops4j.rego.ast.Ref;
import io.gitops4j.rego.ast.Rule;
import io.gitops4j.rego.ast.StringTerm;
import io.gitops4j.rego.ast.Term;
import io.gitops4j.rego.ast.Var;
import io.gitops4j.rego.syntax.ParseOptions;
import io.gitops4j.rego.syntax.Parser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What schemas say of documents within one rule: types by path. A nearer annotation overrides a farther one, a later one an earlier
 * one; one for a path inside another's overrides that part.
 */
final class SchemaScope {
    private static final SchemaScope NONE = new SchemaScope();

    private final Map<Ref, Type> types = new LinkedHashMap<>();

    private SchemaScope() {}

    /** Where no schema is given. */
    static SchemaScope none() {
        return NONE;
    }

    /** Where only the input has a schema; adds to {@code errors} what is wrong with it. */
    static SchemaScope ofInput(SchemaSet schemas, List<CheckError> errors) {
        Json input = schemas.input();
        if (input == null) {
            return NONE;
        }
        SchemaScope scope = new SchemaScope();
        try {
            scope.types.put(Ref.of(Var.INPUT), SchemaTypes.of(input));
        } catch (SchemaTypes.Fault e) {
            errors.add(new CheckError(CheckError.TYPE, Location.none(), String.valueOf(e.getMessage())));
        }
        return scope;
    }

    /** What holds in a rule. */
    static SchemaScope of(
            Rule rule, RuleAnnotations annotations, SchemaSet schemas, SchemaScope base, List<CheckError> errors) {
        List<Annotations> blocks = annotations.of(rule);
        if (blocks.isEmpty()) {
            return base;
        }
        SchemaScope scope = new SchemaScope();
        scope.types.putAll(base.types);
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (!(blocks.get(i).values().get("schemas") instanceof JsonArray list)) {
                continue;
            }
            for (Json item : list) {
                if (item instanceof JsonObject entry) {
                    for (String path : entry.keys()) {
                        try {
                            scope.add(path, entry.get(path), schemas);
                        } catch (SchemaTypes.Fault e) {
                            errors.add(
                                    new CheckError(CheckError.TYPE, rule.location(), String.valueOf(e.getMessage())));
                        }
                    }
                }
            }
        }
        return scope.types.isEmpty() ? NONE : scope;
    }

    private void add(String path, @Nullable Json schema, SchemaSet schemas) {
        Ref ref = parsed(path);
        if (ref == null || schema == null) {
            return;
        }
        String name = schema.textOrNull();
        Map<String, Json> named = schemas.named();
        if (name == null) {
            put(ref, SchemaTypes.of(schema));
        } else if (named != null) {
            Ref reference = parsed(name);
            Json found = reference == null ? null : named.get(key(reference));
            if (found == null) {
                throw new SchemaTypes.Fault("undefined schema: " + name);
            }
            put(ref, SchemaTypes.of(found));
        }
    }

    private static @Nullable Ref parsed(String path) {
        var body = Parser.parseQuery("", path, ParseOptions.v1()).orNull();
        if (body == null || body.size() != 1) {
            return null;
        }
        var statement = body.exprs().get(0).statement();
        if (statement instanceof Var name) {
            return new Ref(List.of(name), name.location());
        }
        return statement instanceof Ref ref && ref.isGround() ? ref : null;
    }

    private static String key(Ref reference) {
        StringBuilder out = new StringBuilder();
        for (Term term : reference.terms().subList(1, reference.size())) {
            out.append(out.length() == 0 ? "" : "/").append(term instanceof StringTerm text ? text.value() : term);
        }
        return out.toString();
    }

    /** Adds a type at a path: into the type of the longest prefix that has one. */
    private void put(Ref path, Type type) {
        types.keySet().removeIf(known -> known.hasPrefix(path));
        for (int length = path.size() - 1; length > 0; length--) {
            Ref prefix = path.prefix(length);
            Type outer = types.get(prefix);
            if (outer != null) {
                types.put(prefix, overridden(outer, path, length, type));
                return;
            }
        }
        types.put(path, type);
    }

    private static Type overridden(Type outer, Ref path, int at, Type inner) {
        if (at == path.size()) {
            return inner;
        }
        Term key = path.get(at);
        Type.Obj object = outer instanceof Type.Obj known ? known : new Type.Obj(List.of(), null, null);
        List<Type.Property> properties = new ArrayList<>();
        boolean found = false;
        for (Type.Property property : object.properties()) {
            boolean here = property.key().equals(key);
            found |= here;
            properties.add(here ? new Type.Property(key, overridden(property.value(), path, at + 1, inner)) : property);
        }
        if (!found) {
            properties.add(
                    new Type.Property(key, overridden(new Type.Obj(List.of(), null, null), path, at + 1, inner)));
            properties.sort((a, b) -> a.key().toString().compareTo(b.key().toString()));
        }
        return new Type.Obj(properties, object.restKey(), object.restValue());
    }

    /** The path with a type that a reference goes through, {@code null} for none. */
    @Nullable
    Ref path(Ref ref) {
        if (types.isEmpty()) {
            return null;
        }
        for (Ref path : types.keySet()) {
            if (ref.hasPrefix(path)) {
                return path;
            }
        }
        return null;
    }

    /** The type at a path that {@link #path} gave. */
    Type type(Ref path) {
        return types.getOrDefault(path, Type.ANY);
    }
}
