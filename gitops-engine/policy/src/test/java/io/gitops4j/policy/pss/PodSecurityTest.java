package io.gitops4j.policy.pss;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
    private static final String GOOD_POD =
            "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}";
    private static final String GOOD_CONTAINER =
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";

    /** pod fields | container fields | level | version | checks that fail. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hostNetwork: true||BASELINE|latest|hostNamespaces",
                "hostPID: true||BASELINE|latest|hostNamespaces",
                "hostIPC: true||BASELINE|v1.0|hostNamespaces",
                "hostNetwork: true||PRIVILEGED|latest|",
                "|securityContext: {privileged: true}|BASELINE|latest|privileged",
                "volumes: [{name: v, hostPath: {path: /x}}]||BASELINE|latest|hostPathVolumes",
                "|ports: [{containerPort: 1, hostPort: 80}]|BASELINE|latest|hostPorts",
                "|ports: [{containerPort: 1, hostPort: 0}]|BASELINE|latest|",
                "|securityContext: {windowsOptions: {hostProcess: true}}|BASELINE|latest|windowsHostProcess",
                "|securityContext: {capabilities: {add: [NET_RAW]}}|BASELINE|latest|capabilities_baseline",
                "|securityContext: {capabilities: {add: [CHOWN]}}|BASELINE|latest|",
                "'securityContext: {appArmorProfile: {type: Unconfined}}'||BASELINE|v1.30|appArmorProfile",
                "'securityContext: {appArmorProfile: {type: Unconfined}}'||BASELINE|v1.29|",
                "'securityContext: {seLinuxOptions: {type: spc_t}}'||BASELINE|latest|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {user: u}}'||BASELINE|latest|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {type: container_engine_t}}'||BASELINE|v1.30|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {type: container_engine_t}}'||BASELINE|v1.31|",
                "|securityContext: {procMount: Unmasked}|BASELINE|latest|procMount",
                "hostUsers: false|securityContext: {procMount: Unmasked}|BASELINE|v1.33|",
                "hostUsers: false|securityContext: {procMount: Unmasked}|BASELINE|v1.32|procMount",
                "'securityContext: {seccompProfile: {type: Unconfined}}'||BASELINE|latest|seccompProfile_baseline",
                "|'securityContext: {seccompProfile: {type: Localhost}}'|BASELINE|latest|",
                "'securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}'||BASELINE|v1.31|sysctls",
                "'securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}'||BASELINE|v1.32|",
                "'securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}'||BASELINE|v1.28|sysctls",
                "'securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}'||BASELINE|v1.27|",
                "|livenessProbe: {httpGet: {host: example.com}}|BASELINE|v1.34|hostProbesAndHostLifecycle",
                "|livenessProbe: {httpGet: {host: example.com}}|BASELINE|v1.33|",
                "GOOD|GOOD|RESTRICTED|latest|",
                "GOOD|GOOD|RESTRICTED|v1.0|",
                "GOOD||RESTRICTED|latest|allowPrivilegeEscalation capabilities_restricted",
                "GOOD||RESTRICTED|v1.21|allowPrivilegeEscalation",
                "GOOD||RESTRICTED|v1.7|",
                "|GOOD|RESTRICTED|latest|runAsNonRoot seccompProfile_restricted",
                "|GOOD|RESTRICTED|v1.18|runAsNonRoot",
                "hostUsers: false|GOOD|RESTRICTED|v1.33|seccompProfile_restricted",
                "'os: {name: windows}, securityContext: {runAsNonRoot: true}'||RESTRICTED|v1.25|",
                "'os: {name: windows}, securityContext: {runAsNonRoot: true}'||RESTRICTED|v1.24|allowPrivilegeEscalation seccompProfile_restricted capabilities_restricted",
                "'GOOD, volumes: [{name: v, nfs: {}}]'|GOOD|RESTRICTED|latest|restrictedVolumes",
                "'GOOD, volumes: [{name: v, configMap: {}}]'|GOOD|RESTRICTED|latest|",
            })
    void evaluate_oneFieldAtATime(String pod, String container, Level level, String version, String expected) {
        String podText = pod == null ? "" : pod.replace("GOOD", GOOD_POD);
        String containerText = container == null ? "" : container.replace("GOOD", GOOD_CONTAINER);
        JsonObject object = yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {"
                + (podText.isEmpty() ? "" : podText + ", ") + "containers: [{name: a"
                + (containerText.isEmpty() ? "" : ", " + containerText) + "}]}}");
        List<String> failed = PodSecurity.evaluate(object, level, PodSecurity.minor(version)).stream()
                .map(Failure::check)
                .toList();
        assertThat(String.join(" ", failed)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void message_readsAsTheAdmissionPluginSaysIt() {
        JsonObject pod = yaml("{kind: Pod, spec: {containers: [{name: a}, {name: b}]}}");
        assertThat(PodSecurity.message(pod, Level.RESTRICTED, "latest"))
                .isEqualTo(
                        "violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false (containers \"a\","
                                + " \"b\" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or"
                                + " containers \"a\", \"b\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or"
                                + " containers \"a\", \"b\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                                + " \"Localhost\"), unrestricted capabilities (containers \"a\", \"b\" must set"
                                + " securityContext.capabilities.drop=[\"ALL\"])");
    }

    @Test
    void evaluate_workloads_lookAtTheirTemplates() {
        String template = "template: {spec: {hostNetwork: true, containers: [{name: a}]}}";
        for (String object : List.of(
                "{kind: Deployment, spec: {" + template + "}}",
                "{kind: Rollout, spec: {" + template + "}}",
                "{kind: CronJob, spec: {jobTemplate: {spec: {" + template + "}}}}",
                "{kind: PodTemplate, " + template + "}")) {
            assertThat(PodSecurity.evaluate(yaml(object), Level.BASELINE, PodSecurity.LATEST))
                    .as(object)
                    .hasSize(1);
        }
        assertThat(PodSecurity.evaluate(yaml("{kind: ConfigMap}"), Level.RESTRICTED, PodSecurity.LATEST))
                .isEmpty();
    }

    @Test
    void gate_namespaceLabels_enforceAndWarn() {
        String namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: app, labels: {"
                + "pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted}}}";
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: app}, spec: {hostPID: true, containers: [{name: a}]}}";
        ManifestSet set =
                ManifestSet.of(List.of(manifest(namespace), manifest(pod))).orThrow();
        assertThat(PodSecurityGate.byLabels().review(set))
                .extracting(p -> p.severity())
                .containsExactly(Severity.ERROR, Severity.WARNING);
        ManifestSet alone = ManifestSet.of(List.of(manifest(pod))).orThrow();
        assertThat(PodSecurityGate.byLabels().review(alone)).isEmpty();
        assertThat(PodSecurityGate.enforcing(Level.BASELINE).review(alone)).hasSize(1);
    }

    private static Manifest manifest(String yaml) {
        return Manifest.of(yaml(yaml), Origin.memory()).orThrow();
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
