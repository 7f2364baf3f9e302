package io.gitops4j.spi;

import io.gitops4j.cluster.Health;
import io.gitops4j.json.JsonObject;
import java.util.Optional;

/** Judges the health of live objects. */
public interface HealthCheck {

    /** The health of {@code live}; empty when this check has nothing to say of its kind. */
    Optional<Health> assess(JsonObject live);
}
