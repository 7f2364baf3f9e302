package io.gitops4j.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.Health;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.manifest.ResourceKey;
import io.gitops4j.spi.AdmissionHook;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.ApiServerModel;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which dry runs of a sync reach the server. */
class ForesightTest {
    private FakeCluster cluster = FakeCluster.builder().namespaces("shop").build();
    private SyncSettings settings = SyncSettings.defaults();

    @BeforeEach
    void server() {
        settings = settings.withOptions(List.of("ServerSideApply=true"));
    }

    @Test
    void newObjectsThatNothingStandsInTheWayOf_areNotTriedOutOnTheServer() {
        SyncResult result = sync(maps(40));

        assertThat(result.succeeded()).as(result.status().message()).isTrue();
        assertThat(dryRuns()).isZero();
        assertThat(cluster.journal().changes()).hasSize(40);
        assertThat(cluster.journal().calls().size())
                .as("questions are asked once")
                .isLessThan(55);
    }

    @Test
    void clientSideApply_isForeseenAsWell() {
        settings = SyncSettings.defaults();
        SyncResult result = sync(maps(40));

        assertThat(result.succeeded()).as(result.status().message()).isTrue();
        assertThat(dryRuns()).isZero();
    }

    @Test
    void fewObjects_areTriedOut() {
        sync(maps(Foresight.WORTHWHILE - 1));
        assertThat(dryRuns()).isEqualTo(Foresight.WORTHWHILE - 1);
    }

    @Test
    void theOptionDryRunServer_triesAllOut() {
        settings = settings.withOptions(List.of("DryRun=server"));
        sync(maps(20));
        assertThat(dryRuns()).isEqualTo(20);
    }

    @Test
    void aDryRunThatIsAskedFor_isDoneByTheServer() {
        settings = settings.withDryRun(true);
        SyncResult result = sync(maps(20));
        assertThat(result.succeeded()).isTrue();
        assertThat(dryRuns()).isEqualTo(20);
        assertThat(cluster.journal().changes()).isEmpty();
    }

