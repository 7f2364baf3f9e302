package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.value.Value;
import java.util.List;

/** The code of a template in one language, compiled. */
interface TemplateCode {

    /** What a constraint has against a reviewed object, in a stable order. */
    List<Found> violations(Review review, Constraint constraint, Value inventory);

    /**
     * A message and its details.
     *
     * @param failed whether the code could not be evaluated, which says nothing about the object
     */
    record Found(String message, JsonObject details, boolean failed) {
        Found(String message, JsonObject details) {
            this(message, details, false);
        }

        static Found failure(String message) {
            return new Found(message, JsonObject.empty(), true);
        }
    }
}
