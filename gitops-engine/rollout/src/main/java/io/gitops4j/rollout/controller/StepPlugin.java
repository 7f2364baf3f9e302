package io.gitops4j.rollout.controller;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;

/**
 * A kind of canary step that somebody else brings. Called from the reconciling thread; the same call may be made again after a
 * crash, so it must be idempotent by rollout, step and execution.
 *
 * <p>Source: Rollouts §2.17.
 */
public interface StepPlugin {

    /** The name that steps call it by. */
    String name();

    /** Does a bit of the work, or undoes it. It may throw nothing: what goes wrong is an answer with phase Error. */
    Answer call(Call call);

    /**
     * A call.
     *
     * @param rollout the Rollout with its status
     * @param stepIndex which step, from 0
     * @param operation {@code Run}, {@code Abort} or {@code Terminate}
     * @param execution the how-many-eth call of this operation, from 1
     * @param config the step's configuration
     * @param memory what the last answer asked to remember, {@code null} JSON at first
     */
    record Call(JsonObject rollout, int stepIndex, String operation, int execution, JsonObject config, Json memory) {}

    /**
     * An answer.
     *
     * @param phase {@code Running}, {@code Successful}, {@code Failed} or {@code Error}
     * @param message one sentence, may be empty
     * @param memory what to be told next time
     * @param requeueSeconds when to be called again while Running; 10 and less mean 30
     */
    record Answer(String phase, String message, Json memory, long requeueSeconds) {

        /** Done. */
        public static Answer successful() {
            return new Answer("Successful", "", Json.nul(), 0);
        }

        /** Not yet. */
        public static Answer running(Json memory, long requeueSeconds) {
            return new Answer("Running", "", memory, requeueSeconds);
        }

        /** Done, and badly: the update is aborted. */
        public static Answer failed(String message) {
            return new Answer("Failed", message, Json.nul(), 0);
        }

        /** Could not be asked: it is called again. */
        public static Answer error(String message) {
            return new Answer("Error", message, Json.nul(), 0);
        }
    }
}
