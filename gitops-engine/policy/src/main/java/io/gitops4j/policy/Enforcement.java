package io.gitops4j.policy;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes problems of plans and verdicts of admission out of violations, the same way for every kind of policy: what an exemption
 * covers is recorded as a warning instead, with who, why and until when; one that has expired is named beside what it no longer covers.
 */
public final class Enforcement {
    private static final Enforcement STRICT = new Enforcement(Exemptions.none(), () -> Instant.EPOCH);

    private final Exemptions exemptions;
    private final InstantSource clock;

    private Enforcement(Exemptions exemptions, InstantSource clock) {
        this.exemptions = exemptions;
        this.clock = clock;
    }

    /** Without exemptions. */
    public static Enforcement strict() {
        return STRICT;
    }

    /** With exemptions, which count or have expired by {@code clock}. */
    public static Enforcement with(Exemptions exemptions, InstantSource clock) {
        return new Enforcement(exemptions, clock);
    }

    /** What remains of violations now. */
    public Exemptions.Result apply(List<Violation> violations) {
        return exemptions.apply(violations, clock.instant());
    }

    /**
     * The problems of an object in a plan, at its place.
     *
     * @param code of what remains; what was exempted is {@code POLICY_EXEMPTED}, what no longer is {@code EXEMPTION_EXPIRED}
     * @param sentence of a violation
     */
    public List<Problem> problems(
            Manifest manifest, List<Violation> violations, String code, Function<Violation, String> sentence) {
        if (violations.isEmpty()) {
            return List.of();
        }
        Exemptions.Result result = apply(violations);
        List<Problem> problems = new ArrayList<>();
        for (Exemptions.Exempted exempted : result.exempted()) {
            problems.add(Problem.warning("POLICY_EXEMPTED", exempted.toString()));
        }
        for (String expired : expiries(result)) {
            problems.add(Problem.warning("EXEMPTION_EXPIRED", expired));
        }
        for (Violation violation : result.remaining()) {
            String text = sentence.apply(violation);
            String failed = violation.failedAt();
            String hint = failed.isEmpty() ? "" : "the policy could not be evaluated at " + failed;
            problems.add((violation.denies() ? Problem.error(code, text) : Problem.warning(code, text)).hint(hint));
        }
        problems.replaceAll(problem -> problem.at(manifest.origin().where()));
        return List.copyOf(problems);
    }

    /**
     * The verdict on a write.
     *
     * @param sentence of a violation
     * @param mutated the object to store instead, empty to keep it
     */
    public AdmissionHook.Review review(
            List<Violation> violations, Function<Violation, String> sentence, Optional<JsonObject> mutated) {
        Exemptions.Result result = apply(violations);
        List<String> denials = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        result.exempted().forEach(exempted -> warnings.add(exempted.toString()));
        warnings.addAll(expiries(result));
        for (Violation violation : result.remaining()) {
            (violation.denies() ? denials : warnings).add(sentence.apply(violation));
        }
        return new AdmissionHook.Review(List.copyOf(denials), List.copyOf(warnings), mutated);
    }

    /** Each exemption that has expired, once. */
    private static List<String> expiries(Exemptions.Result result) {
        return result.expired().stream()
                .map(expired -> "exemption " + expired.exemption().name() + " of "
                        + expired.violation().subject() + " expired at "
                        + expired.exemption().expires())
                .distinct()
                .toList();
    }
}
