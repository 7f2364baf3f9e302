package io.gitops4j.policy.gatekeeper;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.problem.Where;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.time.Instant;
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
    private final Exemptions exemptions;
    private final InstantSource clock;

    /** A gate over a client. */
    public GatekeeperGate(Gatekeeper client) {
        this(client, Exemptions.none(), () -> Instant.EPOCH);
    }

    /** A gate over a client with exemptions, which count or have expired by {@code clock}. */
    public GatekeeperGate(Gatekeeper client, Exemptions exemptions, InstantSource clock) {
        this.client = client;
        this.exemptions = exemptions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "gatekeeper";
    }

    @Override
    public List<Problem> review(ManifestSet desired) {
        List<Problem> problems = new ArrayList<>(client.problems());
        for (Manifest manifest : desired) {
            Exemptions.Result result = exemptions.apply(client.review(manifest.body()), clock.instant());
            Where place = Where.file(manifest.origin().file());
            for (Exemptions.Exempted exempted : result.exempted()) {
                problems.add(
                        Problem.warning("POLICY_EXEMPTED", exempted.toString()).at(place));
            }
            for (Exemptions.Exempted expired : result.expired()) {
                problems.add(Problem.warning(
                                "EXEMPTION_EXPIRED",
                                "exemption " + expired.exemption().name() + " of " + manifest.key() + " expired at "
                                        + expired.exemption().expires())
                        .at(place));
            }
            for (Violation violation : result.remaining()) {
                String text = manifest.key() + ": [" + violation.policy() + "] " + violation.message();
                Problem problem = violation.denies()
                        ? Problem.error("POLICY_VIOLATION", text)
                        : Problem.warning("POLICY_VIOLATION", text);
                problems.add(problem.at(place));
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
        for (Problem problem : client.problems()) {
            (problem.isError() ? denials : warnings).add(problem.text());
        }
        Exemptions.Result result = exemptions.apply(client.review(object), clock.instant());
        result.exempted().forEach(exempted -> warnings.add(exempted.toString()));
        for (Violation violation : result.remaining()) {
            String name = violation.policy().substring(violation.policy().indexOf('/') + 1);
            (violation.denies() ? denials : warnings).add("[" + name + "] " + violation.message());
        }
        return new Review(denials, warnings, Optional.empty());
    }
}
