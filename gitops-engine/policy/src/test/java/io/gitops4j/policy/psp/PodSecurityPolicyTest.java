package io.gitops4j.policy.psp;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.policy.pss.Level;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityPolicyTest {
    private static final String ANY =
            "seLinux: {rule: RunAsAny}, runAsUser: {rule: RunAsAny}, fsGroup: {rule: RunAsAny},"
                    + " supplementalGroups: {rule: RunAsAny}, volumes: ['*']";

    /** policy fields | pod fields | container fields | part of the message, none when allowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|||",
                "privileged: false||securityContext: {privileged: true}|Privileged containers are not allowed",
                "privileged: true||securityContext: {privileged: true}|",
                "|hostNetwork: true||Host network is not allowed to be used",
                "hostNetwork: true|hostNetwork: true||",
                "|hostPID: true||Host PID is not allowed to be used",
                "|hostIPC: true||Host IPC is not allowed to be used",
                "||ports: [{hostPort: 8080}]|Host port 8080 is not allowed to be used. Allowed ports: []",
                "hostPorts: [{min: 8000, max: 9000}]||ports: [{hostPort: 8080}]|",
                "hostPorts: [{min: 1, max: 9}]||ports: [{hostPort: 10}]|Allowed ports: [1-9]",
                "volumes: [secret]|volumes: [{name: v, hostPath: {path: /x}}]||hostPath volumes are not allowed to be used",
                "volumes: [hostPath]|volumes: [{name: v, hostPath: {path: /x}}]||",
                "allowedHostPaths: [{pathPrefix: /foo}]|volumes: [{name: v, hostPath: {path: /foo/bar}}]||",
                "allowedHostPaths: [{pathPrefix: /foo/}]|volumes: [{name: v, hostPath: {path: /foobar}}]||is not allowed to be used",
                "'allowedHostPaths: [{pathPrefix: /foo, readOnly: true}]'|volumes: [{name: v, hostPath: {path: /foo}}]|volumeMounts: [{name: v}]|must be read-only",
                "'allowedHostPaths: [{pathPrefix: /foo, readOnly: true}]'|volumes: [{name: v, hostPath: {path: /foo}}]|'volumeMounts: [{name: v, readOnly: true}]'|",
                "allowedFlexVolumes: [{driver: a}]|volumes: [{name: v, flexVolume: {driver: b}}]||Flexvolume driver is not allowed",
                "allowedCSIDrivers: [{name: a}]|volumes: [{name: v, csi: {driver: a}}]||",
                "runAsUser: {rule: MustRunAsNonRoot}||securityContext: {runAsUser: 0}|running with the root UID is forbidden",
                "runAsUser: {rule: MustRunAsNonRoot}||securityContext: {runAsNonRoot: false}|must be true",
                "runAsUser: {rule: MustRunAsNonRoot}|||",
                "'runAsUser: {rule: MustRunAs, ranges: [{min: 10, max: 20}]}'||securityContext: {runAsUser: 5}|must be in the ranges: [{10 20}]",
                "'runAsUser: {rule: MustRunAs, ranges: [{min: 10, max: 20}]}'|securityContext: {runAsUser: 15}||",
                "'runAsGroup: {rule: MayRunAs, ranges: [{min: 1, max: 2}]}'||securityContext: {runAsGroup: 3}|must be in the ranges",
                "'fsGroup: {rule: MustRunAs, ranges: [{min: 1, max: 2}]}'|securityContext: {fsGroup: 3}||group 3 must be in the ranges",
                "'supplementalGroups: {rule: MustRunAs, ranges: [{min: 1, max: 2}]}'|'securityContext: {supplementalGroups: [1, 7]}'||group 7 must be in the ranges",
                "'seLinux: {rule: MustRunAs, seLinuxOptions: {level: \"s0:c0,c1\"}}'|'securityContext: {seLinuxOptions: {level: \"s0:c1,c0\"}}'||",
                "'seLinux: {rule: MustRunAs, seLinuxOptions: {level: \"s0:c0,c1\"}}'|'securityContext: {seLinuxOptions: {level: \"s0:c2\"}}'||must be s0:c0,c1",
                "readOnlyRootFilesystem: true||securityContext: {readOnlyRootFilesystem: false}|ReadOnlyRootFilesystem must be set to true",
                "readOnlyRootFilesystem: true|||",
                "allowPrivilegeEscalation: false||securityContext: {allowPrivilegeEscalation: true}|Allowing privilege escalation",
                "allowPrivilegeEscalation: false|||",
                "||'securityContext: {capabilities: {add: [NET_RAW]}}'|capability may not be added",
                "allowedCapabilities: ['*']||'securityContext: {capabilities: {add: [NET_RAW]}}'|",
                "'allowedCapabilities: [\"*\"], requiredDropCapabilities: [KILL]'||'securityContext: {capabilities: {add: [KILL]}}'|capability must be dropped",
                "|'securityContext: {sysctls: [{name: kernel.msgmax}]}'||unsafe sysctl is not allowed",
                "allowedUnsafeSysctls: ['kernel.msg*']|'securityContext: {sysctls: [{name: kernel.msgmax}]}'||",
                "forbiddenSysctls: ['kernel.*']|'securityContext: {sysctls: [{name: kernel.shm_rmid_forced}]}'||sysctl is not allowed",
                "||securityContext: {procMount: Unmasked}|ProcMountType is not allowed",
                "allowedProcMountTypes: [Unmasked]||securityContext: {procMount: Unmasked}|",
                "runtimeClass: {allowedRuntimeClassNames: [a]}|runtimeClassName: b||is not allowed to be used",
            })
    void violations_oneFieldAtATime(String policy, String pod, String container, String expected) {
        String fields = policy == null ? ANY : merged(policy);
        PodSecurityPolicy parsed = PodSecurityPolicy.parse(
                        yaml("{apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: p}, spec: {"
                                + fields + "}}"))
                .orThrow();
        JsonObject object = yaml("{kind: Pod, metadata: {name: p}, spec: {" + (pod == null ? "" : pod + ", ")
                + "containers: [{name: a" + (container == null ? "" : ", " + container) + "}]}}");
        if (expected == null) {
            assertThat(parsed.violations(object)).isEmpty();
        } else {
            assertThat(parsed.violations(object))
                    .singleElement()
                    .satisfies(v -> assertThat(v).contains(expected));
        }
    }

    @Test
    void seedPolicy_asItStands_isHeldWithWarnings() throws Exception {
        Path file = Path.of(System.getProperty("gitops4j.root", "../.."))
                .resolve("examples/infrastructure/policies/image-scanner-policy.yaml");
        Outcome<PodSecurityPolicy> parsed = PodSecurityPolicy.parse(yaml(Files.readString(file)));
        assertThat(parsed.problems().stream().map(Problem::text).toList())
                .anySatisfy(t -> assertThat(t).contains("removed in 1.25"))
                .anySatisfy(t -> assertThat(t).contains("no field spec.imagePullPolicy"));
        PodSecurityPolicy policy = parsed.orThrow();
        PodSecurityPolicyGate gate = new PodSecurityPolicyGate(List.of(policy));
        assertThat(gate.review(set("securityContext: {runAsUser: 0}")))
                .singleElement()
                .satisfies(p -> assertThat(p.text()).contains("unable to validate against any pod security policy"));
        assertThat(gate.review(set("image: x"))).isEmpty();
        assertThat(policy.migration().level()).isEqualTo(Level.BASELINE);
        assertThat(policy.migration().notCovered()).contains("runAsUser MustRunAsNonRoot");
    }

    private static ManifestSet set(String container) {
        return ManifestSet.of(List.of(Manifest.of(
                                yaml(
                                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {"
                                                + "containers: [{name: a, " + container + "}]}}}}"),
                                Origin.memory())
                        .orThrow()))
                .orThrow();
    }

    private static String merged(String policy) {
        StringBuilder out = new StringBuilder(policy);
        for (String field : List.of(
                "seLinux: {rule: RunAsAny}",
                "runAsUser: {rule: RunAsAny}",
                "fsGroup: {rule: RunAsAny}",
                "supplementalGroups: {rule: RunAsAny}",
                "volumes: ['*']")) {
            if (!policy.contains(field.substring(0, field.indexOf(':') + 1))) {
                out.append(", ").append(field);
            }
        }
        return out.toString();
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
