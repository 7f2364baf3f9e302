package io.gitops4j.appset;

import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import java.util.List;

/** Answers {@code plugin} generators. */
@FunctionalInterface
public interface ParameterPlugin {

    /**
     * The parameter sets.
     *
     * @param config name of the ConfigMap that the generator refers to
     * @param parameters {@code input.parameters} of the generator
     */
    Outcome<List<JsonObject>> parameters(String config, JsonObject parameters);
}
