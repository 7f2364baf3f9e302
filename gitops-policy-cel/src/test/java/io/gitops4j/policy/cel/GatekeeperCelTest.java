package io.gitops4j.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.gatekeeper.CelEngine;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatekeeperCelTest {
    private static final CelEngine ENGINE = GatekeeperCel.create();

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("x.yaml", text).orThrow();
    }

    private static List<String> run(String source, String request, String parameters) {
        return ENGINE.compile(yaml(source))
                .orThrow()
                .violations(
                        yaml(request),
                        YamlReader.kubectl().read("p.yaml", parameters).orThrow());
    }

    private static final String POD =
            "{operation: '', object: {kind: Pod, metadata: {name: p, labels: {app: x}}}, oldObject: null, namespaceObject: {}}";

    @Test
    void violations_seeParametersAndAnyObject() {
        String source = """
                variables:
                - {name: missing, expression: "variables.params.labels.filter(l, !(l in variables.anyObject.metadata.labels))"}
                validations:
                - {expression: size(variables.missing) == 0, messageExpression: "'missing ' + variables.missing.join(', ')"}
                """;
        assertThat(run(source, POD, "{labels: [app, team]}")).containsExactly("missing team");
        assertThat(run(source, POD, "{labels: [app]}")).isEmpty();
    }

    @Test
    void violations_withoutParameters_seeNull() {
        String source = """
                validations:
                - {expression: "!has(variables.params.x) && variables.params == null", message: m}
                """;
        assertThat(run(source, POD, "null")).isEmpty();
    }

    @Test
    void delete_hasNoObject_butAnyObjectIsTheOldOne() {
        String source = """
                validations:
                - {expression: "object == null && variables.anyObject.metadata.name == 'p' && request.operation == 'DELETE'", message: m}
                """;
        String delete = "{operation: DELETE, object: {metadata: {name: p}}, oldObject: {metadata: {name: p}}}";
        assertThat(run(source, delete, "null")).isEmpty();
    }

    @Test
    void error_isAViolationWithItsText_unlessFailuresAreIgnored() {
        String source = "validations: [{expression: object.spec.x == 1, message: m}]";
        assertThat(run(source, POD, "null"))
                .containsExactly("expression 'object.spec.x == 1' resulted in error: no such key: spec");
        assertThat(run(source + "\nfailurePolicy: Ignore", POD, "null")).isEmpty();
    }

    @Test
    void matchCondition_spelledSingular_skips() {
        String source = """
                matchCondition: [{name: pods, expression: "object.kind != 'Pod'"}]
                validations: [{expression: "false", message: m}]
                """;
        assertThat(run(source, POD, "null")).isEmpty();
    }

    @Test
    void budget_isOneMillionForTheWholePolicy() {
        String ten = "[0,1,2,3,4,5,6,7,8,9]";
        String dear =
                ten + ".all(a, " + ten + ".all(b, " + ten + ".all(c, " + ten + ".all(d, " + ten + ".all(e, true)))))";
        String source = "validations: [{expression: '" + dear + "'}, {expression: '" + dear + "'}, {expression: '"
                + dear + "'}]";
        assertThat(run(source, POD, "null"))
                .containsExactly(
                        "validation failed due to running out of cost budget, no further validation rules will be run");
    }

    @Test
    void source_thatDoesNotCompileOrTakesReservedNames_isRefused() {
        Outcome<CelEngine.Program> broken = ENGINE.compile(yaml("validations: [{expression: 'variables.nope'}]"));
        assertThat(broken.problems())
                .extracting(Problem::text)
                .containsExactly("compilation failed: undefined field 'nope'");
        assertThat(broken.problems().get(0).where().place()).isEqualTo("source.validations[0].expression:1:10");
        assertThat(ENGINE.compile(yaml("validations: [{expression: 'params.x'}]"))
                        .ok())
                .isFalse();
        for (String name : List.of("params", "anyObject", "gatekeeper_internal_x")) {
            assertThat(ENGINE.compile(yaml("variables: [{name: " + name + ", expression: '1'}]"))
                            .problems())
                    .as(name)
                    .extracting(Problem::text)
                    .containsExactly("the variable name " + name + " is reserved");
        }
    }

    @Test
    void gatekeeper_withTheEngine_runsCelAndNotTheRegoBesideIt() {
        JsonObject template = yaml("""
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: k8snames}
                spec:
                  crd: {spec: {names: {kind: K8sNames}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    code:
                    - engine: K8sNativeValidation
                      source:
                        validations:
                        - {expression: "object.metadata.name.startsWith('ok')", messageExpression: "'bad name ' + object.metadata.name"}
                    - engine: Rego
                      source:
                        rego: |
                          package k8snames
                          violation[{"msg": "rego"}] { true }
                """);
        JsonObject constraint = yaml(
                "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sNames, metadata: {name: names}, spec: {}}");
        Gatekeeper client = Gatekeeper.builder()
                .cel(ENGINE)
                .addAll(List.of(template, constraint))
                .build();
        assertThat(client.review(yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}}")))
                .extracting(Violation::message)
                .containsExactly("bad name p");
        assertThat(client.problems()).isEmpty();
    }
}
