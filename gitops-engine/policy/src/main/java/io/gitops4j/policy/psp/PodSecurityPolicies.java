package io.gitops4j.policy.psp;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Policies as the admission plugin used them: the first by name that admits the pod as it stands, else the first by name that admits it
 * with its defaults filled in. Mutates objects before a plan, and creations as mutating admission; updates are judged only.
 *
 * <p>Source: rego §3.1.
 */
public final class PodSecurityPolicies implements AdmissionHook {
    /** What exemptions call it when no policy admits an object. */
    static final String POLICY = "PodSecurityPolicy";

    private final List<PodSecurityPolicy> policies;
    private final Enforcement enforcement;

    /** These policies; with none, everything is admitted. */
    public PodSecurityPolicies(List<PodSecurityPolicy> policies) {
        this(policies, Enforcement.strict());
    }

    /** These policies, with exemptions from {@code PodSecurityPolicy}. */
    public PodSecurityPolicies(List<PodSecurityPolicy> policies, Enforcement enforcement) {
        List<PodSecurityPolicy> sorted = new ArrayList<>(policies);
        sorted.sort(Comparator.comparing(PodSecurityPolicy::name));
        this.policies = List.copyOf(sorted);
        this.enforcement = enforcement;
    }

    /**
     * A decision.
     *
     * @param policy the one that admits, {@code null} when none does or none is there
     * @param object as it is to be stored
     * @param violations of all policies when none admits, each with the policy's name in front
     */
    public record Decision(@Nullable String policy, JsonObject object, List<String> violations) {

        /** Whether the object may be stored. */
        public boolean admitted() {
            return violations.isEmpty();
        }
    }

    /** The decision about the pod that {@code object} is or makes. An object without a pod is admitted. */
    public Decision admit(JsonObject object) {
        return decide(object, true);
    }

    private Decision decide(JsonObject object, boolean mayMutate) {
        List<String> violations = new ArrayList<>();
        @Nullable Decision mutating = null;
        for (PodSecurityPolicy policy : policies) {
            JsonObject defaulted = policy.defaulted(object);
            List<String> against = policy.violations(defaulted);
            against.forEach(text -> violations.add(policy.name() + ": " + text));
            if (against.isEmpty() && defaulted.equals(object)) {
                return new Decision(policy.name(), object, List.of());
            }
            if (against.isEmpty() && mutating == null) {
                mutating = new Decision(policy.name(), mayMutate ? defaulted : object, List.of());
            }
        }
        return mutating != null ? mutating : new Decision(null, object, List.copyOf(violations));
    }

    /** All objects with the defaults of the policies that admit them. Problem: {@code POD_SECURITY_POLICY}. */
    public Outcome<ManifestSet> mutate(ManifestSet objects) {
        List<Problem> problems = new ArrayList<>();
        List<Manifest> out = new ArrayList<>();
        for (Manifest manifest : objects) {
            Decision decision = admit(manifest.body());
            if (!decision.admitted()) {
                problems.addAll(enforcement.problems(
                        manifest,
                        violations(
                                manifest.key(),
                                List.of("unable to validate against any pod security policy: "
                                        + decision.violations())),
                        "POD_SECURITY_POLICY",
                        violation -> manifest.key() + ": " + violation.message()));
            }
            out.add(
                    decision.object().equals(manifest.body())
                            ? manifest
                            : manifest.withBody(decision.object())
                                    .withOrigin(manifest.origin().through("PodSecurityPolicy " + decision.policy())));
        }
        return problems.stream().anyMatch(Problem::isError)
                ? Outcome.failed(problems)
                : ManifestSet.of(out).then(set -> Outcome.of(set, problems));
    }

    private static List<Violation> violations(ResourceKey subject, List<String> texts) {
        return texts.stream()
                .map(text -> new Violation(POLICY, "deny", text, subject, JsonObject.empty()))
                .toList();
    }

    @Override
    public Review review(Request request) {
        JsonObject object = request.object();
        boolean creates = request.operation().equals("CREATE");
        if (object == null
                || !(creates || request.operation().equals("UPDATE"))
                || !request.subresource().isEmpty()) {
            return Review.allowed();
        }
        Decision decision = decide(object, creates);
        return enforcement.review(
                violations(Manifest.trusted(object, Origin.memory()).key(), decision.violations()),
                Violation::message,
                decision.object().equals(object) ? Optional.empty() : Optional.of(decision.object()));
    }
}
