package io.gitops4j.recovery.restore;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import java.util.Optional;

/** Turns objects of a version that the target no longer serves into one that it does. */
@FunctionalInterface
public interface VersionConverter {

    /** The object in version {@code to}; empty when this cannot be done. */
    Optional<JsonObject> convert(JsonObject object, Gvk to);

    /** Converts nothing. */
    static VersionConverter none() {
        return (object, to) -> Optional.empty();
    }
}
