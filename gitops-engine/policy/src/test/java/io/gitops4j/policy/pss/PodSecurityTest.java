package io.gitops4j.policy.pss;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.manifest.ManifestSet;
import io.gitops4j.manifest.Origin;
import io.gitops4j.problem.Severity;
import io.gitops4j.spi.AdmissionHook;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
                "'securityContext: {appArmorProfile: {type: Unconfined}}'||BASELINE|v1.0|appArmorProfile",
                "'securityContext: {seLinuxOptions: {type: spc_t}}'||BASELINE|latest|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {user: u}}'||BASELINE|latest|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {type: container_engine_t}}'||BASELINE|v1.30|seLinuxOptions",
                "'securityContext: {seLinuxOptions: {type: container_engine_t}}'||BASELINE|v1.31|",
                "|securityContext: {procMount: Unmasked}|BASELINE|latest|procMount",
                "hostUsers: false|securityContext: {procMount: Unmasked}|BASELINE|v1.35|",
                "hostUsers: false|securityContext: {procMount: Unmasked}|BASELINE|v1.34|procMount",
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
                "hostUsers: false|GOOD|RESTRICTED|v1.35|seccompProfile_restricted",
                "'os: {name: windows}, securityContext: {runAsNonRoot: true}'||RESTRICTED|v1.25|",
                "'os: {name: windows}, securityContext: {runAsNonRoot: true}'||RESTRICTED|v1.24|allowPrivilegeEscalation capabilities_restricted seccompProfile_restricted",
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
                                + " \"b\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities"
                                + " (containers \"a\", \"b\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot"
                                + " != true (pod or containers \"a\", \"b\" must set securityContext.runAsNonRoot=true),"
                                + " seccompProfile (pod or containers \"a\", \"b\" must set"
                                + " securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");
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

    @Test
    void restricted_since135_refusesUnmaskedProcEvenInAUserNamespace() {
        JsonObject pod =
                yaml("{kind: Pod, spec: {hostUsers: false, securityContext: {seccompProfile: {type: RuntimeDefault}},"
                        + " containers: [{name: a, securityContext: {procMount: Unmasked, allowPrivilegeEscalation: false,"
                        + " capabilities: {drop: [ALL]}}}]}}");
        assertThat(PodSecurity.message(pod, Level.BASELINE, "v1.35")).isEmpty();
        assertThat(PodSecurity.message(pod, Level.RESTRICTED, "v1.35"))
                .endsWith("\"restricted:v1.35\": procMount (container \"a\" must not set securityContext.procMount to"
                        + " \"Unmasked\")");
        assertThat(PodSecurity.message(pod, Level.RESTRICTED, "v1.34")).contains("procMount", "runAsNonRoot");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enforce: strict|metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted",
                "audit: none|metadata.labels[pod-security.kubernetes.io/audit]: Invalid value: \"none\": must be one of",
                "warn: ''|Invalid value: \"\": must be one of",
                "enforce-version: '1.30'|Invalid value: \"1.30\": must be \"latest\" or \"v1.x\"",
                "enforce-version: v1.030|must be \"latest\" or \"v1.x\"",
            })
    void gate_labelsThatCannotBeRead_refuseTheNamespace_andHoldItsPodsAsTheServerDoes(String label, String why) {
        ManifestSet set = set(namespace(label), pod("{}"));
        assertThat(PodSecurityGate.byLabels().review(set)).anySatisfy(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.text()).contains("Namespace \"app\" is invalid: ", why);
        });
        // enforce fails closed, the others open
        assertThat(PodSecurityGate.byLabels().review(set).stream()
                        .filter(p -> p.text().contains("Pod/")))
                .hasSize(label.startsWith("enforce: ") ? 1 : 0);
        JsonObject labelled = yaml(namespace(label));
        assertThat(review("CREATE", labelled, null).denials())
                .singleElement()
                .asString()
                .contains(why);
        assertThat(review("UPDATE", labelled, labelled).denials()).isEmpty();
        assertThat(review("UPDATE", labelled, yaml(namespace("warn: baseline"))).denials())
                .hasSize(1);
    }

    @Test
    void gate_modesAndVersions_asTheServerSaysThem() {
        String spec = "{hostNetwork: true, containers: [{name: a, livenessProbe: {httpGet: {host: x}}}]}";
        assertThat(said("enforce: baseline", spec)).containsExactly("deny PodSecurity/baseline");
        assertThat(said(
                        "enforce: baseline, enforce-version: v1.33",
                        spec.replace("hostNetwork: true", "hostNetwork: false")))
                .isEmpty();
        assertThat(said("warn: baseline, warn-version: v1.0", spec)).containsExactly("warn PodSecurity/baseline");
        assertThat(said("audit: restricted, enforce: baseline", spec))
                .containsExactly("deny PodSecurity/baseline", "audit PodSecurity/restricted");
        // without a label of its own, a warning goes as far as what is enforced: here workloads are only warned about
        Manifest deployment = manifest("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: app},"
                + " spec: {template: {spec: " + spec + "}}}");
        assertThat(PodSecurityGate.byLabels()
                        .review(new AdmissionHook.Request(
                                "CREATE", deployment.body(), null, "", "u", yaml(namespace("enforce: baseline")))))
                .satisfies(review -> {
                    assertThat(review.denials()).isEmpty();
                    assertThat(review.warnings())
                            .singleElement()
                            .asString()
                            .startsWith(
                                    "would violate PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)");
                });
    }

    @Test
    void gate_updatesAndSubresources_areLookedAtAsByThePlugin() {
        JsonObject bad = yaml(pod("{hostNetwork: true, containers: [{name: a, image: i}]}"));
        JsonObject other = yaml(pod("{hostNetwork: true, containers: [{name: a, image: j}]}"));
        JsonObject namespace = yaml(namespace("enforce: baseline"));
        PodSecurityGate gate = PodSecurityGate.byLabels();
        assertThat(gate.review(new AdmissionHook.Request("UPDATE", bad, bad, "", "u", namespace))
                        .denials())
                .isEmpty();
        assertThat(gate.review(new AdmissionHook.Request("UPDATE", bad, other, "", "u", namespace))
                        .denials())
                .hasSize(1);
        assertThat(gate.review(new AdmissionHook.Request("UPDATE", bad, other, "status", "u", namespace))
                        .denials())
                .isEmpty();
        assertThat(gate.review(new AdmissionHook.Request("UPDATE", bad, other, "ephemeralcontainers", "u", namespace))
                        .denials())
                .hasSize(1);
    }

    @Test
    void configuration_setsDefaultsAndExemptions() {
        PodSecurityGate gate = PodSecurityGate.configured(
                PodSecurityConfiguration.parse(yaml("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: AdmissionConfiguration
                plugins:
                - name: PodSecurity
                  configuration:
                    apiVersion: pod-security.admission.config.k8s.io/v1
                    kind: PodSecurityConfiguration
                    defaults: {enforce: baseline, enforce-version: v1.30, warn: restricted}
                    exemptions: {usernames: [root], runtimeClasses: [kata], namespaces: [kube-system]}
                """)).orThrow());
        String bad = "{hostNetwork: true, containers: [{name: a}]}";
        assertThat(gate.review(set(pod(bad))))
                .extracting(p -> p.severity())
                .containsExactly(Severity.ERROR, Severity.WARNING);
        assertThat(gate.review(set(pod(bad.replace("hostNetwork", "runtimeClassName: kata, hostNetwork")))))
                .isEmpty();
        assertThat(gate.review(set(pod(bad).replace("namespace: app", "namespace: kube-system"))))
                .isEmpty();
        assertThat(gate.review(set(namespace("enforce: privileged, warn: privileged"), pod(bad))))
                .isEmpty();
        assertThat(gate.review(new AdmissionHook.Request("CREATE", yaml(pod(bad)), null, "", "root", null))
                        .denials())
                .isEmpty();
        assertThat(gate.review(set(namespace("enforce: restricted").replace("name: app", "name: kube-system"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .endsWith("namespace \"kube-system\" is exempt from Pod Security, and the policy"
                                + " (enforce=restricted:v1.30) will be ignored"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "defaults: {enforce: strict}|defaults.enforce|must be one of",
                "defaults: {warn-version: '1.2'}|defaults.warn-version|must be \"latest\"",
                "defaults: {enforced: baseline}|defaults.enforced|unknown field",
                "exemption: {}|exemption|unknown field",
                "exemptions: {namespaces: [A_B]}|exemptions.namespaces[0]|must be a name",
                "exemptions: {usernames: ['']}|exemptions.usernames[0]|must be a name",
                "exemptions: {runtimeClasses: [a, a]}|exemptions.runtimeClasses[1]|Duplicate value",
            })
    void configuration_thatCannotBeRead_isAProblemAtItsField(String part, String field, String why) {
        assertThat(PodSecurityConfiguration.parse(yaml("{apiVersion: pod-security.admission.config.k8s.io/v1,"
                                + " kind: PodSecurityConfiguration, " + part + "}"))
                        .errors())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("POD_SECURITY_CONFIGURATION");
                    assertThat(problem.where().file()).isEqualTo(field);
                    assertThat(problem.text()).contains(why);
                });
    }

    private static AdmissionHook.Review review(String operation, JsonObject object, @Nullable JsonObject old) {
        return PodSecurityGate.byLabels().review(new AdmissionHook.Request(operation, object, old, "", "u", null));
    }

    private static List<String> said(String labels, String spec) {
        return PodSecurityGate.byLabels()
                .audit(List.of(manifest(namespace(labels)), manifest(pod(spec))))
                .get(1)
                .stream()
                .map(violation -> violation.action() + " " + violation.policy())
                .toList();
    }

    private static String namespace(String labels) {
        String full =
                ("{" + labels + "}").replaceAll("(enforce|audit|warn)(-version)?:", "pod-security.kubernetes.io/$1$2:");
        return "{apiVersion: v1, kind: Namespace, metadata: {name: app, labels: " + full + "}}";
    }

    private static String pod(String spec) {
        return "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: app}, spec: "
                + (spec.equals("{}") ? "{containers: [{name: a}]}" : spec) + "}";
    }

    private static ManifestSet set(String... objects) {
        return ManifestSet.of(
                        Arrays.stream(objects).map(PodSecurityTest::manifest).toList())
                .orThrow();
    }

    private static Manifest manifest(String yaml) {
        return Manifest.of(yaml(yaml), Origin.memory()).orThrow();
    }

    private static JsonObject yaml(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }
}
