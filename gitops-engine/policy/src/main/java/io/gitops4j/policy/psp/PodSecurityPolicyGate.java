package io.gitops4j.policy.psp;

import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lets an object pass when one of its policies, in the order of their names, has nothing against it. */
public final class PodSecurityPolicyGate implements PlanGate {
    private final List<PodSecurityPolicy> policies;

    /** A gate of these policies; with none, everything passes. */
    public PodSecurityPolicyGate(List<PodSecurityPolicy> policies) {
        List<PodSecurityPolicy> sorted = new ArrayList<>(policies);
        sorted.sort(Comparator.comparing(PodSecurityPolicy::name));
        this.policies = List.copyOf(sorted);
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
                problems.add(Problem.error(
                                "POD_SECURITY_POLICY",
                                manifest.key() + ": unable to validate against any pod security policy: " + said)
                        .at(Where.file(manifest.origin().file())));
            }
        }
        return List.copyOf(problems);
    }
}
