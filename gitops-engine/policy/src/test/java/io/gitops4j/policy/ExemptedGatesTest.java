package io.gitops4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.policy.image.ImageGate;
import io.gitops4j.policy.image.VerdictList;
import io.gitops4j.policy.psp.PodSecurityPolicies;
import io.gitops4j.policy.psp.PodSecurityPolicy;
import io.gitops4j.policy.psp.PodSecurityPolicyGate;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.policy.pss.PodSecurityGate;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.PlanGate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExemptedGatesTest {
    private static final Instant BEFORE = Instant.parse("2031-01-01T00:00:00Z");
    private static final Instant AFTER = Instant.parse("2031-03-01T00:00:00Z");
    private static final String POD = """

            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              hostNetwork: true
              containers: [{name: a, image: "reg.io/a:1", securityContext: {privileged: true}}]
            """;
    private static final String PSP = """
            apiVersion: policy/v1beta1
            kind: PodSecurityPolicy
            metadata: {name: strict}
            spec:
              privileged: false
              seLinux: {rule: RunAsAny}
              runAsUser: {rule: RunAsAny}
              supplementalGroups: {rule: RunAsAny}
              fsGroup: {rule: RunAsAny}
            """;

    private static Enforcement exempt(String policy, Instant now) {
        JsonObject exemption = object("""
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: legacy}
                spec: {policy: %s, kind: Pod, namespace: shop, name: we*, reason: moves, expires: "2031-02-01T00:00:00Z"}
                """.formatted(policy));
        return Enforcement.with(
                new Exemptions(List.of(Exemption.parse(exemption).orThrow())), () -> now);
    }

    private static PlanGate gate(String policy, Enforcement enforcement) {
        List<PodSecurityPolicy> strict =
                List.of(PodSecurityPolicy.parse(object(PSP)).orThrow());
        return switch (policy) {
            case "PodSecurityPolicy" -> new PodSecurityPolicyGate(strict, enforcement);
            case "PodSecurity/baseline" ->
                PodSecurityGate.enforcing(Level.BASELINE).with(enforcement);
            default ->
                ImageGate.scanned(VerdictList.parse(object("{images: []}")).orThrow())
                        .with(enforcement);
        };
    }

    static Stream<String> policies() {
        return Stream.of("PodSecurityPolicy", "PodSecurity/baseline", "Images/scan");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void exemption_inAnyGate_coversItsPolicyUntilItExpires(String policy) {
        assertThat(gate(policy, Enforcement.strict()).review(pods()))
                .allSatisfy(problem -> {
                    assertThat(problem.isError()).isTrue();
                    assertThat(problem.where().place()).isEqualTo("apps/pod.yaml:2");
                })
                .isNotEmpty();

        assertThat(gate(policy, exempt(policy, BEFORE)).review(pods()))
                .extracting(Problem::code)
                .containsOnly("POLICY_EXEMPTED");

        assertThat(gate(policy, exempt(policy, AFTER)).review(pods()))
                .anySatisfy(problem -> assertThat(problem.isError()).isTrue())
                .extracting(Problem::code)
                .contains("EXEMPTION_EXPIRED");

        assertThat(gate(policy, exempt("Other/policy", BEFORE)).review(pods()))
                .anySatisfy(problem -> assertThat(problem.isError()).isTrue());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void exemption_inAdmission_isAWarning(String policy) {
        assertThat(hook(policy, Enforcement.strict()).review(creation()).denials())
                .isNotEmpty();
        AdmissionHook.Review exempted = hook(policy, exempt(policy, BEFORE)).review(creation());
        assertThat(exempted.denials()).isEmpty();
        assertThat(exempted.warnings())
                .allSatisfy(warning -> assertThat(warning).contains("exempted until 2031-02-01"))
                .isNotEmpty();
        AdmissionHook.Review expired = hook(policy, exempt(policy, AFTER)).review(creation());
        assertThat(expired.denials()).isNotEmpty();
        assertThat(expired.warnings()).contains("exemption legacy of Pod/shop/web expired at 2031-02-01T00:00:00Z");
    }

    private static AdmissionHook hook(String policy, Enforcement enforcement) {
        return policy.equals("PodSecurityPolicy")
                ? new PodSecurityPolicies(
                        List.of(PodSecurityPolicy.parse(object(PSP)).orThrow()), enforcement)
                : (AdmissionHook) gate(policy, enforcement);
    }

    @Test
    void podSecurity_leavesAloneWhatTheAdmissionPluginWouldLeaveAlone() {
        PodSecurityGate gate = PodSecurityGate.enforcing(Level.BASELINE);
        assertThat(gate.exempting(List.of("shop"), List.of(), List.of()).review(pods()))
                .isEmpty();
        assertThat(gate.exempting(List.of("other"), List.of("kata"), List.of()).review(pods()))
                .isNotEmpty();
        ManifestSet sandboxed = YamlReader.kubectl()
                .readManifests("p.yaml", POD + "  runtimeClassName: kata\n")
                .then(ManifestSet::of)
                .orThrow();
        assertThat(gate.exempting(List.of(), List.of("kata"), List.of()).review(sandboxed))
                .isEmpty();
        assertThat(gate.exempting(List.of(), List.of(), List.of("operator"))
                        .review(creation())
                        .denials())
                .isEmpty();
    }

    @Test
    void podSecurity_inAdmission_refusesPodsByTheLabelsOfTheirNamespaceAndWarnsOfWorkloads() {
        JsonObject namespace = object("""
                {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {
                  pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted}}}
                """);
        PodSecurityGate gate = PodSecurityGate.byLabels();
        AdmissionHook.Review pod =
                gate.review(new AdmissionHook.Request("CREATE", object(POD), null, "", "me", namespace));
        assertThat(pod.denials()).singleElement().asString().contains("baseline:latest", "hostNetwork=true");
        // the plugin does not warn about what it refuses
        assertThat(pod.warnings()).isEmpty();
        JsonObject deployment = object("""
                {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {spec: {
                  hostNetwork: true, containers: [{name: a, image: a}]}}}}
                """);
        AdmissionHook.Review workload =
                gate.review(new AdmissionHook.Request("CREATE", deployment, null, "", "me", namespace));
        assertThat(workload.denials()).isEmpty();
        assertThat(workload.warnings()).hasSize(1);
    }

    private static AdmissionHook.Request creation() {
        return new AdmissionHook.Request("CREATE", object(POD), null, "", "operator", null);
    }

    private static ManifestSet pods() {
        return YamlReader.kubectl()
                .readManifests("apps/pod.yaml", POD)
                .then(ManifestSet::of)
                .orThrow();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
