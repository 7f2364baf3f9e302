package io.gitops4j.policy.cel.library;

import java.util.Map;

/** Answers the {@code authorizer} of expressions. */
public interface CelAuthorizer {

    /**
     * Whether a request would be allowed.
     *
     * @param question {@code verb}, and {@code path}, or {@code group}, {@code resource}, {@code subresource},
     *     {@code namespace}, {@code name}, {@code fieldSelector}, {@code labelSelector}; {@code serviceAccount}
     *     ({@code namespace/name}) when not the user of the request. What was not said is missing
     */
    Decision check(Map<String, String> question);

    /**
     * An answer.
     *
     * @param allowed whether it is
     * @param reason why, {@code ""} when nobody says
     * @param error what kept the authorizer from answering, {@code ""} when nothing
     */
    record Decision(boolean allowed, String reason, String error) {}

    /** Answers nothing: every check is an error, so that a policy that asks fails closed. */
    static CelAuthorizer refusing() {
        return question -> new Decision(false, "", "there is no authorizer");
    }
}
