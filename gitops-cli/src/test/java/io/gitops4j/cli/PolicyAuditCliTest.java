package io.gitops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.http.FakeClusterServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyAuditCliTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop, labels: {owner: me}}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int audit(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "policy", "audit", "--policies", folder.resolve("policies").toString()));
        args.addAll(Arrays.asList(more));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return GitOpsCli.run(new PrintWriter(out), new PrintWriter(err, true), args.toArray(new String[0]));
    }

    private String[] embedded(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--state", folder.resolve("state").toString(),
                "--state-key", folder.resolve("state.key").toString(),
                "--at", "2029-12-31T00:00:00Z"));
        args.addAll(Arrays.asList(more));
        return args.toArray(new String[0]);
    }

    @BeforeEach
    void writePolicies() throws IOException {
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(folder.resolve("policies/owner.yaml"), """
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: k8sowned}
                spec:
                  crd: {spec: {names: {kind: K8sOwned}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    rego: |
                      package k8sowned
                      violation[{"msg": "it has <no> owner"}] { not input.review.object.metadata.labels.owner }
                ---
                apiVersion: constraints.gatekeeper.sh/v1beta1
                kind: K8sOwned
                metadata: {name: maps}
                spec: {match: {kinds: [{apiGroups: [""], kinds: [ConfigMap]}], namespaces: [shop]}}
                ---
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: legacy}
                spec: {policy: K8sOwned/maps, name: c, reason: moves out, expires: "2030-01-01T00:00:00Z"}
                """);
        Files.createDirectories(folder.resolve("state/clusters"));
        Files.writeString(folder.resolve("state/clusters/in-cluster.yaml"), OBJECTS);
    }

    @Test
    void audit_ofAnEmbeddedCluster_printsWhatConstraintsHaveAgainstIt() {
        assertThat(audit(embedded())).as(err.toString()).isEqualTo(1);
        assertThat(out.toString())
                .contains("in-cluster  deny      K8sOwned/maps  ConfigMap/shop/a  it has <no> owner\n")
                .contains("exempted  K8sOwned/maps  ConfigMap/shop/c  it has <no> owner (exempted until 2030-01-01")
                .contains("1 constraints, 1 violations")
                .doesNotContain("shop/b");
        String one = out.toString();
        assertThat(audit(embedded("--threads", "3", "--audit-chunk-size", "1"))).isEqualTo(1);
        assertThat(out.toString()).isEqualTo(one);
        assertThat(audit(embedded("--namespace", "default"))).isZero();
    }

    @Test
    void audit_asJsonYamlAndJUnit_saysTheSame() {
        assertThat(audit(embedded("-o", "json"))).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "\"cluster\":\"in-cluster\",\"auditTimestamp\":\"2029-12-31T00:00:00Z\",\"complete\":true",
                        "{\"name\":\"K8sOwned/maps\",\"totalViolations\":1}",
                        "\"object\":\"ConfigMap/shop/a\"");
        assertThat(audit(embedded("-o", "yaml"))).isEqualTo(1);
        assertThat(out.toString()).contains("totalViolations: 1", "object: ConfigMap/shop/a");
        assertThat(audit(embedded("-o", "junit"))).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "<testsuite name=\"gitops policy audit in-cluster\" tests=\"1\" failures=\"1\" errors=\"0\">",
                        "<failure>ConfigMap/shop/a: it has &lt;no&gt; owner</failure>",
                        "<system-out>ConfigMap/shop/c: ");
    }

    @Test
    void audit_withAPolicyThatCannotBeUsed_isAnErrorAndTheOthersRun() throws IOException {
        Files.writeString(
                folder.resolve("policies/lost.yaml"),
                "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sLost, metadata: {name: lost}}\n");

        assertThat(audit(embedded())).isEqualTo(20);
        assertThat(err.toString()).contains("lost.yaml:1", "no template defines the kind K8sLost");
        assertThat(out.toString()).contains("ConfigMap/shop/a", "not complete");
    }

    @Test
    void audit_thatWritesTheStatus_saysWhereThereIsNoConstraint() {
        assertThat(audit(embedded("--write-status"))).isEqualTo(20);
        assertThat(err.toString()).contains("in-cluster: the cluster serves no constraints of kind K8sOwned");
        assertThat(out.toString()).contains("ConfigMap/shop/a");
    }

    @Test
    void audit_ofContexts_needsTheirKubeconfig() {
        assertThat(audit("--context", "prod")).isEqualTo(2);
        assertThat(err.toString()).contains("--context is of a kubeconfig");
    }

    @Test
    void audit_overHttp_readsAndWritesTheStatus() throws IOException {
        FakeCluster cluster = FakeCluster.builder().name("prod").build();
        String crd = """
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: k8sowned.constraints.gatekeeper.sh}
                spec:
                  group: constraints.gatekeeper.sh
                  scope: Cluster
                  names: {kind: K8sOwned, plural: k8sowned, singular: k8sowned, listKind: K8sOwnedList}
                  versions:
                  - name: v1beta1
                    served: true
                    storage: true
                    subresources: {status: {}}
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                ---
                {apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sOwned, metadata: {name: maps}}
                """;
        for (JsonObject object :
                YamlReader.kubectl().readObjects("", OBJECTS + crd).orThrow()) {
            cluster.create(object, WriteOptions.defaults());
        }
        try (FakeClusterServer server = FakeClusterServer.start(cluster, 0)) {
            String kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig())
                    .toString();

            assertThat(audit("--kubeconfig", kubeconfig, "--write-status", "--at", "2029-12-31T00:00:00Z"))
                    .as(err.toString())
                    .isEqualTo(1);
        }
        assertThat(out.toString()).contains("prod", "ConfigMap/shop/a");
        JsonObject status = cluster.get(
                        ObjectRef.of(new Gvk("constraints.gatekeeper.sh", "v1beta1", "K8sOwned"), "", "maps"))
                .orElseThrow()
                .object("status");
        assertThat(status.text("auditTimestamp")).isEqualTo("2029-12-31T00:00:00Z");
        assertThat(status.array("violations").size()).isOne();
    }
}
