package io.gitops4j.cli;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.AdmissionPolicies;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.image.ImageGate;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.pss.PodSecurityGate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All policies of a call over one object. Any number of threads may review at once.
 *
 * @param gatekeeper constraints
 * @param admission admission policies
 * @param pods PodSecurityPolicies, {@code null} where there are none
 * @param standards Pod Security, which knows the labels of the Namespaces
 * @param images rules about images
 * @param exemptions from any of them
 * @param now when exemptions must hold
 */
record PolicyReview(
        Gatekeeper gatekeeper,
        AdmissionPolicies admission,
        @Nullable PodSecurityPolicies pods,
        PodSecurityGate standards,
        List<ImageGate> images,
        Exemptions exemptions,
        Instant now) {

    /** What was found about an object. */
    record Finding(
            Manifest object,
            String subject,
            Violation violation,
            @Nullable Exemption exemption) {

        String action() {
            return exemption == null ? violation.action() : "exempted";
        }

        String message() {
            Exemption by = exemption;
            return by == null
                    ? violation.message()
                    : violation.message() + " (exempted until " + by.expires() + " by " + by.name() + ": " + by.reason()
                            + ")";
        }

        /** Whether it refuses the object. */
        boolean denies() {
            return exemption == null && violation.denies();
        }

        JsonObject toJson() {
            JsonObject.Builder json = JsonObject.builder()
                    .put("policy", violation.policy())
                    .put("action", action())
                    .put("object", subject)
                    .put("file", object.origin().file())
                    .put("line", object.origin().line())
                    .put("message", violation.message())
                    .put("details", violation.details());
            Exemption by = exemption;
            if (by != null) {
                json.put(
                        "exemption",
                        JsonObject.builder()
                                .put("name", by.name())
                                .put("reason", by.reason())
                                .put("expires", by.expires().toString())
                                .build());
            }
            return json.build();
        }
    }

    /** An exemption that no longer covers an object. */
    record Expired(Manifest object, Exemption exemption) {}

    /**
     * What came of some objects, in their order.
     *
     * @param findings exempted ones of an object before those that count
     * @param expired each exemption once an object
     */
    record Reviewed(List<Finding> findings, List<Expired> expired) {}

    /** Reviews objects one after another. */
    Reviewed review(List<Manifest> objects) {
        List<Finding> findings = new ArrayList<>();
        List<Expired> expired = new ArrayList<>();
        List<List<Violation>> standard = standards.audit(objects);
        for (int i = 0; i < objects.size(); i++) {
            Manifest object = objects.get(i);
            Exemptions.Result result = exemptions.apply(violations(object, standard.get(i)), now);
            result.exempted()
                    .forEach(exempted ->
                            findings.add(finding(object, exempted.violation(), exempted.exemption(), findings)));
            result.expired().stream()
                    .map(Exemptions.Exempted::exemption)
                    .distinct()
                    .forEach(exemption -> expired.add(new Expired(object, exemption)));
            result.remaining().forEach(violation -> findings.add(finding(object, violation, null, findings)));
        }
        return new Reviewed(findings, expired);
    }

    /** A finding that shares the words for its subject with the one before it. */
    private static Finding finding(
            Manifest object, Violation violation, @Nullable Exemption exemption, List<Finding> before) {
        Finding last = before.isEmpty() ? null : before.get(before.size() - 1);
        boolean same = last != null && last.violation().subject().equals(violation.subject());
        String subject =
                same && last != null ? last.subject() : violation.subject().toString();
        return new Finding(object, subject, violation, exemption);
    }

    private List<Violation> violations(Manifest object, List<Violation> standard) {
        JsonObject body = object.body();
        List<Violation> violations = new ArrayList<>(gatekeeper.review(body));
        violations.addAll(admission.reviewCreate(body).violations());
        PodSecurityPolicies podPolicies = pods;
        if (podPolicies != null) {
            for (String text : podPolicies.admit(body).violations()) {
                violations.add(denial("PodSecurityPolicy", text, object));
            }
        }
        violations.addAll(standard);
        images.forEach(gate -> violations.addAll(gate.violations(body)));
        if (HiddenValues.mayHoldSecrets(body)) {
            violations.replaceAll(violation -> hidden(violation, body));
        }
        return violations;
    }

    /** Policies see Secrets as they are; what they say of them shows no value. */
    private static Violation hidden(Violation violation, JsonObject object) {
        return new Violation(
                violation.policy(),
                violation.action(),
                HiddenValues.hiddenIn(violation.message(), object),
                violation.subject(),
                (JsonObject) HiddenValues.hiddenIn(violation.details(), object));
    }

    private static Violation denial(String policy, String text, Manifest object) {
        return new Violation(policy, "deny", text, object.key(), JsonObject.empty());
    }
}
