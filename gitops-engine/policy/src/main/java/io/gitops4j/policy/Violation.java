package io.gitops4j.policy;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;

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

    /** Whether the action refuses the object. */
    public boolean denies() {
        return action.equals("deny");
    }
}
