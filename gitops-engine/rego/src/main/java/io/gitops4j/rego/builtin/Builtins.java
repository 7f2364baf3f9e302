package io.gitops4j.rego.builtin;

import org.jspecify.annotations.Nullable;

/** All builtins of OPA, family by family. */
public final class Builtins {
    private Builtins() {}

    /** The builtins of OPA. Each is made when it is first looked up. */
    public static BuiltinRegistry standard() {
        return BuiltinRegistry.standard();
    }

    /** The families, by topic. */
    private enum Topic {
        NUMBERS,
        COLLECTIONS,
        STRINGS,
        REGEX,
        GLOB,
        OBJECTS,
        DOCUMENTS,
        TYPES,
        ENCODING,
        UNITS,
        SEMVER,
        TIME,
        NET,
        GRAPH,
        CRYPTO,
        CERTIFICATES,
        JWT,
        AWS,
        GRAPHQL
    }

    /** Takes the one builtin of a family that is looked for, so that no other is made. */
    static final class Family {
        private final String wanted;
        private @Nullable Builtin found;

        Family(String wanted) {
            this.wanted = wanted;
        }

        String wanted() {
            return wanted;
        }

        void add(int arity, BuiltinFunction function) {
            found = new Builtin(wanted, arity, function);
        }
    }

    /** The builtin of this name, {@code null} when there is none. */
    static @Nullable Builtin find(String name) {
        Family family = new Family(name);
        switch (topic(name)) {
            case NUMBERS -> NumberBuiltins.register(family);
            case COLLECTIONS -> CollectionBuiltins.register(family);
            case STRINGS -> StringBuiltins.register(family);
            case REGEX -> RegexBuiltins.register(family);
            case GLOB -> GlobBuiltins.register(family);
            case OBJECTS -> ObjectBuiltins.register(family);
            case DOCUMENTS -> DocumentBuiltins.register(family);
            case TYPES -> TypeBuiltins.register(family);
            case ENCODING -> EncodingBuiltins.register(family);
            case UNITS -> UnitBuiltins.register(family);
            case SEMVER -> SemverBuiltins.register(family);
            case TIME -> TimeBuiltins.register(family);
            case NET -> NetBuiltins.register(family);
            case GRAPH -> GraphBuiltins.register(family);
            case CRYPTO -> CryptoBuiltins.register(family);
            case CERTIFICATES -> CertificateBuiltins.register(family);
            case JWT -> JwtBuiltins.register(family);
            case AWS -> AwsBuiltins.register(family);
            case GRAPHQL -> GraphqlBuiltins.register(family);
        }
        return family.found;
    }

    /** The family that has a builtin of this name, if any has. */
    private static Topic topic(String name) {
        int dot = name.indexOf('.');
        return switch (dot < 0 ? "" : name.substring(0, dot)) {
            case "" -> plain(name);
            case "io" -> Topic.JWT;
            case "crypto" ->
                name.startsWith("crypto.x509.") && !name.endsWith("rsa_private_key")
                        ? Topic.CERTIFICATES
                        : Topic.CRYPTO;
            case "graphql" -> Topic.GRAPHQL;
            case "net", "http" -> Topic.NET;
            case "time" -> Topic.TIME;
            case "units" -> Topic.UNITS;
            case "semver" -> Topic.SEMVER;
            case "graph" -> Topic.GRAPH;
            case "regex" -> Topic.REGEX;
            case "glob" -> Topic.GLOB;
            case "object" -> Topic.OBJECTS;
            case "providers" -> Topic.AWS;
            case "strings" -> Topic.STRINGS;
            case "array" -> Topic.COLLECTIONS;
            case "bits", "numbers", "rand" -> Topic.NUMBERS;
            case "json" -> json(name);
            case "base64", "base64url", "hex", "yaml", "urlquery", "uri" -> Topic.ENCODING;
            case "internal" ->
                name.startsWith("internal.member")
                        ? Topic.COLLECTIONS
                        : name.equals("internal.template_string") ? Topic.STRINGS : Topic.TYPES;
            default -> Topic.TYPES;
        };
    }

    private static Topic json(String name) {
        return switch (name) {
            case "json.filter", "json.remove", "json.patch", "json.match_schema", "json.verify_schema" ->
                Topic.DOCUMENTS;
            default -> Topic.ENCODING;
        };
    }

    private static Topic plain(String name) {
        return switch (name) {
            case "plus", "minus", "mul", "div", "rem", "eq", "equal", "neq", "lt", "lte", "gt", "gte" -> Topic.NUMBERS;
            case "abs", "round", "ceil", "floor", "format_int", "to_number" -> Topic.NUMBERS;
            case "count", "sum", "product", "max", "min", "sort", "all", "any" -> Topic.COLLECTIONS;
            case "and", "or", "set_diff", "union", "intersection" -> Topic.COLLECTIONS;
            case "re_match" -> Topic.REGEX;
            case "walk" -> Topic.GRAPH;
            case "concat", "contains", "startswith", "endswith", "indexof", "indexof_n", "lower", "upper" ->
                Topic.STRINGS;
            case "replace", "split", "sprintf", "substring" -> Topic.STRINGS;
            case "trim", "trim_left", "trim_right", "trim_space", "trim_prefix", "trim_suffix" -> Topic.STRINGS;
            default -> Topic.TYPES;
        };
    }
}
