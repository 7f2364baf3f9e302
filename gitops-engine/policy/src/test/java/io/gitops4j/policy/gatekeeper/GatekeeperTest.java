package io.gitops4j.policy.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.Violation;
import io.gitops4j.problem.Problem;
import io.gitops4j.source.MemoryTree;
import io.gitops4j.spi.AdmissionHook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatekeeperTest {
    private static final String TEMPLATE = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: needslabel}
            spec:
              crd:
                spec:
                  names: {kind: NeedsLabel}
                  validation:
                    openAPIV3Schema:
                      type: object
                      properties:
                        label: {type: string, default: owner}
                        most: {type: integer, minimum: 1}
              targets:
                - target: admission.k8s.gatekeeper.sh
                  rego: |
                    package needslabel
                    violation[{"msg": msg, "details": {"missing": l}}] {
                      l := input.parameters.label
                      not input.review.object.metadata.labels[l]
                      msg := sprintf("%v needs %v", [input.review.object.metadata.name, l])
                    }
            """;
    private static final String CONSTRAINT = """
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: NeedsLabel
            metadata: {name: c}
            spec: {match: {kinds: [{apiGroups: [''], kinds: [ConfigMap]}]}}
            """;

    @Test
    void review_constraintWithDefaultedParameter_violates() {
        Gatekeeper client = client(TEMPLATE, CONSTRAINT);
        assertThat(client.problems()).isEmpty();
        assertThat(client.review(map("a", "{}"))).singleElement().satisfies(v -> {
            assertThat(v.policy()).isEqualTo("NeedsLabel/c");
            assertThat(v.action()).isEqualTo("deny");
            assertThat(v.message()).isEqualTo("a needs owner");
            assertThat(v.details().text("missing")).isEqualTo("owner");
        });
        assertThat(client.review(map("a", "{owner: me}"))).isEmpty();
        assertThat(client.review(object("{apiVersion: v1, kind: Service, metadata: {name: s}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces: [app]|1",
                "namespaces: ['ap*']|1",
                "namespaces: [other]|0",
                "excludedNamespaces: ['*pp']|0",
                "scope: Cluster|0",
                "scope: Namespaced|1",
                "scope: typo|1",
                "labelSelector: {matchLabels: {x: z}}|1",
                "labelSelector: {matchExpressions: [{key: x, operator: NotIn, values: [z]}]}|0",
                "name: 'a*'|1",
                "name: b|0",
                "source: Generated|0",
                "kinds: [{apiGroups: ['*'], kinds: ['*']}]|1",
                "kinds: [{apiGroups: [apps], kinds: [ConfigMap]}]|0",
                "namespaceSelector: {matchLabels: {env: prod}}|1",
                "namespaceSelector: {matchLabels: {env: dev}}|0",
            })
    void match_everyPart_decidesAlone(String match, int expected) {
        String constraint = CONSTRAINT.replaceFirst("match: .*", "match: {" + match + "}}");
        Gatekeeper client = Gatekeeper.builder()
                .addAll(List.of(object(TEMPLATE), object(constraint)))
                .refer(object("{apiVersion: v1, kind: Namespace, metadata: {name: app, labels: {env: prod}}}"))
                .build();
        assertThat(client.review(map("a", "{x: z}"))).hasSize(expected);
    }

    @Test
    void match_unknownNamespace_rejectsByItself() {
        String constraint = CONSTRAINT.replaceFirst("match: .*", "match: {namespaceSelector: {matchLabels: {a: b}}}}");
        assertThat(client(TEMPLATE, constraint).review(map("a", "{}")))
                .singleElement()
                .satisfies(v -> assertThat(v.message()).startsWith("unable to match constraints:"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enforcementAction: warn|warn",
                "enforcementAction: dryrun|dryrun",
                "enforcementAction: ''|deny",
                "'enforcementAction: scoped, scopedEnforcementActions: [{action: warn, enforcementPoints: [{name: \"*\"}]}]'|warn",
                "'enforcementAction: scoped, scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: audit}]}]'|none",
            })
    void enforcement_actionOfThePoint(String enforcement, String expected) {
        String constraint = CONSTRAINT.replaceFirst("spec: \\{", "spec: {" + enforcement + ", ");
        List<Violation> found = client(TEMPLATE, constraint).review(map("a", "{}"));
        assertThat(found.isEmpty() ? "none" : found.get(0).action()).isEqualTo(expected);
    }

    @Test
    void inventory_isThereToReferTo() {
        String template = TEMPLATE.replace(
                "not input.review.object.metadata.labels[l]",
                "data.inventory.namespace[\"app\"][\"v1\"][\"ConfigMap\"][other]; other != input.review.object.metadata.name");
        Gatekeeper client = Gatekeeper.builder()
                .addAll(List.of(object(template), object(CONSTRAINT)))
                .refer(map("b", "{}"))
                .build();
        assertThat(client.problems()).isEmpty();
        assertThat(client.review(map("a", "{}"))).hasSize(1);
        assertThat(client.review(map("b", "{}"))).isEmpty();
    }

    @Test
    void badPolicies_areProblemsAndTheOthersRun() {
        String noViolation = TEMPLATE.replace("needslabel", "other")
                .replace("NeedsLabel", "Other")
                .replace("violation[", "deny[");
        String broken = TEMPLATE.replace("needslabel", "third")
                .replace("NeedsLabel", "Third")
                .replace("not input", "not not input");
        Gatekeeper client = client(
                TEMPLATE,
                CONSTRAINT,
                noViolation,
                broken,
                CONSTRAINT.replace("NeedsLabel", "Nobody"),
                TEMPLATE,
                CONSTRAINT.replace("name: c", "name: d").replace("spec: {", "spec: {parameters: {label: 5}, "),
                CONSTRAINT.replace("name: c", "name: e").replace("spec: {", "spec: {parameters: {x: 5}, "),
                CONSTRAINT.replace("name: c", "name: f").replace("spec: {", "spec: {parameters: {most: 0}, "));
        assertThat(client.problems().stream().map(Problem::code))
                .contains(
                        "TEMPLATE_INVALID",
                        "CONSTRAINT_WITHOUT_TEMPLATE",
                        "TEMPLATE_DUPLICATE",
                        "CONSTRAINT_SCHEMA",
                        "CONSTRAINT_INVALID");
        assertThat(client.problems().toString())
                .contains("missing required rules: [violation]")
                .contains("unknown fields: [spec.parameters.x]");
        assertThat(client.review(map("a", "{}"))).hasSize(1);
    }

    @Test
    void seedTemplate_asItStands_isRefusedOrTakenWithAWarning() throws Exception {
        String seed = Files.readString(examples().resolve("policies/constraint-template.yaml"));
        assertThat(client(seed).problems())
                .singleElement()
                .satisfies(p -> assertThat(p.text()).endsWith("missing required rules: [violation]"));
        Gatekeeper lenient = Gatekeeper.builder()
                .acceptDenyHeads(true)
                .addAll(List.of(
                        object(seed),
                        object("{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sRequiredLabels,"
                                + " metadata: {name: all}}")))
                .build();
        assertThat(lenient.problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("TEMPLATE_DENY_HEAD");
            assertThat(p.hint()).contains("violation[{\"msg\": msg}]");
        });
        assertThat(lenient.review(object("{apiVersion: v1, kind: Namespace, metadata: {name: all, labels: {a: ''}}}")))
                .singleElement()
                .satisfies(v -> assertThat(v.message()).isEqualTo("Namespace must have all required labels"));
        assertThat(lenient.review(object("{apiVersion: v1, kind: Namespace, metadata: {name: all}}")))
                .isEmpty();
    }

    @Test
    void mendedTemplate_trulyRequiresTheLabels() throws Exception {
        Path mended = examples().resolve("policies/mended");
        Gatekeeper client = client(
                Files.readString(mended.resolve("required-labels-template.yaml")),
                Files.readString(mended.resolve("required-labels.yaml")));
        assertThat(client.problems()).isEmpty();
        assertThat(client.review(object("{apiVersion: v1, kind: Namespace, metadata: {name: all}}")))
                .singleElement()
                .satisfies(v -> assertThat(v.message()).isEqualTo("Namespace must have the label owner"));
        assertThat(client.review(
                        object("{apiVersion: v1, kind: Namespace, metadata: {name: all, labels: {owner: me}}}")))
                .isEmpty();
    }

    @Test
    void expansion_reviewsWhatAControllerWillMake() {
        String pods = CONSTRAINT.replace("[ConfigMap]", "[Pod]");
        String expansion = """
                apiVersion: expansion.gatekeeper.sh/v1beta1
                kind: ExpansionTemplate
                metadata: {name: deployments}
                spec:
                  applyTo: [{groups: [apps], versions: [v1], kinds: [Deployment]}]
                  templateSource: spec.template
                  generatedGVK: {group: '', version: v1, kind: Pod}
                  enforcementAction: warn
                """;
        assertThat(client(TEMPLATE, pods, expansion).review(object("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: app}
                spec: {template: {metadata: {labels: {a: b}}, spec: {}}}
                """)))
                .singleElement()
                .satisfies(v -> {
                    assertThat(v.message()).isEqualTo("[Implied by deployments] web-pod needs owner");
                    assertThat(v.action()).isEqualTo("warn");
                });
    }

    @Test
    void gate_blocksPlansAndWrites() {
        GatekeeperGate gate = new GatekeeperGate(client(TEMPLATE, CONSTRAINT));
        ManifestSet set = ManifestSet.of(List.of(
                        Manifest.of(map("a", "{}"), Origin.file("maps.yaml", 0)).orThrow()))
                .orThrow();
        assertThat(gate.review(set)).singleElement().satisfies(p -> {
            assertThat(p.isError()).isTrue();
            assertThat(p.toString())
                    .isEqualTo("maps.yaml: ConfigMap/app/a: [NeedsLabel/c] a needs owner [POLICY_VIOLATION]");
        });
        AdmissionHook.Review review =
                gate.review(new AdmissionHook.Request("CREATE", map("a", "{}"), null, "", "alice", null));
        assertThat(review.denials()).containsExactly("[c] a needs owner");
        GatekeeperGate broken = new GatekeeperGate(client(CONSTRAINT));
        assertThat(broken.review(ManifestSet.empty())).isNotEmpty();
    }

    @Test
    void suite_ofGator_runsCasesAndNamesFailures() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("t.yaml", TEMPLATE);
        files.put("c.yaml", CONSTRAINT);
        files.put("bad.yaml", CONSTRAINT.replace("spec: {", "spec: {parameters: {label: 5}, "));
        files.put("a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
        files.put("suite.yaml", """
                kind: Suite
                apiVersion: test.gatekeeper.sh/v1alpha1
                tests:
                - name: one
                  template: t.yaml
                  constraint: c.yaml
                  cases:
                  - {name: right, object: a.yaml, assertions: [{violations: yes, message: needs}]}
                  - {name: count, object: a.yaml, assertions: [{violations: 1}, {violations: no, message: nothing}]}
                  - {name: wrong, object: a.yaml, assertions: [{violations: no}]}
                  - {name: none, object: a.yaml}
                  - {name: absent, object: gone.yaml, assertions: [{violations: no}]}
                - name: two
                  template: t.yaml
                  constraint: bad.yaml
                  invalid: true
                """);
        GatorSuite suite = GatorSuite.read(MemoryTree.ofText(files), "suite.yaml", Optional.empty())
                .orThrow();
        List<GatorSuite.CaseResult> results = suite.run();
        assertThat(results.stream().map(GatorSuite.CaseResult::passed))
                .containsExactly(true, true, false, false, false, true);
        assertThat(results.get(2).failure()).startsWith("got 1 violations but want none");
        assertThat(results.get(3).error()).isEqualTo("assertions must be non-empty");
        assertThat(results.get(4).error()).contains("gone.yaml");
        assertThat(suite.engines(0)).containsExactly("Rego");
    }

    private static Path examples() {
        return Path.of(System.getProperty("gitops4j.root", "../..")).resolve("examples/infrastructure");
    }

    private static Gatekeeper client(String... yaml) {
        Gatekeeper.Builder builder = Gatekeeper.builder();
        for (String text : yaml) {
            builder.add(object(text));
        }
        return builder.build();
    }

    private static JsonObject map(String name, String labels) {
        return object("{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", namespace: app, labels: "
                + labels + "}}");
    }

    private static JsonObject object(String yaml) {
        Json json = YamlReader.kubectl().read("", yaml).orThrow();
        return (JsonObject) json;
    }
}
