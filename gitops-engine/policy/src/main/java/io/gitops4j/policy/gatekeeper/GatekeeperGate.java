package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gatekeeper's constraints in front of plans, and in front of writes. A denying violation blocks, the others warn. What was
 * refused when the client was built blocks everything, since a policy that cannot be evaluated must not let anything pass.
 */
public final class GatekeeperGate implements PlanGate, AdmissionHook {
    private final Gatekeeper client;
    private final Enforcement enforcement;

    /** A gate over a client. */
    public GatekeeperGate(Gatekeeper client) {
        this(client, Enforcement.strict());
    }

    /** A gate over a client with exemptions, which count or have expired by {@code clock}. */
    public GatekeeperGate(Gatekeeper client, Exemptions exemptions, InstantSource clock) {
        this(client, Enforcement.with(exemptions, clock));
    }

    /** A gate over a client with exemptions from {@code kind/name} of its constraints. */
    public GatekeeperGate(Gatekeeper client, Enforcement enforcement) {
        this.client = client;
        this.enforcement = enforcement;
    }

    @Override
    public String name() {
        return "gatekeeper";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>(client.problems());
        for (Manifest manifest : desired) {
            problems.addAll(enforcement.problems(
                    manifest,
                    client.review(manifest.body()),
                    "POLICY_VIOLATION",
                    violation -> manifest.key() + ": [" + violation.policy() + "] " + violation.message()));
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
        for (Problem problem : client.problems()) {
            (problem.isError() ? denials : warnings).add(problem.text());
        }
        Review review = enforcement.review(client.review(object), GatekeeperGate::said, Optional.empty());
        denials.addAll(review.denials());
        warnings.addAll(review.warnings());
        return new Review(denials, warnings, Optional.empty());
    }

    private static String said(Violation violation) {
        String name = violation.policy().substring(violation.policy().indexOf('/') + 1);
        return "[" + name + "] " + violation.message();
    }
}
