package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies that cannot be used, exemptions from policies that can, and audits that repeat. */
class BadPoliciesTest {
    private static final String GOOD =
            template("good", "Good", "violation[{\"msg\": \"bad\"}] { input.review.object.data.bad }");
    private static final String CONSTRAINT = constraint("Good", "c", "{}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "rego_type_error|rego that does not compile",
                "CONSTRAINT_WITHOUT_TEMPLATE|constraint without template",
                "CONSTRAINT_SCHEMA|parameter that breaks the schema",
                "MATCH_INVALID|bad glob",
                "TEMPLATE_DUPLICATE|two templates of one kind",
            })
    void policy_thatCannotBeUsed_isAProblemWithPlace_andTheOthersRun(String code, String which) {
        String bad = switch (which) {
            case "rego that does not compile" ->
                template("worse", "Worse", "violation[{\"msg\": m}] { m := nothing(1) }");
            case "constraint without template" -> constraint("Missing", "m", "{}");
            case "parameter that breaks the schema" -> constraint("Good", "p", "{parameters: {most: many}}");
            case "bad glob" -> constraint("Good", "g", "{match: {namespaces: ['a*b']}}");
            default -> GOOD;
        };
        Gatekeeper client = client(bad);
        assertThat(client.problems()).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.where().file()).isNotEmpty();
        });
        assertThat(client.problems()).extracting(Problem::code).contains(code);
        assertThat(client.review(map("a", "{bad: 'true'}")))
                .extracting(Violation::message)
                .containsExactly("bad");
        assertThat(new GatekeeperGate(client).review(set(map("a", "{}")))).anyMatch(Problem::isError);
    }

    @Test
    void policy_thatIsIgnoredWhenItFails_blocksNothing() {
        Gatekeeper client = client(constraint("Missing", "m", "{failurePolicy: Ignore}"));
        assertThat(new GatekeeperGate(client).review(set(map("a", "{}"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("CONSTRAINT_WITHOUT_TEMPLATE");
                    assertThat(problem.isError()).isFalse();
                });
    }

    @Test
    void policy_thatRunsOutOfSteps_blocks() {
        Gatekeeper client = Gatekeeper.builder()
                .limits(Limits.builder().evaluationSteps(1000).build())
                .add(
                        object(
                                template(
                                        "slow",
                                        "Slow",
                                        "violation[{\"msg\": \"never\"}] { numbers.range(1, 900)[a]; numbers.range(1, 900)[b]; a + b == 0 }")))
                .add(object(constraint("Slow", "c", "{}")))
                .add(object(GOOD))
                .add(object(CONSTRAINT))
                .build();
        List<Violation> violations = client.review(map("a", "{bad: 'true'}"));
        assertThat(violations).hasSize(2).allMatch(Violation::denies);
        assertThat(violations).extracting(Violation::message).contains("bad").doesNotContain("never");
    }

    @Test
    void exemption_countsUntilItExpires_andIsRecorded() {
        Exemption exemption = Exemption.parse(object("{apiVersion: gitops4j.io/v1alpha1, kind: PolicyExemption,"
                        + " metadata: {name: e}, spec: {policy: Good/c, kind: ConfigMap, name: 'a*', reason: moving,"
                        + " expires: '2030-01-01T00:00:00Z'}}"))
                .orThrow();
        Exemptions exemptions = new Exemptions(List.of(exemption));
        ManifestSet objects = set(map("a1", "{bad: 'true'}"));
        Instant before = Instant.parse("2029-12-31T23:59:59Z");
        Gatekeeper client = client(null);
        assertThat(new GatekeeperGate(client, exemptions, () -> before).review(objects))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("POLICY_EXEMPTED");
                    assertThat(problem.isError()).isFalse();
                    assertThat(problem.text()).contains("until 2030-01-01T00:00:00Z by e: moving");
                });
        assertThat(new GatekeeperGate(client, exemptions, exemption::expires).review(objects))
                .extracting(Problem::code)
                .containsExactly("EXEMPTION_EXPIRED", "POLICY_VIOLATION");
        assertThat(new GatekeeperGate(client, exemptions, () -> before).review(set(map("b", "{bad: 'true'}"))))
                .extracting(Problem::code)
                .containsExactly("POLICY_VIOLATION");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|lacks spec.policy, spec.name, spec.reason, spec.expires",
                "{policy: '*', name: a, reason: r, expires: '2030-01-01T00:00:00Z'}|exempts from every policy",
                "{policy: p, name: a, reason: r, expires: soon}|no time: soon",
            })
    void exemption_thatIsNotExplicit_isRefused(String spec, String why) {
        assertThat(Exemption.parse(object("{kind: PolicyExemption, metadata: {name: e}, spec: " + spec + "}"))
                        .errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains(why));
    }

    @Test
    void audit_again_looksAtWhatChangedOnly() {
        Audit audit = new Audit();
        List<JsonObject> objects = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            objects.add(map("m" + i, i % 10 == 0 ? "{bad: 'true'}" : "{}"));
        }
        Gatekeeper client = client(null);
        assertThat(audit.run(client, set(objects.toArray(new JsonObject[0])))).hasSize(10);
        assertThat(audit.reviewed()).isEqualTo(100);
        objects.set(1, map("m1", "{bad: 'true'}"));
        ManifestSet changed = set(objects.toArray(new JsonObject[0]));
        assertThat(audit.run(client(null), changed)).hasSize(11).isEqualTo(client.audit(changed));
        assertThat(audit.reviewed()).isEqualTo(1);
        assertThat(audit.run(client(constraint("Good", "d", "{}")), changed)).hasSize(22);
        assertThat(audit.reviewed()).isEqualTo(100);
    }

    private static Gatekeeper client(@Nullable String extra) {
        Gatekeeper.Builder builder = Gatekeeper.builder()
                .add(Manifest.trusted(object(GOOD), Origin.file("policies/good.yaml", 0)))
                .add(Manifest.trusted(object(CONSTRAINT), Origin.file("policies/c.yaml", 0)));
        if (extra != null) {
            builder.add(Manifest.trusted(object(extra), Origin.file("policies/extra.yaml", 0)));
        }
        return builder.build();
    }

    private static String template(String name, String kind, String rule) {
        return "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: " + name
                + "}\nspec:\n  crd: {spec: {names: {kind: " + kind
                + "}, validation: {openAPIV3Schema: {type: object, properties: {most: {type: integer}}}}}}\n"
                + "  targets:\n    - target: admission.k8s.gatekeeper.sh\n      rego: |\n        package " + name
                + "\n        " + rule + "\n";
    }

    private static String constraint(String kind, String name, String spec) {
        return "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: " + kind + ", metadata: {name: " + name
                + "}, spec: " + spec + "}";
    }

    private static JsonObject map(String name, String data) {
        return object("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: app}, data: " + data
                + "}");
    }

    private static ManifestSet set(JsonObject... objects) {
        List<Manifest> manifests = new ArrayList<>();
        for (JsonObject object : objects) {
            manifests.add(Manifest.trusted(object, Origin.file("apps/m.yaml", 0)));
        }
        return ManifestSet.of(manifests).orThrow();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
