package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;

/** The values that the server puts where a client says nothing. */
final class Defaulting {

    /** {@code object} with its defaults. */
    JsonObject apply(WriteContext write, JsonObject object) {
        return object;
    }
}
