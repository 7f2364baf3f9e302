package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTestAndMutateTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @BeforeEach
    void writeAPod() throws IOException {
        file("pod.yaml", """
                # a pod
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: shop}
                spec: {hostNetwork: true, containers: [{name: a, image: nginx}]}
                """);
    }

    @Test
    void test_ofImagesAndStandards_namesObjectPolicyAndPlace() throws IOException {
        String verdicts = file(
                "verdicts.json", "{\"images\": [{\"image\": \"nginx\", \"scan\": \"failed\", \"reason\": \"CVE-1\"}]}");
        String pod = folder.resolve("pod.yaml").toString();

        assertThat(run("policy", "test", "-f", pod, "--image-verdicts", verdicts, "--pod-security", "baseline"))
                .as(err.toString())
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("PodSecurity/baseline", "Images/scan", "nginx failed its scan: CVE-1", "pod.yaml:2");
    }

    @Test
    void test_withAnExemption_recordsItUntilItExpires() throws IOException {
        String verdicts = file("verdicts.json", "{\"images\": []}");
        String exemption = file("exemption.yaml", """
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: legacy}
                spec: {policy: Images/scan, name: web, reason: moves out, expires: "2030-01-01T00:00:00Z"}
                """);
        String pod = folder.resolve("pod.yaml").toString();

        assertThat(run(
                        "policy",
                        "test",
                        "-o",
                        "json",
                        "--image-verdicts",
                        verdicts,
                        "--at",
                        "2029-12-31T00:00:00Z",
                        "-f",
                        pod,
                        exemption))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("\"action\":\"exempted\"", "\"line\":2", "\"name\":\"legacy\",\"reason\":\"moves out\"");

        assertThat(run(
                        "policy",
                        "test",
                        "--image-verdicts",
                        verdicts,
                        "--at",
                        "2030-01-01T00:00:00Z",
                        "-f",
                        pod,
                        exemption))
                .isEqualTo(1);
        assertThat(err.toString()).contains("pod.yaml:2: warning: exemption legacy of Pod/shop/web expired");
    }

    @Test
    void test_holdsTheLabelsOfNamespaces_configurationAndVerdictsAmongTheFiles() throws IOException {
        file("namespace.yaml", """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
                """);
        file("verdicts.yaml", """
                apiVersion: gitops4j.io/v1alpha1
                kind: ImageVerdicts
                metadata: {name: scans}
                images:
                - {image: nginx, scan: passed, expires: "2030-01-01T00:00:00Z"}
                """);
        assertThat(run("policy", "test", "--at", "2029-01-01T00:00:00Z", "-f", folder.toString()))
                .as(err.toString())
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("PodSecurity/baseline", "pod.yaml:2")
                .doesNotContain("Images/scan");
        assertThat(run("policy", "test", "--at", "2030-01-01T00:00:00Z", "-f", folder.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("the verdict on nginx expired at 2030-01-01T00:00:00Z");

        file("pss.yaml", """
                apiVersion: pod-security.admission.config.k8s.io/v1
                kind: PodSecurityConfiguration
                exemptions: {namespaces: [shop]}
                """);
        assertThat(run("policy", "test", "--at", "2029-01-01T00:00:00Z", "-f", folder.toString()))
                .isZero();
        assertThat(out.toString()).contains("is exempt from Pod Security");
        file("pss.yaml", """
                apiVersion: pod-security.admission.config.k8s.io/v1
                kind: PodSecurityConfiguration
                defaults:
                  enforce: strict
                """);
        assertThat(run("policy", "test", "-f", folder.toString())).isEqualTo(GitOpsCli.ERROR);
        assertThat(err.toString()).contains("pss.yaml:4:3: error: defaults.enforce: Invalid value: \"strict\"");
    }

    @Test
    void test_withAPolicyThatCannotBeUsed_namesItsLineAndShowsWhatTheOthersFind() throws IOException {
        file("bad.yaml", """
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: bad}
                spec:
                  crd: {spec: {names: {kind: Bad}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    rego: |
                      package bad
                      violation[{"msg": m}] { m := nothing(1) }
                """);
        assertThat(run("policy", "test", "--pod-security", "baseline", "-f", folder.toString()))
                .isEqualTo(GitOpsCli.ERROR);
        assertThat(err.toString()).contains("bad.yaml:10:36: error: ", "undefined function nothing");
        assertThat(out.toString()).contains("PodSecurity/baseline");
        String verdicts = file("verdicts.txt", "images:\n- image: a\n  scan: bad\n");
        assertThat(run("policy", "test", "--image-verdicts", verdicts, "-f", folder.toString()))
                .isEqualTo(GitOpsCli.ERROR);
        assertThat(err.toString()).contains("verdicts.txt:3:3: ");
    }

    @Test
    void test_writesAJUnitReport_andShowsDenialsOnlyWhereAsked() throws IOException {
        file("namespace.yaml", """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/audit: restricted}}
                """);
        Path report = folder.resolve("report.xml");
        assertThat(run("policy", "test", "--deny-only", "--junit", report.toString(), "-f", folder.toString()))
                .as(err.toString())
                .isEqualTo(1);
        assertThat(out.toString()).contains("PodSecurity/baseline").doesNotContain("PodSecurity/restricted");
        assertThat(Files.readString(report))
                .contains(
                        "tests=\"2\" failures=\"1\"", "name=\"Pod/shop/web\"", "<failure type=\"PodSecurity/baseline\"")
                .contains(
                        "<system-out>audit [PodSecurity/restricted] would violate PodSecurity &quot;restricted:latest&quot;");
    }

    @Test
    void mutate_byEveryKindOfMutator_printsWhatWouldBeStored() throws IOException {
        file("mutators.yaml", """
                apiVersion: mutations.gatekeeper.sh/v1
                kind: Assign
                metadata: {name: pull}
                spec:
                  applyTo: [{groups: [""], versions: [v1], kinds: [Pod]}]
                  location: 'spec.containers[name:*].imagePullPolicy'
                  parameters: {assign: {value: Always}}
                ---
                apiVersion: mutations.gatekeeper.sh/v1alpha1
                kind: AssignImage
                metadata: {name: mirror}
                spec:
                  applyTo: [{groups: [""], versions: [v1], kinds: [Pod]}]
                  location: 'spec.containers[name:*].image'
                  parameters: {assignDomain: mirror.io}
                ---
                apiVersion: admissionregistration.k8s.io/v1beta1
                kind: MutatingAdmissionPolicy
                metadata: {name: host}
                spec:
                  matchConstraints:
                    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
                  mutations:
                  - patchType: JSONPatch
                    jsonPatch: {expression: '[JSONPatch{op: "remove", path: "/spec/hostNetwork"}]'}
                ---
                apiVersion: admissionregistration.k8s.io/v1beta1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: host}
                spec: {policyName: host}
                """);
        file("other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n");

        assertThat(run("policy", "mutate", "--changed", "-f", folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains("image: mirror.io/nginx", "imagePullPolicy: Always")
                .doesNotContain("hostNetwork", "ConfigMap", "kind: Assign");
    }

    @Test
    void mutate_byAMutatorThatDoesNotFit_failsAndNamesThePlace() throws IOException {
        file("mutator.yaml", """
                apiVersion: mutations.gatekeeper.sh/v1
                kind: Assign
                metadata: {name: bad}
                spec:
                  applyTo: [{groups: [""], versions: [v1], kinds: [Pod]}]
                  location: 'spec.containers.image'
                  parameters: {assign: {value: nginx}}
                """);
        assertThat(run("policy", "mutate", "-f", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("pod.yaml:2: error: Pod/shop/web");
    }
}
