package io.gitops4j.policy.cel;

import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.cel.expression.KubernetesCel;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Severity;
import io.gitops4j.problem.Where;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ValidatingAdmissionPolicy.
 *
 * @param name its name
 * @param match what it is about
 * @param paramKind {@code {}} when it takes no parameters
 * @param code {@code null} when it does not compile
 * @param compileError why, {@code null} when it does
 * @param ignoresFailures whether what cannot be evaluated lets pass
 * @param problems why it has no code: errors, or warnings where failures are ignored
 */
record ValidatingPolicy(
        String name,
        MatchResources match,
        JsonObject paramKind,
        @Nullable PolicyCode code,
        @Nullable String compileError,
        boolean ignoresFailures,
        List<Problem> problems) {

    private static final List<String> REASONS = List.of("Forbidden", "Invalid", "RequestEntityTooLarge");

    /** Reads a policy. One that does not compile is one, too, since it must deny. Problem: {@code POLICY_INVALID}. */
    static Outcome<ValidatingPolicy> parse(KubernetesCel cel, JsonObject policy) {
        String name = policy.object("metadata").text("name", "");
        JsonObject spec = policy.object("spec");
        boolean ignore = spec.text("failurePolicy", "Fail").equals("Ignore");
        if (spec.array("validations").isEmpty()
                && spec.array("auditAnnotations").isEmpty()) {
            return Outcome.failed(
                    Problem.error(
                            "POLICY_INVALID",
                            "ValidatingAdmissionPolicy " + name
                                    + ": spec.validations: Required value: validations or auditAnnotations must contain at least one item"));
        }
        for (int i = 0; i < spec.array("validations").size(); i++) {
            String reason = spec.array("validations").get(i) instanceof JsonObject item ? item.text("reason", "") : "";
            if (!reason.isEmpty() && !REASONS.contains(reason)) {
                String path = "spec.validations[" + i + "].reason";
                return Outcome.failed(Problem.error(
                                "POLICY_INVALID",
                                "ValidatingAdmissionPolicy " + name + ": " + path + ": Unsupported value: \"" + reason
                                        + "\": supported values: \"Forbidden\", \"Invalid\","
                                        + " \"RequestEntityTooLarge\"")
                        .at(Where.file(path)));
            }
        }
        Outcome<PolicyCode> code = PolicyCode.compile(
                cel,
                AdmissionPolicies.compilation(cel, spec, true),
                AdmissionPolicies.compilation(cel, spec, false),
                spec,
                "spec.");
        List<Problem> problems = code.problems().stream()
                .map(problem -> new Problem(
                        ignore ? Severity.WARNING : Severity.ERROR,
                        problem.code(),
                        "ValidatingAdmissionPolicy " + name + ": " + problem.text(),
                        problem.where(),
                        problem.hint()))
                .toList();
        String error = code.ok() ? null : code.problems().get(0).text();
        return MatchResources.parse(spec.object("matchConstraints"), false)
                .map(match -> new ValidatingPolicy(
                        name, match, spec.object("paramKind"), code.orNull(), error, ignore, problems));
    }
}
