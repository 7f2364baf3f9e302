package io.gitops4j.policy.cel;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * A binding: which policy, on what, with which parameters, to which effect.
 *
 * @param kind its own
 * @param name its own
 * @param policy the policy's
 * @param match narrows the policy's match
 * @param paramRef {@code {}} when there is none
 * @param actions {@code Deny}, {@code Warn}, {@code Audit}
 */
record PolicyBinding(
        String kind, String name, String policy, MatchResources match, JsonObject paramRef, List<String> actions) {

    /** Problems: {@code POLICY_BINDING_INVALID}. */
    static Outcome<PolicyBinding> parse(JsonObject binding) {
        String name = binding.object("metadata").text("name", "");
        JsonObject spec = binding.object("spec");
        boolean validating = binding.text("kind", "").startsWith("Validating");
        List<String> actions = new ArrayList<>();
        for (Json action : spec.array("validationActions")) {
            actions.add(String.valueOf(action.textOrNull()));
        }
        if (spec.text("policyName", "").isEmpty()) {
            return invalid(name, "spec.policyName: Required value");
        }
        if (validating && actions.isEmpty()) {
            return invalid(name, "spec.validationActions: Required value");
        }
        if (actions.contains("Deny") && actions.contains("Warn")) {
            return invalid(name, "spec.validationActions: Deny and Warn exclude each other");
        }
        for (String action : actions) {
            if (!List.of("Deny", "Warn", "Audit").contains(action)) {
                return invalid(name, "spec.validationActions: Unsupported value: \"" + action + "\"");
            }
        }
        JsonObject paramRef = spec.object("paramRef");
        if (paramRef.has("name") == paramRef.has("selector") && spec.has("paramRef")) {
            return invalid(name, "spec.paramRef: one of name or selector must be specified");
        }
        return MatchResources.parse(spec.object("matchResources"), true)
                .map(match -> new PolicyBinding(
                        binding.text("kind", ""),
                        name,
                        spec.text("policyName", ""),
                        match,
                        paramRef,
                        List.copyOf(actions)));
    }

    private static <T> Outcome<T> invalid(String name, String why) {
        return Outcome.failed(Problem.error("POLICY_BINDING_INVALID", "binding " + name + ": " + why)
                .at(Where.file(why.substring(0, why.indexOf(": ")))));
    }

    /** Whether a missing parameter lets the request pass. */
    boolean allowsMissing() {
        return paramRef.text("parameterNotFoundAction", "Deny").equals("Allow");
    }

    /** Whether the object is one of the parameters that it names, for a request in {@code namespace}. */
    boolean names(JsonObject param, String namespace) {
        JsonObject metadata = param.object("metadata");
        String home = metadata.text("namespace", "");
        if (!home.isEmpty() && !home.equals(paramRef.text("namespace", namespace))) {
            return false;
        }
        if (paramRef.has("name")) {
            return metadata.text("name", "").equals(paramRef.text("name", ""));
        }
        return LabelSelector.of(paramRef.object("selector"))
                .value()
                .filter(selector -> selector.matches(metadata.object("labels")))
                .isPresent();
    }
}
