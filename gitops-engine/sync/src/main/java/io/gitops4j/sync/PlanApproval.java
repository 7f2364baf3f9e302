package io.gitops4j.sync;

import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody's consent to a plan: to exactly that plan, by its hash, and for a time.
 *
 * @param planHash of the plan that was looked at
 * @param approver who
 * @param until when the consent ends
 */
public record PlanApproval(String planHash, String approver, Instant until) {

    /** The consent to a plan until a time. */
    public static PlanApproval of(Plan plan, String approver, Instant until) {
        return new PlanApproval(plan.hash(), approver, until);
    }

    /** Why the plan may not be carried out at {@code now}: {@code PLAN_NOT_APPROVED}, {@code PLAN_EXPIRED}; empty when it may. */
    public Optional<Problem> refusal(Plan plan, Instant now) {
        if (!plan.hash().equals(planHash)) {
            return Optional.of(Problem.error(
                            "PLAN_NOT_APPROVED",
                            "the plan of " + plan.application() + " is not the one that " + approver + " approved")
                    .hint("show the new plan and have it approved"));
        }
        return now.isBefore(until)
                ? Optional.empty()
                : Optional.of(Problem.error("PLAN_EXPIRED", "the approval by " + approver + " ended at " + until)
                        .hint("make a new plan"));
    }
}
