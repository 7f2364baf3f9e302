package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;

/**
 * The values that the server puts where a client says nothing.
 *
 * <p>Source: k8s-apply §5.6, §5.9.
 */
final class Defaulting {

    /** {@code object} with its defaults. */
    JsonObject apply(WriteContext write, JsonObject object) {
        CustomType custom = write.type.crd();
        return custom == null
                ? KindDefaults.apply(write.type.qualifiedResource(), object)
                : CustomForm.withDefaults(custom.schema(write.version), object);
    }
}
