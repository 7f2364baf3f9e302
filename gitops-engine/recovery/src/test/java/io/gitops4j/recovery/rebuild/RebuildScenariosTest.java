package io.gitops4j.recovery.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.MortalCluster;
import io.gitops4j.recovery.rebuild.RebuildReport.Result;
import io.gitops4j.recovery.restore.MemoryRestoreJournal;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The scenarios DR01 to DR06, and kills. */
class RebuildScenariosTest {
    private static final Gvk DEFINITION = new Gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    private static final Gvk WEBHOOK = new Gvk("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration");

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private static final String GUARD = """
            apiVersion: v1
            kind: Service
            metadata: {name: guard}
            spec: {selector: {app: guard}, ports: [{port: 443}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: guard}
            spec:
              replicas: 1
              selector: {matchLabels: {app: guard}}
              template:
                metadata: {labels: {app: guard}}
                spec: {containers: [{name: guard, image: "guard:1"}]}
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: guard}
            webhooks:
            - name: guard.example.com
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Fail
              clientConfig: {service: {name: guard, namespace: platform}}
              rules: [{apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [widgets]}]
            """;

    private static List<JsonObject> objects(String yaml) {
        return YamlReader.kubectl().readObjects("git.yaml", yaml).orThrow();
    }

    private static RebuildTarget target(String name, String namespace, List<String> dependsOn, String yaml) {
        return new RebuildTarget(name, namespace, dependsOn, objects(yaml));
    }

