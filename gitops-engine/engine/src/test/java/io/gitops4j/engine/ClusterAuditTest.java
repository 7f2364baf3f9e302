package io.gitops4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Problem;
import io.gitops4j.spi.TaskRunner;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ClusterAuditTest {
    private static final Instant NOW = Instant.parse("2030-06-01T12:00:00.5Z");
    private static final Gvk OWNED = new Gvk("constraints.gatekeeper.sh", "v1beta1", "K8sOwned");

    private static final String TEMPLATE = """
            apiVersion: templates.gatekeeper.sh/v1
            kind: ConstraintTemplate
            metadata: {name: k8sowned}
            spec:
              crd: {spec: {names: {kind: K8sOwned}}}
              targets:
              - target: admission.k8s.gatekeeper.sh
                rego: |
                  package k8sowned
                  violation[{"msg": msg}] {
                    not input.review.object.metadata.labels.owner
                    msg := sprintf("%v has no owner: %v", [input.review.object.metadata.name, object.get(input.review.object, "data", {})])
                  }
            """;

    private static String owned(String name, String match) {
        return "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sOwned\nmetadata: {name: " + name
                + "}\nspec: {match: " + match + "}\n";
    }

    private static final String MAPS = "{kinds: [{apiGroups: [''], kinds: [ConfigMap]}], namespaces: [shop, bank]}";

    private static List<Manifest> policies(String text) {
        return YamlReader.kubectl().readPlaced("policies/all.yaml", text).orThrow();
    }

    private static JsonObject object(String text) {
        return (JsonObject) YamlReader.kubectl().read("", text).orThrow();
    }

    private static FakeCluster cluster(String... objects) {
        FakeCluster cluster = FakeCluster.create("prod");
        cluster.create(
                object("{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: gold}}}"),
                WriteOptions.defaults());
        cluster.create(object("{apiVersion: v1, kind: Namespace, metadata: {name: bank}}"), WriteOptions.defaults());
        for (String text : objects) {
            cluster.create(object(text), WriteOptions.defaults());
        }
        return cluster;
    }

    private static String map(String namespace, String name) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: " + namespace + ", name: " + name + "}}";
    }

    private static List<String> subjects(ClusterAudit.Report report) {
        return report.findings().stream()
                .map(found ->
                        found.violation().policy() + " " + found.violation().subject())
                .toList();
    }

    @Test
    void audit_byNamespaceSelector_knowsTheLabelsOfTheClustersNamespaces() {
        ClusterAudit.Report report = ClusterAudit.of(
                        policies(
                                TEMPLATE
                                        + owned(
                                                "gold",
                                                "{kinds: [{apiGroups: [''], kinds: [ConfigMap]}], namespaceSelector: {matchLabels: {tier: gold}}}")))
                .run(cluster(map("shop", "a"), map("bank", "b")), NOW);

        assertThat(report.problems()).isEmpty();
        assertThat(subjects(report)).containsExactly("K8sOwned/gold ConfigMap/shop/a");
        assertThat(report.findings().get(0).apiVersion()).isEqualTo("v1");
        assertThat(report.complete()).isTrue();
    }

    @Test
    void audit_inPagesAndByTasksInAnyOrder_saysTheSame() {
        List<String> maps = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            maps.add(map(i % 2 == 0 ? "shop" : "bank", "m" + i));
        }
        FakeCluster cluster = cluster(maps.toArray(new String[0]));
        ClusterAudit audit = ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS)));
        TaskRunner backwards = new TaskRunner() {
            @Override
            public <T> void run(List<? extends Supplier<? extends T>> tasks, Consumer<? super T> results) {
                List<T> reversed = new ArrayList<>();
                for (int i = tasks.size() - 1; i >= 0; i--) {
                    reversed.add(tasks.get(i).get());
                }
                for (int i = reversed.size() - 1; i >= 0; i--) {
                    results.accept(reversed.get(i));
                }
            }
        };

        ClusterAudit.Report whole = audit.run(cluster, NOW);

        assertThat(whole.findings()).hasSize(150);
        assertThat(audit.pages(7).run(cluster, NOW)).isEqualTo(whole);
        assertThat(audit.pages(140).tasks(backwards).run(cluster, NOW)).isEqualTo(whole);
        assertThat(audit.in("bank").run(cluster, NOW).findings()).hasSize(75);
    }

    @Test
    void audit_whosePagesExpire_beginsTheKindAgain() {
        FakeCluster cluster = cluster(map("shop", "a"), map("shop", "b"), map("shop", "c"));
        ClusterAudit audit =
                ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS))).pages(2);
        ClusterAudit.Report before = audit.run(cluster, NOW);
        cluster.inject(Fault.status(410, "Expired", "the continue token is too old")
                .on("list")
                .kind("ConfigMap")
                .after(1)
                .times(1));

        cluster.journal().clear();

        ClusterAudit.Report again = audit.run(cluster, NOW);

        assertThat(cluster.journal().toString()).contains("410");
        assertThat(before.findings()).hasSize(3);
        assertThat(again).isEqualTo(before);
    }

    @Test
    void audit_withAPolicyThatDoesNotCompile_isNotCompleteAndTheOthersRun() {
        ClusterAudit.Report report =
                ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS) + """
                        ---
                        apiVersion: templates.gatekeeper.sh/v1
                        kind: ConstraintTemplate
                        metadata: {name: k8sbroken}
                        spec:
                          crd: {spec: {names: {kind: K8sBroken}}}
                          targets:
                          - {target: admission.k8s.gatekeeper.sh, rego: "package k8sbroken\\nviolation[{"}
                        """)).run(cluster(map("shop", "a")), NOW);

        assertThat(report.complete()).isFalse();
        assertThat(report.problems())
                .anySatisfy(problem -> assertThat(problem.where().file()).isEqualTo("policies/all.yaml"));
        assertThat(subjects(report)).containsExactly("K8sOwned/maps ConfigMap/shop/a");
    }

    @Test
    void audit_whereOneKindCannotBeListed_namesItAndAuditsTheRest() {
        FakeCluster cluster = cluster(map("shop", "a"));
        cluster.inject(Fault.status(403, "Forbidden", "secrets is forbidden")
                .on("list")
                .kind("Secret"));

        ClusterAudit.Report report = ClusterAudit.of(policies(TEMPLATE
                        + owned(
                                "both",
                                "{kinds: [{apiGroups: [''], kinds: [ConfigMap, Secret]}], namespaces: [shop]}")))
                .run(cluster, NOW);

        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("AUDIT_LIST_FAILED");
            assertThat(problem.text()).contains("v1 Secret", "secrets is forbidden");
        });
        assertThat(report.complete()).isFalse();
        assertThat(subjects(report)).containsExactly("K8sOwned/both ConfigMap/shop/a");
    }

    @Test
    void audit_ofSecrets_showsNoValue() {
        ClusterAudit.Report report = ClusterAudit.of(
                        policies(TEMPLATE + owned("secrets", "{kinds: [{apiGroups: [''], kinds: [Secret]}]}")))
                .run(
                        cluster(
                                "{apiVersion: v1, kind: Secret, metadata: {namespace: shop, name: s}, stringData: {k: planted-value}}"),
                        NOW);

        assertThat(report.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.violation().message())
                        .contains("s has no owner")
                        .doesNotContain("planted-value", "cGxhbnRlZC12YWx1ZQ"));
    }

    @Test
    void audit_withConfigAndSyncSet_refersToWhatIsSyncedAndLeavesOutWhatIsExcluded() {
        String policies = """
                apiVersion: templates.gatekeeper.sh/v1
                kind: ConstraintTemplate
                metadata: {name: k8sunique}
                spec:
                  crd: {spec: {names: {kind: K8sUnique}}}
                  targets:
                  - target: admission.k8s.gatekeeper.sh
                    rego: |
                      package k8sunique
                      violation[{"msg": msg}] {
                        other := data.inventory.namespace[space].v1.ConfigMap[name]
                        name == input.review.object.metadata.name
                        space != input.review.object.metadata.namespace
                        msg := sprintf("%v is in %v too", [name, space])
                      }
                ---
                apiVersion: constraints.gatekeeper.sh/v1beta1
                kind: K8sUnique
                metadata: {name: maps}
                spec: {match: {kinds: [{apiGroups: [""], kinds: [ConfigMap]}]}}
                """;
        String sync = """
                ---
                apiVersion: syncset.gatekeeper.sh/v1alpha1
                kind: SyncSet
                metadata: {name: maps}
                spec: {gvks: [{group: "", version: v1, kind: ConfigMap}]}
                """;
        String config = """
                ---
                apiVersion: config.gatekeeper.sh/v1alpha1
                kind: Config
                metadata: {name: config, namespace: gatekeeper-system}
                spec:
                  match:
                  - {processes: [audit], excludedNamespaces: ["ba*"]}
                  - {processes: [sync], excludedNamespaces: [kube-root]}
                """;
        FakeCluster cluster = cluster(map("shop", "a"), map("bank", "a"));

        assertThat(ClusterAudit.of(policies(policies)).run(cluster, NOW).findings())
                .isEmpty();
        assertThat(subjects(ClusterAudit.of(policies(policies + sync)).run(cluster, NOW)))
                .containsExactly("K8sUnique/maps ConfigMap/bank/a", "K8sUnique/maps ConfigMap/shop/a");
        assertThat(subjects(ClusterAudit.of(policies(policies + sync + config)).run(cluster, NOW)))
                .containsExactly("K8sUnique/maps ConfigMap/shop/a");
    }

    @Test
    void audit_withExemptions_recordsThemUntilTheyExpire() {
        String exemption = """
                ---
                apiVersion: gitops4j.io/v1alpha1
                kind: PolicyExemption
                metadata: {name: legacy}
                spec: {policy: K8sOwned/maps, name: a, reason: moves out, expires: "2030-07-01T00:00:00Z"}
                """;
        ClusterAudit audit = ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS) + exemption));
        FakeCluster cluster = cluster(map("shop", "a"));

        assertThat(audit.run(cluster, NOW).findings()).singleElement().satisfies(found -> {
            assertThat(found.denies()).isFalse();
            assertThat(found.exemption()).isNotNull();
        });
        ClusterAudit.Report later = audit.run(cluster, Instant.parse("2030-07-01T00:00:00Z"));
        assertThat(later.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.denies()).isTrue());
        assertThat(later.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .isEqualTo("exemption legacy of ConfigMap/shop/a expired at 2030-07-01T00:00:00Z"));
    }

    private static FakeCluster withConstraints(FakeCluster cluster) {
        cluster.create(object("""
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
                """), WriteOptions.defaults());
        cluster.create(
                object("{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sOwned, metadata: {name: maps}}"),
                WriteOptions.defaults());
        return cluster;
    }

    @Test
    void status_ofAConstraint_holdsTheFirstViolationsTheTotalAndTheTime_andByPodStays() {
        FakeCluster cluster = withConstraints(cluster(map("shop", "a"), map("shop", "b"), map("shop", "c")));
        ObjectRef ref = ObjectRef.of(OWNED, "", "maps");
        cluster.patch(
                ref.sub("status"),
                PatchType.MERGE,
                object("{status: {byPod: [{id: audit-1}], totalViolations: 9}}"),
                WriteOptions.defaults());
        ClusterAudit audit = ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS)));

        assertThat(ConstraintStatus.write(cluster, audit.run(cluster, NOW), 2)).isEmpty();

        JsonObject status = cluster.get(ref).orElseThrow().object("status");
        assertThat(status.array("byPod").toJson()).isEqualTo("[{\"id\":\"audit-1\"}]");
        assertThat(status.text("auditTimestamp")).isEqualTo("2030-06-01T12:00:00Z");
        assertThat(String.valueOf(status.get("totalViolations"))).isEqualTo("3");
        JsonArray violations = status.array("violations");
        assertThat(violations.size()).isEqualTo(2);
        assertThat(violations.get(0).toJson())
                .isEqualTo("{\"enforcementAction\":\"deny\",\"group\":\"\",\"version\":\"v1\",\"kind\":\"ConfigMap\","
                        + "\"name\":\"a\",\"namespace\":\"shop\",\"message\":\"a has no owner: {}\"}");

        for (String name : List.of("a", "b", "c")) {
            cluster.patch(
                    ObjectRef.of(new Gvk("", "v1", "ConfigMap"), "shop", name),
                    PatchType.MERGE,
                    object("{metadata: {labels: {owner: x}}}"),
                    WriteOptions.defaults());
        }
        assertThat(ConstraintStatus.write(cluster, audit.run(cluster, NOW), 2)).isEmpty();
        JsonObject clean = cluster.get(ref).orElseThrow().object("status");
        assertThat(clean.has("violations")).isFalse();
        assertThat(String.valueOf(clean.get("totalViolations"))).isEqualTo("0");
    }

    @Test
    void status_inAClusterWithoutTheConstraint_isAProblem() {
        ClusterAudit audit = ClusterAudit.of(policies(TEMPLATE + owned("maps", MAPS) + owned("others", MAPS)));
        FakeCluster bare = cluster(map("shop", "a"));

        assertThat(ConstraintStatus.write(bare, audit.run(bare, NOW), 20).stream()
                        .map(Problem::code)
                        .toList())
                .containsExactly("CONSTRAINT_NOT_SERVED");
        FakeCluster some = withConstraints(cluster(map("shop", "a")));
        assertThat(ConstraintStatus.write(some, audit.run(some, NOW), 20))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("CONSTRAINT_STATUS");
                    assertThat(problem.text()).contains("K8sOwned/others");
                });
    }
}
