package io.gitops4j.appset;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import java.util.List;

/** Reads the decisions of resources for {@code clusterDecisionResource} generators. */
@FunctionalInterface
public interface DecisionSource {

    /**
     * What was decided, in the order of the resources' lists.
     *
     * @param generator the generator's body: {@code configMapRef}, {@code name}, {@code labelSelector}
     */
    Outcome<Decisions> decisions(JsonObject generator);

    /**
     * Decisions.
     *
     * @param matchKey field of an entry that names its cluster, such as {@code clusterName}
     * @param entries the status lists, concatenated
     */
    record Decisions(String matchKey, List<JsonObject> entries) {

        /** Decisions of these parts. */
        public Decisions {
            entries = List.copyOf(entries);
        }
    }
}
