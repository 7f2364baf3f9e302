package io.gitops4j.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.PolicyTexts;
import io.gitops4j.policy.Violation;
import io.gitops4j.policy.cel.library.CelAuthorizer;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionPoliciesTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              namespace: shop
              labels: {app: web}
            spec:
              replicas: 9
              template:
                spec:
                  containers:
                  - {name: app, image: "nginx:1"}
            """;

    private static List<JsonObject> objects(String yaml) {
        List<JsonObject> objects = new ArrayList<>();
        for (Json json : YamlReader.kubectl().readAll("policy.yaml", yaml).orThrow()) {
            objects.add((JsonObject) json);
        }
        return objects;
    }

    private static JsonObject object(String yaml) {
        return objects(yaml).get(0);
    }

    private static AdmissionPolicies policies(String yaml) {
        return AdmissionPolicies.builder().addAll(objects(yaml)).build();
    }

    private static List<String> messages(AdmissionPolicies policies, String object) {
        return policies.reviewCreate(object(object)).violations().stream()
                .map(violation -> violation.action() + ": " + violation.message())
                .toList();
    }

    /** A policy {@code p} over deployments with the rest of its spec, bound by {@code b}. */
    private static String policy(String rest) {
        return policy("spec:\n  policyName: p\n  validationActions: [Deny]\n", rest);
    }

    private static String policy(String binding, String rest) {
        return """
               apiVersion: admissionregistration.k8s.io/v1
               kind: ValidatingAdmissionPolicy
               metadata: {name: p}
               spec:
                 matchConstraints:
                   resourceRules:
                   - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
               """
                + rest.indent(2)
                + "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\n"
                + "metadata: {name: b}\n" + binding;
    }

    @Test
    void validation_thatDoesNotHold_deniesInKubernetesWords() {
        AdmissionPolicies policies = policies(policy("""
                validations:
                - {expression: object.spec.replicas <= 5}
                - {expression: object.spec.replicas <= 6, message: " at most six "}
                - expression: object.spec.replicas <= 7
                  message: unused
                  messageExpression: "'at most seven, not ' + string(object.spec.replicas)"
                  reason: Forbidden
                - expression: object.spec.replicas <= 8
                  message: fixed
                  messageExpression: "'two\\\\nlines'"
                - {expression: object.spec.replicas > 0}
                """));
        String start = "deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ";
        assertThat(messages(policies, DEPLOYMENT))
                .containsExactly(
                        start + "failed expression: object.spec.replicas <= 5",
                        start + "at most six",
                        start + "at most seven, not 9",
                        start + "fixed");
        Violation third = policies.reviewCreate(object(DEPLOYMENT)).violations().get(2);
        assertThat(third.details().text("reason")).isEqualTo("Forbidden");
        assertThat(third.subject()).hasToString("apps/Deployment/shop/web");
    }

    @Test
    void policy_withoutBinding_doesNothing_andBindingWithoutPolicyWarns() {
        String both = policy("validations: [{expression: 'false'}]");
        assertThat(messages(policies(both.substring(0, both.indexOf("---"))), DEPLOYMENT))
                .isEmpty();
        AdmissionPolicies alone = policies(both.substring(both.indexOf("---") + 4));
        assertThat(alone.problems()).extracting(Problem::code).containsExactly("POLICY_BINDING_WITHOUT_POLICY");
    }

    @Test
    void actions_warnAndAudit_denyNothing() {
        AdmissionPolicies policies = policies(policy(
                "spec: {policyName: p, validationActions: [Warn, Audit]}",
                "validations: [{expression: 'false', message: m}]"));
        assertThat(messages(policies, DEPLOYMENT))
                .containsExactly(
                        "warn: Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': m", "audit: m");
    }

    @Test
    void matchConditions_anyFalse_skipsThePolicyEvenIfAnotherErrs() {
        String skipped = """
                matchConditions:
                - {name: errs, expression: object.missing == 1}
                - {name: off, expression: "object.metadata.name != 'web'"}
                validations: [{expression: 'false', message: m}]
                """;
        assertThat(messages(policies(policy(skipped)), DEPLOYMENT)).isEmpty();
        String errs = skipped.replace("!=", "==");
        assertThat(messages(policies(policy(errs)), DEPLOYMENT))
                .containsExactly("deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "
                        + "expression 'object.missing == 1' resulted in error: no such key: missing");
        assertThat(messages(policies(policy("failurePolicy: Ignore\n" + errs)), DEPLOYMENT))
                .isEmpty();
    }

    @Test
    void variables_areLazyTypedAndSeeTheOnesBefore() {
        String spec = """
                variables:
                - {name: unused, expression: object.missing.deeper}
                - {name: images, expression: "object.spec.template.spec.containers.map(c, c.image)"}
                - {name: bad, expression: "variables.images.filter(i, !i.contains('@'))"}
                validations:
                - expression: variables.bad.size() == 0
                  messageExpression: "'unpinned: ' + variables.bad.join(', ')"
                """;
        assertThat(messages(policies(policy(spec)), DEPLOYMENT))
                .containsExactly(
                        "deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: unpinned: nginx:1");
        assertThat(messages(
                        policies(policy(spec.replace("variables.bad.size() == 0", "variables.unused == 0"))),
                        DEPLOYMENT))
                .containsExactly("deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression "
                        + "'variables.unused == 0' resulted in error: composited variable \"unused\" fails to evaluate: "
                        + "no such key: missing");
    }

    private static final String WITH_PARAMS = """
            paramKind: {apiVersion: v1, kind: ConfigMap}
            validations:
            - {expression: "object.spec.replicas <= int(params.data.max)", messageExpression: "'max ' + params.data.max"}
            """;

    private static String param(String name, String namespace, int max) {
        return "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + namespace
                + ", labels: {limits: 'true'}}\ndata: {max: '" + max + "'}\n";
    }

    @Test
    void params_byNameOrSelector_areEachEvaluated() {
        String byName = "spec: {policyName: p, validationActions: [Deny], paramRef: {name: one, namespace: conf, "
                + "parameterNotFoundAction: Deny}}";
        String all = param("one", "conf", 3) + param("two", "conf", 20) + param("three", "conf", 4);
        String denied = "deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ";
        assertThat(messages(policies(policy(byName, WITH_PARAMS) + all), DEPLOYMENT))
                .containsExactly(denied + "max 3");
        String bySelector = byName.replace("name: one,", "selector: {matchLabels: {limits: 'true'}},");
        assertThat(messages(policies(policy(bySelector, WITH_PARAMS) + all), DEPLOYMENT))
                .containsExactly(denied + "max 3", denied + "max 4");
    }

    @Test
    void params_missing_denyOrAllowAsTheBindingSays() {
        String binding =
                "spec: {policyName: p, validationActions: [Deny], paramRef: {name: gone, parameterNotFoundAction: Deny}}";
        assertThat(messages(policies(policy(binding, WITH_PARAMS)), DEPLOYMENT))
                .containsExactly(
                        "deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure "
                                + "binding: no params found for policy binding with `Deny` parameterNotFoundAction");
        assertThat(messages(
                        policies(policy(binding.replace("Action: Deny", "Action: Allow"), WITH_PARAMS)), DEPLOYMENT))
                .isEmpty();
    }

    @Test
    void match_rulesScopesSelectorsAndExclusions_decideWhatIsReviewed() {
        String denying = policy("validations: [{expression: 'false', message: m}]");
        assertThat(messages(policies(denying), DEPLOYMENT)).hasSize(1);
        assertThat(messages(policies(denying), DEPLOYMENT.replace("Deployment", "StatefulSet")))
                .isEmpty();
        // Equivalent versions match, exact ones do not.
        String older = DEPLOYMENT.replace("apps/v1", "apps/v1beta1");
        assertThat(messages(policies(denying), older)).hasSize(1);
        assertThat(messages(
                        policies(denying.replace("resourceRules:", "matchPolicy: Exact\n    resourceRules:")), older))
                .isEmpty();
        assertThat(messages(
                        policies(denying.replace(
                                "resources: [deployments]", "resources: [deployments], scope: Cluster")),
                        DEPLOYMENT))
                .isEmpty();
        assertThat(messages(
                        policies(denying.replace(
                                "resourceRules:", "objectSelector: {matchLabels: {app: other}}\n    resourceRules:")),
                        DEPLOYMENT))
                .isEmpty();
        assertThat(messages(
                        policies(denying.replace(
                                "resourceRules:",
                                "excludeResourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], "
                                        + "resources: ['*'], resourceNames: [web]}]\n    resourceRules:")),
                        DEPLOYMENT))
                .isEmpty();
        String spaces =
                denying.replace("resourceRules:", "namespaceSelector: {matchLabels: {env: prod}}\n    resourceRules:");
        String home = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {env: prod}}\n";
        assertThat(messages(policies(spaces), DEPLOYMENT)).isEmpty();
        assertThat(messages(policies(spaces + home), DEPLOYMENT)).hasSize(1);
    }

    @Test
    void namespaceObjectAndRequest_areSeenAndTyped() {
        String spec = """
                validations:
                - expression: "namespaceObject.metadata.labels.env == 'prod' && request.operation == 'CREATE'
                    && request.resource.resource == 'deployments' && request.namespace == 'shop' && oldObject == null"
                """;
        String home = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {env: prod}}\n";
        assertThat(messages(policies(policy(spec) + home), DEPLOYMENT)).isEmpty();
        assertThat(policies(policy(spec.replace("request.operation", "request.object")))
                        .problems()
                        .get(0)
                        .text())
                .isEqualTo("ValidatingAdmissionPolicy p: compilation failed: undefined field 'object'");
    }

    @Test
    void expression_thatDoesNotCompile_isAProblemWithPlace_andDeniesUnlessIgnored() {
        String spec = "validations: [{expression: 'object.spec.replicas <= limit'}]";
        AdmissionPolicies policies = policies(policy(spec));
        assertThat(policies.problems().get(0).display()).isEqualTo("""
                        spec.validations[0].expression:1:25: error: ValidatingAdmissionPolicy p: compilation failed: undeclared reference to 'limit' (in container '') [CEL_INVALID]
                          object.spec.replicas <= limit
                                                  ^
                        """);
        assertThat(messages(policies, DEPLOYMENT))
                .containsExactly("deny: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "
                        + "compilation failed: undeclared reference to 'limit' (in container '')");
        AdmissionPolicies ignored = policies(policy("failurePolicy: Ignore\n" + spec));
        assertThat(ignored.problems()).noneMatch(Problem::isError);
        assertThat(messages(ignored, DEPLOYMENT)).isEmpty();
    }

    @Test
    void expression_ofAFileThatDoesNotCompile_isAProblemAtItsLineAndColumn() {
        String text = policy("validations:\n- expression: |-\n    object.spec.replicas <= 5 &&\n    limit > 1\n"
                + "- {expression: 'other'}\n");
        AdmissionPolicies policies = AdmissionPolicies.builder()
                .add(
                        Manifest.trusted(object(text), Origin.file("policies/p.yaml", 0)),
                        new PolicyTexts(Map.of("policies/p.yaml", text)))
                .build();
        assertThat(policies.problems().stream().map(p -> p.where().place()))
                .containsExactly("policies/p.yaml:11:7", "policies/p.yaml:12:19");
    }

    @Test
    void types_thatTheServerRefuses_areRefused() {
        for (String[] bad : new String[][] {
            {"validations: [{expression: object.spec.paused}]", "must evaluate to bool but got dyn"},
            {
                "validations: [{expression: 'false', messageExpression: object.metadata.name}]",
                "must evaluate to string but got dyn"
            },
            {"auditAnnotations: [{key: k, valueExpression: object.metadata.name}]", "must evaluate to one of"},
            {"validations: [{expression: '[1, \"a\"].size() == 3'}]", "expected type 'int' but found 'string'"},
            {"validations: [{expression: '{1: 1, 2: true}.size() == 3'}]", "expected type 'int' but found 'bool'"},
            {
                "validations: [{expression: 'false', reason: Unauthorized}]",
                "spec.validations[0].reason: Unsupported value"
            },
        }) {
            assertThat(policies(policy(bad[0])).problems()).as(bad[0]).anySatisfy(problem -> {
                assertThat(problem.isError()).isTrue();
                assertThat(problem.text()).contains(bad[1]);
            });
        }
        assertThat(policies(
                                policy(
                                        "validations: [{expression: 'false', messageExpression: '\"%s %d\".format([\"a\", 1])'}]"))
                        .problems())
                .isEmpty();
    }

    @Test
    void mutation_conditionThatDoesNotHold_countsEvenAfterOneThatCannotBeTold() {
        String mutating = """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicy
                metadata: {name: p}
                spec:
                  matchConstraints:
                    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
                  matchConditions:
                  - {name: unknown, expression: "object.spec.nope == 1"}
                  - {name: other, expression: "CONDITION"}
                  mutations:
                  - {patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: 'remove', path: '/spec/replicas'}]"}}
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: b}
                spec: {policyName: p}
                """;
        assertThat(policies(mutating.replace("CONDITION", "false")).reviewCreate(object(DEPLOYMENT)))
                .satisfies(verdict -> {
                    assertThat(verdict.violations()).isEmpty();
                    assertThat(verdict.mutated()).isEmpty();
                });
        assertThat(messages(policies(mutating.replace("CONDITION", "true")), DEPLOYMENT))
                .singleElement()
                .asString()
                .contains("MutatingAdmissionPolicy 'p' with binding 'b' denied request", "no such key: nope");
    }

    @Test
    void evaluation_thatFails_namesThePlaceOfItsExpression() {
        String text = policy("validations:\n- message: m\n  expression: >-\n    object.spec.nope\n    == 1\n");
        List<Manifest> manifests =
                YamlReader.kubectl().readPlaced("policies/p.yaml", text).orThrow();
        AdmissionPolicies policies = AdmissionPolicies.builder()
                .addAll(manifests, new PolicyTexts(Map.of("policies/p.yaml", text)))
                .build();
        int line = text.substring(0, text.indexOf("object.spec.nope")).split("\n", -1).length;
        assertThat(policies.reviewCreate(object(DEPLOYMENT)).violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.failedAt()).isEqualTo("policies/p.yaml:" + line + ":7"));
        Manifest deployment =
                Manifest.of(object(DEPLOYMENT), Origin.file("web.yaml", 0)).orThrow();
        assertThat(new AdmissionPolicyGate(policies)
                        .review(ManifestSet.of(List.of(deployment)).orThrow()))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.hint()).contains("could not be evaluated at policies/p.yaml:" + line + ":7");
                    assertThat(problem.where().file()).isEqualTo("web.yaml");
                });
    }

    @Test
    void expression_thatCostsTooMuch_denies() {
        String ten = "[0,1,2,3,4,5,6,7,8,9]";
        String nested = ten + ".all(a, " + ten + ".all(b, " + ten + ".all(c, " + ten + ".all(d, " + ten + ".all(e, "
                + ten + ".all(f, true))))))";
        assertThat(messages(policies(policy("validations: [{expression: '" + nested + "'}]")), DEPLOYMENT))
                .singleElement()
                .asString()
                .endsWith("resulted in error: operation cancelled: actual cost limit exceeded");
    }

    @Test
    void auditAnnotations_arePublishedByPolicyAndKey() {
        AdmissionPolicies policies = policies(policy("""
                auditAnnotations:
                - {key: replicas, valueExpression: "'has ' + string(object.spec.replicas)"}
                - {key: nothing, valueExpression: "null"}
                """));
        assertThat(policies.reviewCreate(object(DEPLOYMENT)).auditAnnotations())
                .hasSize(1)
                .containsEntry("p/replicas", "has 9");
    }

    @Test
    void authorizer_withoutOne_isAnError_andAnswersWhereThereIsOne() {
        String spec = """
                validations:
                - {expression: "authorizer.group('apps').resource('deployments').namespace('shop').check('create').allowed()", message: no}
                - {expression: "!authorizer.requestResource.check('delete').errored()", message: unanswered}
                """;
        assertThat(messages(policies(policy(spec)), DEPLOYMENT)).hasSize(2);
        AdmissionPolicies answered = AdmissionPolicies.builder()
                .authorizer(question ->
                        new CelAuthorizer.Decision(question.get("resource").equals("deployments"), "", ""))
                .addAll(objects(policy(spec)))
                .build();
        assertThat(messages(answered, DEPLOYMENT)).isEmpty();
    }

    @Test
    void binding_thatMakesNoSense_isAProblem() {
        String[] wrong = {
            "spec: {policyName: p, validationActions: [Deny, Warn]}",
            "spec: {policyName: p, validationActions: [Shout]}",
            "spec: {policyName: p}",
            "spec: {validationActions: [Deny]}",
            "spec: {policyName: p, validationActions: [Deny], paramRef: {namespace: x}}",
        };
        for (String binding : wrong) {
            assertThat(policies(policy(binding, "validations: [{expression: 'true'}]"))
                            .problems())
                    .as(binding)
                    .extracting(Problem::code)
                    .containsExactly("POLICY_BINDING_INVALID");
        }
    }

    private static String mutating(String mutation) {
        return """
               apiVersion: admissionregistration.k8s.io/v1beta1
               kind: MutatingAdmissionPolicy
               metadata: {name: m}
               spec:
                 matchConstraints:
                   resourceRules:
                   - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
                 mutations:
               """
                + mutation.indent(2)
                + "---\napiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicyBinding\n"
                + "metadata: {name: mb}\nspec: {policyName: m}\n";
    }

    @Test
    void mutation_byApplyConfiguration_mergesListsByTheirKeys() {
        AdmissionPolicies policies = policies(mutating("""
                - patchType: ApplyConfiguration
                  applyConfiguration:
                    expression: >
                      Object{metadata: Object.metadata{labels: {"team": "a"}}, spec: Object.spec{template: Object.spec.template{
                        spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "app", imagePullPolicy: "Always"}]}}}}
                """));
        assertThat(policies.problems()).isEmpty();
        JsonObject mutated = policies.reviewCreate(object(DEPLOYMENT)).mutated().orElseThrow();
        assertThat(mutated.object("metadata").object("labels").toJson()).isEqualTo("{\"app\":\"web\",\"team\":\"a\"}");
        JsonObject container = (JsonObject) mutated.object("spec")
                .object("template")
                .object("spec")
                .array("containers")
                .get(0);
        assertThat(container.text("image")).isEqualTo("nginx:1");
        assertThat(container.text("imagePullPolicy")).isEqualTo("Always");
    }

    @Test
    void mutation_byJsonPatch_isSeenByTheValidationsAfterIt() {
        String patch = """
                - patchType: JSONPatch
                  jsonPatch:
                    expression: >
                      object.spec.replicas > 5
                        ? [JSONPatch{op: "replace", path: "/spec/replicas", value: 5},
                           JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("example.com/capped"), value: "yes"}]
                        : []
                """;
        AdmissionPolicies policies =
                policies(mutating(patch) + "---\n" + policy("validations: [{expression: object.spec.replicas <= 5}]"));
        AdmissionPolicies.Verdict verdict = policies.reviewCreate(object(DEPLOYMENT));
        assertThat(policies.problems()).isEmpty();
        assertThat(verdict.violations()).isEmpty();
        JsonObject mutated = verdict.mutated().orElseThrow();
        assertThat(mutated.object("spec").get("replicas")).hasToString("5");
        assertThat(mutated.object("metadata").object("labels").text("example.com/capped"))
                .isEqualTo("yes");
    }

    @Test
    void mutation_thatFails_denies() {
        AdmissionPolicies policies = policies(mutating(
                "- {patchType: JSONPatch, jsonPatch: {expression: \"[JSONPatch{op: 'remove', path: '/nope'}]\"}}\n"));
        assertThat(messages(policies, DEPLOYMENT))
                .singleElement()
                .asString()
                .startsWith("deny: MutatingAdmissionPolicy 'm' with binding 'mb' denied request: ");
    }

    @Test
    void gate_blocksPlansAndWrites_andLetsMutationsThrough() {
        AdmissionPolicyGate gate = new AdmissionPolicyGate(
                policies(policy("validations: [{expression: object.spec.replicas <= 5, message: too many}]")));
        Manifest manifest =
                Manifest.of(object(DEPLOYMENT), Origin.file("web.yaml", 0)).orThrow();
        List<Problem> problems = gate.review(ManifestSet.of(List.of(manifest)).orThrow());
        assertThat(problems)
                .singleElement()
                .hasToString(
                        "web.yaml: apps/Deployment/shop/web: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "
                                + "too many [POLICY_VIOLATION]");
        AdmissionHook.Review review =
                gate.review(new AdmissionHook.Request("CREATE", object(DEPLOYMENT), null, "", "me", null));
        assertThat(review.denials()).hasSize(1);
        assertThat(gate.review(new AdmissionHook.Request("DELETE", null, object(DEPLOYMENT), "", "me", null))
                        .denials())
                .isEmpty();
    }
}
