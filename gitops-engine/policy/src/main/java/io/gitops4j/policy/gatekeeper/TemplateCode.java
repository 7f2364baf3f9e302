package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.rego.value.Value;
import java.util.List;

/** The code of a template in one language, compiled. */
interface TemplateCode {

    /** What a constraint has against a reviewed object, in a stable order. */
    List<Found> violations(Review review, Constraint constraint, Value inventory);

    /** A message and its details. */
    record Found(String message, JsonObject details) {}
}
