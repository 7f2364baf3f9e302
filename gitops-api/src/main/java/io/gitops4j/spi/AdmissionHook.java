package io.gitops4j.spi;

import io.gitops4j.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reviews a write before it is stored, as an admission webhook does. */
public interface AdmissionHook {

    /** The verdict on one write. */
    Review review(Request request);

    /** Whether it is asked again when a later hook has changed the object, as {@code reinvocationPolicy: IfNeeded} has it. */
    default boolean reinvoked() {
        return false;
    }

    /**
     * A write.
     *
     * @param operation {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code CONNECT}
     * @param object the object after it, {@code null} for a delete
     * @param oldObject the object before it, {@code null} for a create
     * @param subresource {@code ""} for the object itself
     * @param user name of the user
     * @param namespaceObject the Namespace object of the object's namespace, {@code null} when cluster-scoped or unknown
     */
    record Request(
            String operation,
            @Nullable JsonObject object,
            @Nullable JsonObject oldObject,
            String subresource,
            String user,
            @Nullable JsonObject namespaceObject) {}

    /**
     * A verdict.
     *
     * @param denials reasons to refuse, empty to let pass
     * @param warnings shown to the caller
     * @param mutated the object to store instead, empty to keep it
     */
    record Review(List<String> denials, List<String> warnings, Optional<JsonObject> mutated) {

        /** Lets the write pass. */
        public static Review allowed() {
            return new Review(List.of(), List.of(), Optional.empty());
        }
    }
}
