package io.gitops4j.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ApiException;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.policy.Enforcement;
import io.gitops4j.policy.Exemption;
import io.gitops4j.policy.Exemptions;
import io.gitops4j.policy.gatekeeper.Gatekeeper;
import io.gitops4j.policy.gatekeeper.GatekeeperGate;
import io.gitops4j.policy.gatekeeper.Mutation;
import io.gitops4j.testkit.FakeCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Policies plugged into the cluster in memory, as the API server and Gatekeeper's webhooks run them. */
class ClusterAdmissionTest {
    private static final String BINDING = """
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: %1$sAdmissionPolicyBinding
            metadata: {name: %2$s}
            spec: {policyName: %2$s%3$s}
            """;
    private static final String MATCH = """
              matchConstraints:
                resourceRules:
                - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
            """;

    private static String validating(String validation) {
        return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: v}\nspec:\n"
                + MATCH + "  validations: [" + validation + "]\n"
                + BINDING.formatted("Validating", "v", ", validationActions: [Deny]");
    }

    private static String mutating(String name, String reinvocation, String patch) {
        return "---\napiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\nmetadata: {name: "
                + name + "}\nspec:\n  reinvocationPolicy: " + reinvocation + "\n" + MATCH
                + "  mutations:\n  - patchType: JSONPatch\n    jsonPatch:\n      expression: >\n        " + patch + "\n"
                + BINDING.formatted("Mutating", name, "");
    }

    private static AdmissionPolicies policies(String yaml) {
        AdmissionPolicies policies = AdmissionPolicies.builder()
                .addAll(YamlReader.kubectl().readObjects("p.yaml", yaml).orThrow())
                .build();
        assertThat(policies.problems()).isEmpty();
        return policies;
    }

    private static JsonObject map(String data) {
        return (JsonObject) YamlReader.kubectl()
                .read(
                        "",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}, data: {" + data
                                + "}}")
                .orThrow();
    }

    private static final WriteOptions OPTIONS = WriteOptions.defaults().withForce(true);
    private static final ObjectRef REF = ObjectRef.of(map("x: z"));

    /** Why the cluster refuses to store the object, {@code ""} when it does not. */
    private static String refusal(FakeCluster cluster, JsonObject object) {
        try {
            cluster.apply(REF, object, OPTIONS);
            return "";
        } catch (ApiException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static JsonObject stored(FakeCluster cluster) {
        return cluster.get(REF).orElseThrow();
    }

    @Test
    void validatingPolicy_refusesCreationsAndUpdatesAndSeesTheOldObject() {
        FakeCluster cluster = FakeCluster.create();
        cluster.admit(
                new AdmissionPolicyGate(
                        policies(
                                validating(
                                        "{expression: \"oldObject == null || oldObject.data.tier == object.data.tier\", message: tier is fixed}, "
                                                + "{expression: \"has(object.data.tier)\", messageExpression: \"object.metadata.name + ' lacks a tier'\"}"))));

        assertThat(refusal(cluster, map("x: z"))).contains("a lacks a tier");
        assertThat(refusal(cluster, map("tier: gold"))).isEmpty();
        assertThat(refusal(cluster, map("tier: silver"))).contains("tier is fixed");
        assertThat(refusal(cluster, map("tier: gold, more: data"))).isEmpty();
    }

    @Test
    void exemption_letsAWritePassUntilItExpires() {
        Exemption exemption = Exemption.parse(
                        (JsonObject) YamlReader.kubectl().read("", """
                                apiVersion: gitops4j.io/v1alpha1
                                kind: PolicyExemption
                                metadata: {name: legacy}
                                spec: {policy: ValidatingAdmissionPolicy/v, name: a, reason: old, expires: "2031-01-01T00:00:00Z"}
                                """).orThrow())
                .orThrow();
        for (String now : List.of("2030-12-31T00:00:00Z", "2031-01-01T00:00:00Z")) {
            FakeCluster cluster = FakeCluster.create();
            cluster.admit(new AdmissionPolicyGate(
                    policies(validating("{expression: \"false\", message: never}")),
                    Enforcement.with(new Exemptions(List.of(exemption)), () -> Instant.parse(now))));
            assertThat(refusal(cluster, map("x: z")).isEmpty()).isEqualTo(now.startsWith("2030"));
        }
    }

    @Test
    void mutatingPolicy_changesWhatIsStoredBeforeItIsValidated() {
        FakeCluster cluster = FakeCluster.create();
        cluster.admit(
                new AdmissionPolicyGate(
                        policies(
                                validating("{expression: \"object.data.tier == 'bronze'\", message: no tier}")
                                        + mutating(
                                                "m",
                                                "Never",
                                                "has(object.data.tier) ? [] : [JSONPatch{op: \"add\", path: \"/data/tier\", value: \"bronze\"}]"))));

        assertThat(refusal(cluster, map("x: z"))).isEmpty();
        assertThat(stored(cluster).object("data").toJson()).isEqualTo("{\"x\":\"z\",\"tier\":\"bronze\"}");
    }

    @Test
    void mutatingPolicy_runsAgainOnWhatALaterOneChanged_onlyIfItSaysSo() {
        String first = "[JSONPatch{op: \"add\", path: \"/data/seen\", value: string(size(object.data))}]";
        String second = "has(object.data.late) ? [] : [JSONPatch{op: \"add\", path: \"/data/late\", value: \"yes\"}]";
        assertThat(policies(mutating("a", "Never", first) + mutating("b", "Never", second))
                        .reviewCreate(map("x: z"))
                        .mutated()
                        .orElseThrow()
                        .object("data")
                        .text("seen"))
                .isEqualTo("1");
        assertThat(policies(mutating("a", "IfNeeded", first) + mutating("b", "Never", second))
                        .reviewCreate(map("x: z"))
                        .mutated()
                        .orElseThrow()
                        .object("data")
                        .text("seen"))
                .isEqualTo("3");
    }

    @Test
    void gatekeeperMutation_isAskedAgainAfterALaterHook_onlyIfItSaysSo() {
        JsonObject assign = (JsonObject) YamlReader.kubectl().read("", """
                        apiVersion: mutations.gatekeeper.sh/v1
                        kind: Assign
                        metadata: {name: marked}
                        spec:
                          applyTo: [{groups: [""], versions: [v1], kinds: [ConfigMap]}]
                          match: {labelSelector: {matchLabels: {late: "yes"}}}
                          location: data.marked
                          parameters: {assign: {value: "yes"}}
                        """).orThrow();
        String label =
                "has(object.metadata.labels) ? [] : [JSONPatch{op: \"add\", path: \"/metadata/labels\", value: {\"late\": \"yes\"}}]";
        for (boolean again : List.of(true, false)) {
            FakeCluster cluster = FakeCluster.create();
            cluster.admit(Mutation.builder().add(assign).reinvoked(again).build());
            cluster.admit(new AdmissionPolicyGate(policies(mutating("m", "Never", label))));
            assertThat(refusal(cluster, map("x: z"))).isEmpty();
            assertThat(stored(cluster).object("data").has("marked")).isEqualTo(again);
        }
    }

    @Test
    void constraintInCel_refusesWritesWithGatekeepersWords() {
        Gatekeeper client = Gatekeeper.builder()
                .cel(GatekeeperCel.create())
                .addAll(YamlReader.kubectl().readObjects("t.yaml", """
                                apiVersion: templates.gatekeeper.sh/v1
                                kind: ConstraintTemplate
                                metadata: {name: needskey}
                                spec:
                                  crd: {spec: {names: {kind: NeedsKey}, validation: {openAPIV3Schema: {type: object, properties: {key: {type: string}}}}}}
                                  targets:
                                  - target: admission.k8s.gatekeeper.sh
                                    code:
                                    - engine: K8sNativeValidation
                                      source:
                                        validations:
                                        - {expression: "variables.params.key in variables.anyObject.data", message: key is missing}
                                ---
                                apiVersion: constraints.gatekeeper.sh/v1beta1
                                kind: NeedsKey
                                metadata: {name: tier}
                                spec: {match: {kinds: [{apiGroups: [""], kinds: [ConfigMap]}]}, parameters: {key: tier}}
                                """).orThrow())
                .build();
        assertThat(client.problems()).isEmpty();
        FakeCluster cluster = FakeCluster.create();
        cluster.admit(new GatekeeperGate(client));
        assertThat(refusal(cluster, map("x: z"))).contains("[tier] key is missing");
        assertThat(refusal(cluster, map("tier: gold"))).isEmpty();
    }
}