    @Test
    void aFaultInAnObject_isFoundBeforeAnyWrite_andOnlyThatObjectIsAskedFor() {
        String bad = """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: bad}
                spec:
                  replicas: -1
                  selector: {matchLabels: {app: bad}}
                  template:
                    metadata: {labels: {app: bad}}
                    spec: {containers: [{name: c, image: c}]}
                """;
        SyncResult result = sync(maps(20) + bad + bad.replace("bad", "good").replace("-1", "1"));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.status().results().toString()).contains("spec.replicas: Invalid value: -1");
        assertThat(cluster.journal().changes()).isEmpty();
        assertThat(dryRuns()).isEqualTo(1);
    }

    @Test
    void aWebhookThatLooksAtTheKind_isAsked() {
        cluster.create(Yaml.object("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: guard}
                        webhooks:
                          - name: guard.example.com
                            admissionReviewVersions: [v1]
                            sideEffects: None
                            clientConfig: {url: "https://guard.example.com"}
                            rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
                        """), WriteOptions.defaults());
        cluster.admit(request -> request.object() != null
                        && request.object().object("metadata").text("name", "").equals("m7")
                ? new AdmissionHook.Review(List.of("not m7"), List.of(), Optional.empty())
                : AdmissionHook.Review.allowed());
        SyncResult result = sync(maps(20) + secrets(20));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.status().results().toString()).contains("not m7");
        assertThat(cluster.journal().changes()).isEmpty();
        assertThat(dryRuns()).as("ConfigMaps alone").isEqualTo(20);
    }

    @Test
    void aPolicyAboutEverything_isAsked() {
        cluster.create(Yaml.object("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: guard}
                        spec:
                          matchConstraints:
                            resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]
                          validations: [{expression: "true"}]
                        """), WriteOptions.defaults());
        sync(maps(20));
        assertThat(dryRuns()).isEqualTo(20);
    }

    @Test
    void aQuotaInTheNamespace_isAsked() {
        cluster.create(
                Yaml.object("{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop},"
                        + " spec: {hard: {configmaps: '19'}}}"),
                WriteOptions.defaults());
        sync(maps(20));
        assertThat(dryRuns()).isEqualTo(20);
    }

    @Test
    void aNamespaceThatComesWithTheSync_hasNoLimits() {
        String namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n---\n";
        SyncResult result = sync(namespace + maps(20), "fresh", cluster);
        assertThat(result.succeeded()).as(result.status().message()).isTrue();
        assertThat(dryRuns()).as("the Namespace alone").isEqualTo(1);
    }

    @Test
    void whatTheUserMayNotDo_isFoundBeforeAnyWrite() {
        cluster = FakeCluster.builder().namespaces("shop").rbac(true).build();
        for (String each : List.of(
                "{kind: ClusterRole, metadata: {name: reads}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: [get, list]}]}",
                "{kind: ClusterRoleBinding, metadata: {name: reads}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind:"
                        + " ClusterRole, name: reads}, subjects: [{kind: User, name: jane}]}",
                "{kind: Role, metadata: {name: maps, namespace: shop}, rules: [{apiGroups: [''], resources: [configmaps],"
                        + " verbs: [create, patch]}]}",
                "{kind: RoleBinding, metadata: {name: maps, namespace: shop}, roleRef: {apiGroup:"
                        + " rbac.authorization.k8s.io, kind: Role, name: maps}, subjects: [{kind: User, name: jane}]}")) {
            cluster.create(
                    Yaml.object("{apiVersion: rbac.authorization.k8s.io/v1, " + each.substring(1)),
                    WriteOptions.defaults());
        }
        SyncResult result = sync(maps(20) + secrets(20), "shop", cluster.as("jane"));

        assertThat(result.succeeded()).isFalse();
        assertThat(result.status().results().toString()).containsIgnoringCase("Forbidden");
        assertThat(cluster.journal().changes()).isEmpty();
        assertThat(dryRuns()).as("Secrets alone").isEqualTo(20);
    }

    @Test
    void kindsWithoutAModel_areTriedOut() {
        StringBuilder policies = new StringBuilder(maps(20));
        for (int i = 0; i < 20; i++) {
            policies.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p")
                    .append(i)
                    .append("}\nspec: {podSelector: {}}\n");
        }
        sync(policies.toString());
        assertThat(dryRuns()).isEqualTo(20);
    }

    @Test
    void objectsThatAreThereAlready_areTriedOut() {
        sync(maps(20));
        sync(maps(20).replace("value", "other"));
        assertThat(dryRuns()).isEqualTo(20);
    }

    // ---- small things

    private long dryRuns() {
        return cluster.journal().calls().stream()
                .filter(Call::dryRun)
                .filter(call -> !call.ref().gvk().kind().endsWith("Review"))
                .count();
    }

    private static String maps(int count) {
        return many(count, "ConfigMap", "data: {key: value}");
    }

    private static String secrets(int count) {
        return many(count, "Secret", "stringData: {key: value}");
    }

    private static String many(int count, String kind, String data) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < count; i++) {
            out.append("---\napiVersion: v1\nkind: ")
                    .append(kind)
                    .append("\nmetadata: {name: m")
                    .append(i)
                    .append("}\n")
                    .append(data)
                    .append('\n');
        }
        return out.toString();
    }

    private SyncResult sync(String yaml) {
        return sync(yaml, "shop", cluster);
    }

    private SyncResult sync(String yaml, String namespace, Cluster as) {
        Kinds kinds = Kinds.of(cluster);
        ResourceIndex index = ResourceIndex.read(as, kinds, ResourceTracking.byAnnotation());
        List<ResourceKey> keys = new ArrayList<>();
        Yaml.manifests(yaml)
                .forEach(manifest -> keys.add(
                        kinds.namespaced(manifest.gvk()) ? manifest.key().inNamespace(namespace) : manifest.key()));
        Plan plan = Planner.plan(PlanRequest.builder("app", namespace)
                        .desired(Yaml.manifests(yaml))
                        .live(index.of("app", keys))
                        .kinds(kinds)
                        .comparer(DiffComparer.plain())
                        .settings(settings)
                        .revision("0123456789abcdef")
                        .now(cluster.time().instant())
                        .build())
                .orThrow();
        cluster.journal().clear();
        return new SyncRunner(as, DiffComparer.plain(), live -> Optional.of(new Health(Health.Status.HEALTHY, "")))
                .withModel(new ApiServerModel())
                .run(plan, cluster.time());
    }
}
