package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code gator test} refuses is refused here, as compared with the program itself on 130 inputs. */
class GatorRefusalsTest {
    private static final String RULE = "violation[{\"msg\": \"m\"}] { true }";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{enforcementAction: scoped}|spec.scopedEnforcementActions must be defined",
                "{enforcementAction: 1}|spec.enforcementAction in body must be of type string",
                "{scopedEnforcementActions: x}|spec.scopedEnforcementActions in body must be of type array",
                "{match: {source: Nonsense}}|spec.match.source: Unsupported value: \"Nonsense\"",
                "{match: {scope: 1}}|spec.match.scope in body must be of type string",
                "{match: {kinds: ConfigMap}}|spec.match.kinds in body must be of type array",
                "{match: {kinds: [{kinds: [Pod], versions: [v1]}]}}|unknown fields: [spec.match.kinds[0].versions]",
                "{match: {foo: bar}}|unknown fields: [spec.match.foo]",
                "{match: {namespaceSelector: {foo: bar}}}|unknown fields: [spec.match.namespaceSelector.foo]",
                "{foo: bar}|unknown fields: [spec.foo]",
            })
    void constraint_thatGatorRefuses_isRefused(String spec, String why) {
        assertThat(client(RULE, spec).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.text()).contains(why);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "violation[{\"msg\": \"m\"}] { data.foo }|disallowed ref data.foo",
                "violation[{\"msg\": \"m\"}] { data.inventory[data.bar] }|disallowed ref data.bar",
                "violation[{\"msg\": \"m\"}] { x := data; x.inventory }|disallowed ref data",
                "violation[{\"ms\": \"m\"}] { true }|undefined ref: r.msg",
                "violation[\"m\"] { true }|undefined ref: r.msg",
                "deny[msg] { msg := \"m\" }|missing required rules: [violation]",
            })
    void template_thatGatorRefuses_isRefused(String rule, String why) {
        assertThat(client(rule, "{}").problems())
                .extracting(Problem::text)
                .anySatisfy(text -> assertThat(text).contains(why));
    }

    @Test
    void message_thatIsNoString_isAFailureOfThePolicy() {
        assertThat(client("violation[{\"msg\": 1}] { true }", "{}").review(object("{apiVersion: v1, kind: A}")))
                .extracting(Violation::message)
                .containsExactly("the msg of a violation must be a string, it is 1");
    }

    @Test
    void constraint_thatIsThereTwice_countsOnceAndIsNamed() {
        Gatekeeper client = Gatekeeper.builder()
                .addAll(List.of(template(RULE), constraint("{enforcementAction: warn}"), constraint("{}")))
                .build();
        assertThat(client.problems()).extracting(Problem::code).containsExactly("CONSTRAINT_DUPLICATE");
        assertThat(client.review(object("{apiVersion: v1, kind: A}")))
                .extracting(Violation::action)
                .containsExactly("deny");
    }

    @Test
    void constraint_ofAnotherVersion_isRefused() {
        Gatekeeper client = Gatekeeper.builder()
                .add(template(RULE))
                .add(constraint("{}").with("apiVersion", "constraints.gatekeeper.sh/v1"))
                .build();
        assertThat(client.problems())
                .extracting(Problem::text)
                .singleElement()
                .asString()
                .contains("unsupported version");
    }

    @Test
    void expansion_speaksOfTheObjectItself_andFailsWhereItsSourceIsMissing() {
        JsonObject deployment =
                object("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {}}}}");
        for (String source : List.of("spec.template", "spec.nope")) {
            List<Violation> violations = Gatekeeper.builder()
                    .add(template(RULE))
                    .add(constraint("{match: {source: Generated}}"))
                    .add(object(
                            "{apiVersion: expansion.gatekeeper.sh/v1beta1, kind: ExpansionTemplate, metadata: {name: e},"
                                    + " spec: {applyTo: [{groups: [apps], versions: [v1], kinds: [Deployment]}], templateSource: "
                                    + source + ", generatedGVK: {group: '', version: v1, kind: Pod}}}"))
                    .build()
                    .review(deployment);
            assertThat(violations).singleElement().satisfies(violation -> {
                assertThat(violation.denies()).isTrue();
                assertThat(violation.subject().kind()).isEqualTo("Deployment");
                assertThat(violation.message())
                        .isEqualTo(
                                source.equals("spec.template")
                                        ? "[Implied by e] m"
                                        : "error expanding resource d: could not find source field \"spec.nope\" in resource d");
            });
        }
    }

    private static Gatekeeper client(String rule, String spec) {
        return Gatekeeper.builder().add(template(rule)).add(constraint(spec)).build();
    }

    private static JsonObject template(String rule) {
        return object(
                "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {name: needs}\nspec:\n"
                        + "  crd: {spec: {names: {kind: Needs}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    rego: |\n"
                        + "      package needs\n      " + rule + "\n");
    }

    private static JsonObject constraint(String spec) {
        return object("{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Needs, metadata: {name: c}, spec: " + spec
                + "}");
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
