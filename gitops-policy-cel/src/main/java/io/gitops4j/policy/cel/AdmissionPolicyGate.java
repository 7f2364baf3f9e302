package io.gitops4j.policy.cel;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
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
    private final Enforcement enforcement;

    /** A gate over policies. */
    public AdmissionPolicyGate(AdmissionPolicies policies) {
        this(policies, Enforcement.strict());
    }

    /** A gate over policies with exemptions from {@code ValidatingAdmissionPolicy/name} and {@code MutatingAdmissionPolicy/name}. */
    public AdmissionPolicyGate(AdmissionPolicies policies, Enforcement enforcement) {
        this.policies = policies;
        this.enforcement = enforcement;
    }

    @Override
    public String name() {
        return "admission-policies";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>(policies.problems());
        for (Manifest manifest : desired) {
            problems.addAll(enforcement.problems(
                    manifest,
                    shown(policies.reviewCreate(manifest.body()).violations()),
                    "POLICY_VIOLATION",
                    violation -> manifest.key() + ": " + violation.message()));
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
        return enforcement.review(shown(verdict.violations()), Violation::message, verdict.mutated());
    }

    private static List<Violation> shown(List<Violation> violations) {
        return violations.stream()
                .filter(violation -> !violation.action().equals("audit"))
                .toList();
    }
}
