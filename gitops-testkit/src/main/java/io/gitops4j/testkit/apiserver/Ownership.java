package io.gitops4j.testkit.apiserver;

import io.gitops4j.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which field: keeps {@code metadata.managedFields} and merges applied configurations. Objects are in the version of
 * the request.
 */
interface Ownership {

    /** {@code object}, which is about to be created, with its creator recorded. */
    JsonObject created(WriteContext write, JsonObject object);

    /** {@code object}, which is about to replace {@code live}, with its writer recorded. */
    JsonObject updated(WriteContext write, JsonObject live, JsonObject object);

    /**
     * What server-side apply makes of a configuration.
     *
     * @param live the object, {@code null} when it does not exist
     * @return the merged object with managedFields
     */
    JsonObject applied(WriteContext write, @Nullable JsonObject live, JsonObject configuration);
}
