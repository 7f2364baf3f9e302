package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import java.util.List;

/** Compiles the {@code K8sNativeValidation} code of templates. The module {@code gitops-policy-cel} has one. */
public interface CelEngine {

    /** The compiled source. Problem: {@code CEL_INVALID}. */
    Outcome<Program> compile(JsonObject source);

    /** Compiled validations. */
    interface Program {

        /**
         * The messages of the validations that do not hold, in order.
         *
         * @param request admission request, with {@code object}, {@code oldObject} and {@code namespaceObject}
         * @param parameters of the constraint, null when it has none
         */
        List<String> violations(JsonObject request, Json parameters);

        /** As {@link #violations}, with what is known about each message. */
        default List<Said> judge(JsonObject request, Json parameters) {
            return violations(request, parameters).stream()
                    .map(message -> new Said(message, false, ""))
                    .toList();
        }
    }

    /**
     * A message.
     *
     * @param failed whether the validation could not be evaluated
     * @param place the path of the expression that failed, {@code source.validations[0].expression}; {@code ""} for none
     */
    record Said(String message, boolean failed, String place) {}
}