    private static RebuildTarget app(String name, String... dependsOn) {
        return target(name, "apps", List.of(dependsOn), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %1$s}
                data: {a: b}
                ---
                apiVersion: example.com/v1
                kind: Widget
                metadata: {name: %1$s}
                spec: {size: 1}
                """.formatted(name));
    }

    private static FakeCluster cluster() {
        return FakeCluster.builder().name("new").workloads().build();
    }

    private static Rebuilder rebuilder(Cluster cluster, FakeCluster real) {
        return Rebuilder.of(cluster, real.time(), real.time()::advance);
    }

    private static RebuildPlan plan(RebuildTarget... targets) {
        return RebuildPlan.of(List.of(targets), List.of()).orThrow();
    }

    private static Result result(RebuildReport report, String unit) {
        return report.units().stream()
                .filter(done -> done.unit().id().equals(unit))
                .findFirst()
                .orElseThrow()
                .result();
    }

    @Test
    void dr01_fortyAppsInAnyOrder_areRebuiltInOneRun() {
        List<RebuildTarget> targets = new ArrayList<>();
        targets.add(target("widgets", "platform", List.of(), WIDGETS));
        targets.add(target("guard", "platform", List.of(), GUARD));
        for (int i = 0; i < 38; i++) {
            targets.add(i == 0 ? app("app-0") : app("app-" + i, "app-" + (i - 1) / 2));
        }
        Collections.shuffle(targets, new Random(7));
        FakeCluster cluster = cluster();
        RebuildPlan plan = RebuildPlan.of(targets, List.of()).orThrow();
        RebuildReport report = rebuilder(cluster, cluster).run(plan);

        assertThat(report.complete()).as(report.toJson().toJson()).isTrue();
        assertThat(Given.all(cluster, new Gvk("example.com", "v1", "Widget"))).hasSize(38);
        assertThat(cluster.get(ObjectRef.of(WEBHOOK, "", "guard"))).isPresent();
        assertThat(cluster.journal().writes()).allMatch(call -> call.code() < 400);
        assertThat(report.rto()).isPositive();
        assertThat(report.criticalPath()).isNotEmpty();
        assertThat(report.units().get(report.units().size() - 1).unit().id()).isEqualTo("admission/guard");
        Collections.reverse(targets);
        assertThat(RebuildPlan.of(targets, List.of()).orThrow().toJson()).isEqualTo(plan.toJson());
        assertThat(rebuilder(cluster, cluster).run(plan).complete()).isTrue();
    }

    /** A cluster whose definitions are established only after a while. */
    private static Cluster slow(FakeCluster cluster, Duration delay, Map<Long, Integer> probes) {
        Instant from = cluster.time().instant();
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, args) -> {
                    try {
                        Object answer = method.invoke(cluster, args);
                        boolean early = cluster.time().instant().isBefore(from.plus(delay));
                        if (method.getName().equals("get")
                                && answer instanceof Optional<?> found
                                && found.isPresent()
                                && found.get() instanceof JsonObject object
                                && object.text("kind", "").equals(DEFINITION.kind())) {
                            probes.merge(cluster.time().instant().getEpochSecond(), 1, Integer::sum);
                            return early ? Optional.of(object.without("status")) : answer;
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    @Test
    void dr02_definitionEstablishedLate_isWaitedForWithoutAHotLoop() {
        FakeCluster real = cluster();
        Map<Long, Integer> probes = new TreeMap<>();
        RebuildReport report = rebuilder(slow(real, Duration.ofSeconds(20), probes), real)
                .run(plan(target("widgets", "platform", List.of(), WIDGETS), app("web")));

        assertThat(report.complete()).as(report.toJson().toJson()).isTrue();
        assertThat(report.rto()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(25));
        List<Integer> each = new ArrayList<>(probes.values());
        assertThat(each.subList(1, each.size() - 1)).allMatch(count -> count <= 1);
    }

    @Test
    void dr03_definitionNeverEstablished_blocksOnlyWhatNeedsIt() {
        FakeCluster real = cluster();
        RebuildReport report = rebuilder(slow(real, Duration.ofDays(1), new TreeMap<>()), real)
                .run(plan(
                        target("widgets", "platform", List.of(), WIDGETS),
                        app("web"),
                        target(
                                "free",
                                "apps",
                                List.of(),
                                "{apiVersion: v1, kind: Service, metadata: {name: free},"
                                        + " spec: {ports: [{port: 80}]}}")));

        assertThat(report.complete()).isFalse();
        assertThat(report.units())
                .filteredOn(done -> done.unit().id().equals("custom resources/web"))
                .first()
                .satisfies(done -> {
                    assertThat(done.result()).isEqualTo(Result.BLOCKED);
                    assertThat(done.message()).isEqualTo("BLOCKED_BY CRD/widgets.example.com");
                });
        assertThat(result(report, "definitions/widgets")).isEqualTo(Result.FAILED);
        assertThat(result(report, "workloads/free")).isEqualTo(Result.HEALTHY);
    }

    @Test
    void dr04_webhookWithoutEndpoints_isNotInstalled_andBlocksNoWorkload() {
        FakeCluster real = cluster();
        String silent = GUARD.replace("selector: {app: guard}, ports", "selector: {app: nobody}, ports");
        RebuildReport report = rebuilder(real, real)
                .run(plan(
                        target("widgets", "platform", List.of(), WIDGETS),
                        target("guard", "platform", List.of(), silent),
                        app("web")));

        assertThat(real.get(ObjectRef.of(WEBHOOK, "", "guard"))).isEmpty();
        assertThat(result(report, "custom resources/web")).isEqualTo(Result.HEALTHY);
        assertThat(report.units())
                .filteredOn(done -> done.unit().id().equals("admission/guard"))
                .first()
                .extracting(RebuildReport.Done::message)
                .isEqualTo("BLOCKED_BY Service/guard");
    }

    @Test
    void dr05_circle_isNamed_andNothingOfItIsApplied() {
        FakeCluster real = cluster();
        RebuildReport report = rebuilder(real, real)
                .run(plan(target("widgets", "platform", List.of(), WIDGETS), app("a", "b"), app("b", "a"), app("c")));

        assertThat(report.units())
                .filteredOn(done -> done.result() == Result.BLOCKED)
                .extracting(RebuildReport.Done::message)
                .containsExactly("DEPENDENCY_CYCLE a→b→a", "DEPENDENCY_CYCLE a→b→a");
        assertThat(real.get(ObjectRef.of(Given.CONFIG_MAP, "apps", "a"))).isEmpty();
        assertThat(real.get(ObjectRef.of(Given.CONFIG_MAP, "apps", "c"))).isPresent();
    }

    @Test
    void dr06_sealedSecretsWithoutKey_stopBeforeAnything() {
        RebuildTarget sealed = target("web", "apps", List.of(), """
                apiVersion: bitnami.com/v1alpha1
                kind: SealedSecret
                metadata: {name: login}
                spec: {encryptedData: {password: AgB}}
                """);

        assertThat(RebuildPlan.of(List.of(sealed), List.of()).errors())
                .extracting(problem -> problem.code() + ": " + problem.text())
                .containsExactly("NO_KEY: no key in the escrow opens SealedSecret apps/login of web");
        RebuildPlan withKey = RebuildPlan.of(List.of(sealed), objects("""
                apiVersion: v1
                kind: Secret
                metadata: {name: sealing-key, namespace: kube-system}
                """)).orThrow();
        assertThat(withKey.units()).extracting(RebuildUnit::id).startsWith("namespaces/web", "keys/escrow");
    }

    @Test
    void killedAfterEveryCall_convergesAndCreatesNothingTwice() {
        RebuildPlan plan = plan(
                target("widgets", "platform", List.of(), WIDGETS),
                target("guard", "platform", List.of(), GUARD),
                app("web"));
        for (int call = 1; call < 400; call++) {
            for (boolean after : new boolean[] {false, true}) {
                FakeCluster real = cluster();
                MemoryRestoreJournal journal = new MemoryRestoreJournal();
                boolean killed = false;
                try {
                    rebuilder(new MortalCluster(real, call, after), real)
                            .journal(journal)
                            .run(plan);
                } catch (MortalCluster.Killed end) {
                    killed = true;
                }
                RebuildReport report = rebuilder(real, real).journal(journal).run(plan);
                assertThat(report.complete()).as("call " + call).isTrue();
                Map<String, Integer> created = new TreeMap<>();
                for (Call done : real.journal().changes()) {
                    if (done.code() == 201) {
                        created.merge(done.ref().toString(), 1, Integer::sum);
                    }
                }
                assertThat(created).hasSize(8);
                assertThat(created.values()).as("call " + call).allMatch(count -> count == 1);
                assertThat(Given.all(real, new Gvk("example.com", "v1", "Widget")))
                        .hasSize(1);
                assertThat(Given.live(real, Given.CONFIG_MAP, "apps", "web")
                                .object("metadata")
                                .text("uid"))
                        .isNotNull();
                if (!killed) {
                    assertThat(call).isGreaterThan(20);
                    return;
                }
            }
        }
        throw new AssertionError("the run has more calls than expected");
    }
}
