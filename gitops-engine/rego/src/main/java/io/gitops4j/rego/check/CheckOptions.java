package io.gitops4j.rego.check;

import io.gitops4j.rego.ast.OpaVersion;

/**
 * How modules are checked.
 *
 * @param opa which release the rules are taken from
 * @param builtins what may be called
 * @param strict whether unused imports, locals and arguments, shadowed names and deprecated builtins are errors in v0 too
 * @param print whether {@code print} stays; otherwise its calls are dropped
 * @param types whether types are checked
 * @param errorLimit how many errors are reported, 0 for all
 * @param schemas what is known of documents
 */
public record CheckOptions(
        OpaVersion opa,
        BuiltinSignatures builtins,
        boolean strict,
        boolean print,
        boolean types,
        int errorLimit,
        SchemaSet schemas) {

    /** The newest release, not strict, without {@code print}, 10 errors. */
    public static CheckOptions defaults() {
        return of(OpaVersion.newest());
    }

    /** A release, not strict, without {@code print}, 10 errors. */
    public static CheckOptions of(OpaVersion opa) {
        return new CheckOptions(opa, BuiltinSignatures.of(opa), false, false, true, 10, SchemaSet.none());
    }

    /** The same, strict or not. */
    public CheckOptions withStrict(boolean on) {
        return new CheckOptions(opa, builtins, on, print, types, errorLimit, schemas);
    }

    /** The same with calls of {@code print} kept or dropped. */
    public CheckOptions withPrint(boolean kept) {
        return new CheckOptions(opa, builtins, strict, kept, types, errorLimit, schemas);
    }

    /** The same with other builtins. */
    public CheckOptions withBuiltins(BuiltinSignatures signatures) {
        return new CheckOptions(opa, signatures, strict, print, types, errorLimit, schemas);
    }

    /** The same with or without type checks. */
    public CheckOptions withTypes(boolean on) {
        return new CheckOptions(opa, builtins, strict, print, on, errorLimit, schemas);
    }

    /** The same with another bound of errors. */
    public CheckOptions withErrorLimit(int limit) {
        return new CheckOptions(opa, builtins, strict, print, types, limit, schemas);
    }

    /** The same with schemas. */
    public CheckOptions withSchemas(SchemaSet set) {
        return new CheckOptions(opa, builtins, strict, print, types, errorLimit, set);
    }
}
