package io.gitops4j.policy.cel.library;

import dev.cel.common.types.SimpleType;

/** {@code jsonpatch.escapeKey}: a key as a part of a JSON pointer. */
final class JsonPatches {
    private JsonPatches() {}

    static void register(FunctionTable table) {
        table.global(
                "jsonpatch.escapeKey",
                "string_jsonpatch_escape_key_string",
                SimpleType.STRING,
                a -> ((String) a[0]).replace("~", "~0").replace("/", "~1"),
                SimpleType.STRING);
    }
}
