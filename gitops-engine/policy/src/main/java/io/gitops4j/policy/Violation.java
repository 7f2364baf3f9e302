package io.gitops4j.policy;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Where;

/**
 * One thing that a policy has against an object.
 *
 * @param policy the policy, {@code K8sRequiredLabels/all-must-have-owner}
 * @param action {@code deny}, {@code warn}, {@code dryrun} or another word of the policy's
 * @param message what is wrong
 * @param subject the object
 * @param details whatever else the policy says, {@code {}} when nothing
 */
public record Violation(String policy, String action, String message, ResourceKey subject, JsonObject details) {

    private static final String FAILED_AT = "failedAt";

    /** Details that name the place of a policy that could not be evaluated. */
    public static JsonObject failedAt(Where place) {
        return JsonObject.of(FAILED_AT, Json.of(place.place()));
    }

    /** The place of the policy where it could not be evaluated, {@code ""} where it could. */
    public String failedAt() {
        return details.text(FAILED_AT, "");
    }

    /** Whether the action refuses the object. */
    public boolean denies() {
        return action.equals("deny");
    }
}
