package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gatekeeper's constraints in front of plans, and in front of writes. A denying violation blocks, the others warn. What was
 * refused when the client was built blocks everything, since a policy that cannot be evaluated must not let anything pass.
 */
public final class GatekeeperGate implements PlanGate, AdmissionHook {
    private final Gatekeeper client;

    /** A gate over a client. */
    public GatekeeperGate(Gatekeeper client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "gatekeeper";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>(client.problems());
        for (Manifest manifest : desired) {
            for (Violation violation : client.review(manifest.body())) {
                String text = manifest.key() + ": [" + violation.policy() + "] " + violation.message();
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
        JsonObject object = request.object() == null ? request.oldObject() : request.object();
        if (object == null) {
            return Review.allowed();
        }
        List<String> denials = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Violation violation : client.review(object)) {
            String name = violation.policy().substring(violation.policy().indexOf('/') + 1);
            (violation.denies() ? denials : warnings).add("[" + name + "] " + violation.message());
        }
        return new Review(denials, warnings, Optional.empty());
    }
}
