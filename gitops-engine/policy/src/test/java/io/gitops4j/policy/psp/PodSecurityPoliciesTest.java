package io.gitops4j.policy.psp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.spi.AdmissionHook;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityPoliciesTest {
    private static final String OPEN = "volumes: ['*'], seLinux: {rule: RunAsAny}, runAsUser: {rule: RunAsAny}, "
            + "fsGroup: {rule: RunAsAny}, supplementalGroups: {rule: RunAsAny}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "defaultAddCapabilities: [CHOWN]||containers.0.securityContext.capabilities.add|[\"CHOWN\"]",
                "defaultAddCapabilities: [CHOWN]|capabilities: {drop: [CHOWN]}|containers.0.securityContext.capabilities|{\"drop\":[\"CHOWN\"]}",
                "defaultAddCapabilities: [CHOWN]|capabilities: {add: [KILL]}|containers.0.securityContext.capabilities.add|[\"CHOWN\",\"KILL\"]",
                "requiredDropCapabilities: [ALL]||containers.0.securityContext.capabilities.drop|[\"ALL\"]",
                "requiredDropCapabilities: [ALL]|capabilities: {drop: [ALL]}|containers.0.securityContext.capabilities|{\"drop\":[\"ALL\"]}",
                "fsGroup: {rule: MustRunAs, ranges: [{min: 5, max: 9}]}||securityContext.fsGroup|5",
                "fsGroup: {rule: MayRunAs, ranges: [{min: 5, max: 9}]}||securityContext|none",
                "supplementalGroups: {rule: MustRunAs, ranges: [{min: 5, max: 9}]}||securityContext.supplementalGroups|[5]",
                "runAsUser: {rule: MustRunAs, ranges: [{min: 7, max: 9}]}||containers.0.securityContext.runAsUser|7",
                "runAsUser: {rule: MustRunAs, ranges: [{min: 7, max: 9}]}|runAsUser: 8|containers.0.securityContext.runAsUser|8",
                "runAsUser: {rule: MustRunAsNonRoot}||containers.0.securityContext.runAsNonRoot|true",
                "runAsUser: {rule: MustRunAsNonRoot}|runAsUser: 3|containers.0.securityContext.runAsNonRoot|none",
                "runAsGroup: {rule: MustRunAs, ranges: [{min: 7, max: 9}]}||containers.0.securityContext.runAsGroup|7",
                "readOnlyRootFilesystem: true||containers.0.securityContext.readOnlyRootFilesystem|true",
                "allowPrivilegeEscalation: false||containers.0.securityContext.allowPrivilegeEscalation|false",
                "defaultAllowPrivilegeEscalation: false||containers.0.securityContext.allowPrivilegeEscalation|false",
                "defaultAllowPrivilegeEscalation: false|allowPrivilegeEscalation: true|containers.0.securityContext.allowPrivilegeEscalation|true",
                "seLinux: {rule: MustRunAs, seLinuxOptions: {level: s0}}||securityContext.seLinuxOptions|{\"level\":\"s0\"}",
                "runtimeClass: {allowedRuntimeClassNames: ['*'], defaultRuntimeClassName: g}||runtimeClassName|\"g\"",
            })
    void default_ofEachField_isFilledInWhereThePodSaysNothing(
            String rules, String security, String place, String expected) {
        PodSecurityPolicy policy = policy("a", "", rules);
        for (JsonObject object : List.of(pod(security), deployment(security))) {
            JsonObject defaulted = policy.defaulted(object);
            List<String> path = new ArrayList<>(
                    object.text("kind", "").equals("Pod") ? List.of("spec") : List.of("spec", "template", "spec"));
            path.addAll(List.of(place.split("[.]", -1)));
            Json value = defaulted.find(path.toArray(new String[0]));
            assertThat(value == null ? "none" : value.toJson()).isEqualTo(expected);
            assertThat(policy.defaulted(defaulted)).isSameAs(defaulted);
        }
    }

    @Test
    void annotations_ofThePolicy_giveDefaultProfiles() {
        PodSecurityPolicy policy = policy(
                "a",
                ", annotations: {seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default,"
                        + " apparmor.security.beta.kubernetes.io/defaultProfileName: localhost/x}",
                "");
        JsonObject defaulted = policy.defaulted(pod(""));
        assertThat(defaulted.object("metadata").object("annotations").toJson())
                .isEqualTo("{\"seccomp.security.alpha.kubernetes.io/pod\":\"runtime/default\","
                        + "\"container.apparmor.security.beta.kubernetes.io/a\":\"localhost/x\"}");
        assertThat(defaulted.find("spec", "securityContext", "seccompProfile", "type"))
                .isEqualTo(Json.of("RuntimeDefault"));
    }

    @Test
    void order_policyThatDoesNotMutate_winsOverAnEarlierOneThatDoes() {
        PodSecurityPolicies policies = new PodSecurityPolicies(List.of(
                policy("c", "", ""),
                policy("b", "", "readOnlyRootFilesystem: true"),
                policy("a", "", "fsGroup: {rule: MustRunAs, ranges: [{min: 5, max: 9}]}")));
        assertThat(policies.admit(pod("")).policy()).isEqualTo("c");
        assertThat(policies.admit(pod("")).object()).isEqualTo(pod(""));
        PodSecurityPolicies mutating = new PodSecurityPolicies(List.of(
                policy("b", "", "readOnlyRootFilesystem: true"),
                policy("a", "", "fsGroup: {rule: MustRunAs, ranges: [{min: 5, max: 9}]}")));
        assertThat(mutating.admit(pod("")).policy()).isEqualTo("a");
        assertThat(mutating.admit(pod("readOnlyRootFilesystem: false")).policy())
                .isEqualTo("a");
        PodSecurityPolicies.Decision refused = mutating.admit(pod("privileged: true"));
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.violations()).hasSize(2).allMatch(text -> text.contains("Privileged containers"));
    }

    @Test
    void set_isMutatedWithItsOrigin_andRefusedWithPlace() {
        PodSecurityPolicies policies =
                new PodSecurityPolicies(List.of(policy("a", "", "readOnlyRootFilesystem: true")));
        Manifest changed =
                policies.mutate(set(deployment(""))).orThrow().manifests().get(0);
        assertThat(changed.origin().transformations()).containsExactly("PodSecurityPolicy a");
        assertThat(policies.mutate(set(deployment("privileged: true"))).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.where().file()).isEqualTo("apps/d.yaml"));
    }

    @Test
    void admission_mutatesCreations_andOnlyJudgesUpdates() {
        PodSecurityPolicies policies =
                new PodSecurityPolicies(List.of(policy("a", "", "readOnlyRootFilesystem: true")));
        assertThat(policies.review(new AdmissionHook.Request("CREATE", pod(""), null, "", "u", null))
                        .mutated())
                .isPresent();
        assertThat(policies.review(new AdmissionHook.Request("UPDATE", pod(""), pod(""), "", "u", null)))
                .isEqualTo(AdmissionHook.Review.allowed());
        assertThat(policies.review(new AdmissionHook.Request("UPDATE", pod("privileged: true"), pod(""), "", "u", null))
                        .denials())
                .hasSize(1);
    }

    private static PodSecurityPolicy policy(String name, String metadata, String rules) {
        StringBuilder spec = new StringBuilder(rules);
        for (String field : OPEN.split(", (?=[a-zA-Z]+:)", -1)) {
            if (!rules.startsWith(field.substring(0, field.indexOf(':') + 1))) {
                spec.append(spec.length() == 0 ? "" : ", ").append(field);
            }
        }
        return PodSecurityPolicy.parse(object("{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: "
                        + name + metadata + "}, spec: {" + spec + "}}"))
                .orThrow();
    }

    private static JsonObject pod(String security) {
        return object("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: " + spec(security) + "}");
    }

    private static JsonObject deployment(String security) {
        return object(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {metadata: {}, spec: "
                        + spec(security) + "}}}");
    }

    private static String spec(String security) {
        String context = security == null || security.isEmpty() ? "" : ", securityContext: {" + security + "}";
        return "{containers: [{name: a, image: i" + context + "}]}";
    }

    private static ManifestSet set(JsonObject object) {
        return ManifestSet.of(List.of(Manifest.trusted(object, Origin.file("apps/d.yaml", 0))))
                .orThrow();
    }

    private static JsonObject object(String yaml) {
        return (JsonObject) YamlReader.kubectl().read("", yaml).orThrow();
    }
}
