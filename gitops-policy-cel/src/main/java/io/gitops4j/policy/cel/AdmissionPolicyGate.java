package io.gitops4j.policy.cel;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;

/**
 * Kubernetes' admission policies in front of plans, where every object counts as a {@code CREATE}, and in front of writes. A
 * denial blocks; a warning warns; an audit annotation or action changes nothing here. A policy that does not compile blocks
 * everything, unless its {@code failurePolicy} is {@code Ignore}.
 */
public final class AdmissionPolicyGate implements PlanGate, AdmissionHook {
    private final AdmissionPolicies policies;

    /** A gate over policies. */
    public AdmissionPolicyGate(AdmissionPolicies policies) {
        this.policies = policies;
    }

    @Override
    public String name() {
        return "admission-policies";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>(policies.problems());
        for (Manifest manifest : desired) {
            for (Violation violation : policies.reviewCreate(manifest.body()).violations()) {
                if (violation.action().equals("audit")) {
                    continue;
                }
                String text = manifest.key() + ": " + violation.message();
                Problem problem = violation.denies()
                        ? Problem.error("POLICY_VIOLATION", text)
                        : Problem.warning("POLICY_VIOLATION", text);
                problems.add(problem.at(Where.file(manifest.origin().file())));
            }
        }
        return List.copyOf(problems);
    }

    @Override
    public Review review(Request request) {
        AdmissionPolicies.Verdict verdict = policies.review(
                request.operation(),
                request.object(),
                request.oldObject(),
                request.subresource(),
                request.user(),
                request.namespaceObject());
        List<String> denials = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Violation violation : verdict.violations()) {
            if (violation.denies()) {
                denials.add(violation.message());
            } else if (violation.action().equals("warn")) {
                warnings.add(violation.message());
            }
        }
        return new Review(denials, warnings, verdict.mutated());
    }
}
