package io.gitops4j.policy.psp;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lets an object pass when one of its policies, in the order of their names, has nothing against it. */
public final class PodSecurityPolicyGate implements PlanGate {
    private final List<PodSecurityPolicy> policies;
    private final Enforcement enforcement;

    /** A gate of these policies; with none, everything passes. */
    public PodSecurityPolicyGate(List<PodSecurityPolicy> policies) {
        this(policies, Enforcement.strict());
    }

    /** A gate of these policies, with exemptions from {@code PodSecurityPolicy}. */
    public PodSecurityPolicyGate(List<PodSecurityPolicy> policies, Enforcement enforcement) {
        List<PodSecurityPolicy> sorted = new ArrayList<>(policies);
        sorted.sort(Comparator.comparing(PodSecurityPolicy::name));
        this.policies = List.copyOf(sorted);
        this.enforcement = enforcement;
    }

    @Override
    public String name() {
        return "pod-security-policy";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>();
        for (Manifest manifest : desired) {
            List<String> said = new ArrayList<>();
            boolean passes = policies.isEmpty();
            for (PodSecurityPolicy policy : policies) {
                List<String> violations = policy.violations(manifest.body());
                passes |= violations.isEmpty();
                said.addAll(violations);
            }
            if (!passes) {
                Violation violation = new Violation(
                        PodSecurityPolicies.POLICY,
                        "deny",
                        "unable to validate against any pod security policy: " + said,
                        manifest.key(),
                        JsonObject.empty());
                problems.addAll(enforcement.problems(
                        manifest,
                        List.of(violation),
                        "POD_SECURITY_POLICY",
                        against -> manifest.key() + ": " + against.message()));
            }
        }
        return List.copyOf(problems);
    }
}
