package io.gitops4j.policy;

import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * A permission to break a policy for a time. In a repository it is an object of kind {@code PolicyExemption} of
 * {@code gitops4j.io/v1alpha1} whose spec has these fields; an asterisk at the ends of a pattern stands for anything.
 *
 * @param name its name
 * @param policy pattern of the policy: {@code K8sRequiredLabels/all-must-have-owner}, {@code ValidatingAdmissionPolicy/name},
 *     {@code PodSecurity/restricted}, {@code PodSecurityPolicy}, {@code Images/scan}
 * @param kind pattern of the object's kind
 * @param namespace pattern of its namespace
 * @param subject pattern of its name
 * @param reason why
 * @param expires from when on it no longer counts
 */
public record Exemption(
        String name, String policy, String kind, String namespace, String subject, String reason, Instant expires) {

    /** Whether an object is an exemption. */
    public static boolean isExemption(JsonObject object) {
        return object.text("kind", "").equals("PolicyExemption")
                && object.text("apiVersion", "").startsWith("gitops4j.io/");
    }

    /** Problem {@code EXEMPTION_INVALID}: policy, name of the object, reason and expiry must be there. */
    public static Outcome<Exemption> parse(JsonObject object) {
        String name = object.object("metadata").text("name", "");
        JsonObject spec = object.object("spec");
        List<String> missing = new ArrayList<>();
        for (String field : List.of("policy", "name", "reason", "expires")) {
            if (spec.text(field, "").isBlank()) {
                missing.add("spec." + field);
            }
        }
        if (!missing.isEmpty()) {
            return invalid(name, "lacks " + String.join(", ", missing));
        }
        if (spec.text("policy", "").equals("*")) {
            return invalid(name, "exempts from every policy; name one");
        }
        try {
            return Outcome.of(new Exemption(
                    name,
                    spec.text("policy", ""),
                    spec.text("kind", "*"),
                    spec.text("namespace", "*"),
                    spec.text("name", ""),
                    spec.text("reason", ""),
                    Instant.parse(spec.text("expires", ""))));
        } catch (DateTimeParseException e) {
            return invalid(name, "has an expiry that is no time: " + spec.text("expires", ""));
        }
    }

    private static Outcome<Exemption> invalid(String name, String why) {
        return Outcome.failed(Problem.error("EXEMPTION_INVALID", "exemption " + name + " " + why)
                .hint("write expires as 2031-01-31T00:00:00Z"));
    }

    /** Whether it means this violation, whatever the time. */
    public boolean covers(Violation violation) {
        ResourceKey key = violation.subject();
        return matches(policy, violation.policy())
                && matches(kind, key.kind())
                && matches(namespace, key.namespace())
                && matches(subject, key.name());
    }

    /** Whether it counts at a time. */
    public boolean holdsAt(Instant now) {
        return now.isBefore(expires);
    }

    private static boolean matches(String pattern, String value) {
        boolean head = pattern.startsWith("*");
        boolean tail = pattern.length() > 1 && pattern.endsWith("*");
        String middle = pattern.substring(head ? 1 : 0, pattern.length() - (tail ? 1 : 0));
        if (head && tail) {
            return value.contains(middle);
        }
        return head ? value.endsWith(middle) : tail ? value.startsWith(middle) : value.equals(middle);
    }
}
