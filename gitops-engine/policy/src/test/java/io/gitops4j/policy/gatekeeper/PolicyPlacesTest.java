package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of policies name the file that a person has to mend, and the line and column in it. */
class PolicyPlacesTest {
    private static final String HEAD = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: good}
            spec:
              crd: {spec: {names: {kind: Good}, validation: {openAPIV3Schema: {type: object, properties: {most: {type: integer}}}}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
            """;
    private static final String CONSTRAINT = """
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: Good
            metadata: {name: c}
            spec:
              match: {}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "    rego: |\n      package good\n      violation[{\"msg\": m}] {\n        m := nothing(1)\n      }\n",
                "    rego: >\n      package good\n\n      violation[{\"msg\": m}] { m := nothing(1) }\n",
                "    rego: 'package good\n\n      violation[{\"msg\": m}] { m := nothing(1) }'\n",
                "    rego: \"package good\\nviolation[{\\\"msg\\\": m}] { m := nothing(1) }\"\n",
                "    code:\n    - engine: Rego\n      source:\n        rego: |\n          package good\n          violation[{\"msg\": m}] {\n            m := nothing(1)\n          }\n",
                "    rego: |\n      package good\n      import data.lib.a\n      violation[{\"msg\": m}] { m := a.x }\n    libs:\n    - |\n      package lib.b\n    - |\n      package lib.a\n      x := nothing(1)\n",
            })
    void code_thatDoesNotCompile_isNamedByItsPlaceInTheYaml(String code) {
        for (String before : List.of("", "kind: X\napiVersion: v1\nmetadata: {name: x}\n---\n# a template\n")) {
            String text = before + HEAD + code;
            assertThat(problems(text)).anySatisfy(problem -> {
                assertThat(problem.text()).contains("nothing");
                assertThat(problem.where().file()).isEqualTo("policies/p.yaml");
                String line = text.split("\n", -1)[problem.where().line() - 1];
                assertThat(line.substring(problem.where().column() - 1)).startsWith("nothing(1)");
                assertThat(problem.display()).contains(line + "\n");
            });
        }
    }

    @Test
    void template_withinAList_isNamedByItsOwnLines() {
        String item = HEAD + "    rego: |\n      package good\n      violation[{\"msg\": m}] { m := nothing(1) }\n";
        String text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- "
                + item.strip().replace("\n", "\n  ") + "\n";
        assertThat(problems(text))
                .anySatisfy(problem -> assertThat(problem.where().place()).isEqualTo("policies/p.yaml:14:38"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "match: {}|parameters: {most: many}|CONSTRAINT_SCHEMA|5:16",
                "match: {}|parameters: {mots: 1}|CONSTRAINT_INVALID|5:16",
                "match: {}|match: {namespaces: [a, 'a*b']}|MATCH_INVALID|5:27",
                "match: {}|match: {labelSelector: {matchExpressions: [{key: a, operator: Is}]}}|MATCH_INVALID|5:11",
                "kind: Good|kind: Bad|CONSTRAINT_WITHOUT_TEMPLATE|1",
            })
    void constraint_thatIsRefused_isNamedByItsField(String from, String to, String code, String place) {
        Gatekeeper.Builder builder = Gatekeeper.builder();
        add(builder, "t.yaml", good());
        add(builder, "c.yaml", CONSTRAINT.replace(from, to));
        assertThat(builder.build().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(code);
            assertThat(problem.where().place()).isEqualTo("c.yaml:" + place);
        });
    }

    @Test
    void template_thatIsRefused_isNamedByItsField() {
        assertThat(problems(good().replace("kind: Good", "kind: Other")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().place()).isEqualTo("policies/p.yaml:3:12"));
        assertThat(problems(good().replace("type: object, ", "")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().place()).isEqualTo("policies/p.yaml:5:50"));
    }

    @Test
    void evaluation_thatFails_namesTheLineOfTheYaml() {
        String conflict = HEAD + """
                    rego: |
                      package good
                      a = 1 { input.review }
                      a = 2 { input.review }
                      violation[{"msg": "m"}] { a == 3 }
                """;
        assertThat(review(conflict, CONSTRAINT, Limits.defaults()))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.message())
                            .startsWith("policies/p.yaml:1")
                            .contains(": eval_conflict_error: ");
                    assertThat(violation.denies()).isTrue();
                });
        assertThat(review(conflict, CONSTRAINT.replace("match: {}", "failurePolicy: Ignore"), Limits.defaults()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.action()).isEqualTo("warn"));
        assertThat(review(conflict, CONSTRAINT.replace("match: {}", "enforcementAction: dryrun"), Limits.defaults()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.action()).isEqualTo("dryrun"));
    }

    @Test
    void evaluation_thatRunsOutOfSteps_namesThePolicyAndBlocks_unlessItsFailureIsIgnored() {
        String slow = HEAD + """
                    rego: |
                      package good
                      violation[{"msg": "m"}] {
                        numbers.range(1, 900)[a]
                        numbers.range(1, 900)[b]
                        a + b == 0
                      }
                """;
        Limits few = Limits.builder().evaluationSteps(1000).build();
        assertThat(review(slow, CONSTRAINT, few)).singleElement().satisfies(violation -> {
            assertThat(violation.denies()).isTrue();
            assertThat(violation.message()).startsWith("policies/p.yaml:1");
        });
        assertThat(review(slow, CONSTRAINT.replace("match: {}", "failurePolicy: Ignore"), few))
                .singleElement()
                .satisfies(violation -> assertThat(violation.denies()).isFalse());
    }

    private static String good() {
        return HEAD
                + "    rego: |\n      package good\n      violation[{\"msg\": \"m\"}] { input.review.object.data.bad }\n";
    }

    private static List<Violation> review(String template, String constraint, Limits limits) {
        Gatekeeper.Builder builder = Gatekeeper.builder().limits(limits);
        add(builder, "policies/p.yaml", template);
        add(builder, "policies/c.yaml", constraint);
        Gatekeeper client = builder.build();
        assertThat(client.problems()).isEmpty();
        return client.review((JsonObject) YamlReader.kubectl()
                .read("", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}")
                .orThrow());
    }

    private static List<Problem> problems(String text) {
        Gatekeeper.Builder builder = Gatekeeper.builder();
        add(builder, "policies/p.yaml", text);
        return builder.build().problems();
    }

    private static void add(Gatekeeper.Builder builder, String file, String text) {
        List<Manifest> manifests = YamlReader.kubectl().readPlaced(file, text).orThrow();
        builder.texts(new PolicyTexts(Map.of(file, text))).addManifests(manifests);
    }
}
