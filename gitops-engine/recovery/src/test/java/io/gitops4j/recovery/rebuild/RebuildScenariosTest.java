package io.gitops4j.recovery.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.Given;
import io.gitops4j.recovery.MortalCluster;
import io.gitops4j.recovery.rebuild.RebuildReport.Result;
import io.gitops4j.recovery.report.RtoModel;
import io.gitops4j.recovery.restore.MemoryRestoreJournal;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.GitRender;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotResult;
import io.gitops4j.recovery.snapshot.SnapshotStore;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
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

/** The scenarios DR01 to DR07 and DR40. */
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

    private static final String HOOKED = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: hooked}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: migrate
              annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: BeforeHookCreation}
            spec:
              template: {spec: {restartPolicy: Never, containers: [{name: job, image: "job:1"}]}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: hooked}
            spec:
              replicas: 1
              selector: {matchLabels: {app: hooked}}
              template:
                metadata: {labels: {app: hooked}}
                spec: {containers: [{name: hooked, image: "hooked:1"}]}
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
        assertThat(report.units())
                .filteredOn(done -> done.unit().stage() != RebuildStage.VERIFICATION)
                .last()
                .extracting(done -> done.unit().id())
                .isEqualTo("admission/guard");
        assertThat(report.units())
                .filteredOn(done -> done.unit().stage() == RebuildStage.VERIFICATION)
                .hasSize(40)
                .allMatch(done -> done.result() == Result.HEALTHY);
        assertThat(report.applications()).hasSize(40);
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
    }

    private static JsonObject sealed(String name, SealingKey key, SecureRandom random) {
        SecretObject secret = SecretObject.of(Given.object(
                "{apiVersion: v1, kind: Secret, metadata: {name: %s, namespace: apps}, stringData: {p: canary-6}}"
                        .formatted(name)));
        return SealedSecrets.plain()
                .seal(secret, key.publicKey(), SealScope.STRICT, random)
                .orThrow();
    }

    @Test
    void dr06_oneKeyOfTwo_namesEachSealedObjectThatStaysShut() {
        SecureRandom random = new SecureRandom();
        SealingKey escrowed = KeyGeneration.generate(2048, Instant.EPOCH, Duration.ofDays(3650), random);
        SealingKey lost = KeyGeneration.generate(2048, Instant.EPOCH, Duration.ofDays(3650), random);
        JsonObject key = escrowed.toSecret("kube-system", "sealing-key");
        RebuildTarget web = new RebuildTarget(
                "web", "apps", List.of(), List.of(sealed("opens", escrowed, random), sealed("shut", lost, random)));
        RebuildTarget encrypted = target("files", "apps", List.of(), """
                apiVersion: v1
                kind: Secret
                metadata: {name: login}
                stringData: {p: "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]"}
                sops: {mac: x, lastmodified: x, age: [{recipient: age1abc, enc: x}]}
                """);

        assertThat(RebuildPlan.of(List.of(web, encrypted), List.of(key)).errors())
                .extracting(problem -> problem.code() + ": " + problem.text())
                .containsExactly(
                        "NO_KEY: Secret apps/login of files is still encrypted for age1abc",
                        "NO_KEY: no key in the escrow opens SealedSecret apps/shut of web");
        RebuildTarget open = new RebuildTarget(
                "web", "apps", List.of(), List.of(web.objects().get(0)));
        assertThat(RebuildPlan.of(List.of(open), List.of(key)).orThrow().units())
                .extracting(RebuildUnit::id)
                .startsWith("namespaces/web", "keys/escrow");
    }

    @Test
    void dr07_rebuildKilledAfterEveryCall_convergesAndCreatesNothingTwice() {
        RebuildPlan plan = plan(
                target("widgets", "platform", List.of(), WIDGETS),
                target("guard", "platform", List.of(), GUARD),
                target("hooked", "apps", List.of(), HOOKED),
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
                assertThat(created).as("call " + call).hasSize(11);
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

    private static final String SECRET =
            "{apiVersion: v1, kind: Secret, metadata: {name: login}, stringData: {password: canary-40}}";

    private static GitRender render(RebuildTarget target) {
        return new GitRender("c0ffee", target.namespace(), target.dependsOn(), target.objects());
    }

    @Test
    void dr40_gitUnreachable_rebuildsFromTheRendersOfTheSnapshot_ifAllowed_andSaysSo() {
        AgeIdentity identity = Given.identity();
        MemorySnapshotStore store = new MemorySnapshotStore();
        FakeCluster production = Given.shop("production");
        RebuildTarget widgets = target("widgets", "platform", List.of(), WIDGETS);
        List<JsonObject> objects = new ArrayList<>(app("web").objects());
        objects.addAll(objects(SECRET));
        RebuildTarget web = new RebuildTarget("web", "apps", List.of("widgets"), objects);
        Snapshotter.Options options = Snapshotter.into(store, production.time())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .renders(Map.of("web", render(web), "widgets", render(widgets)));
        options.take(production).orThrow();
        assertThat(options.take(production).orThrow().blobsAdded())
                .as("unchanged renders add nothing")
                .isZero();
        store.list("")
                .forEach(key -> assertThat(store.get(key).orElseThrow().utf8())
                        .as(key)
                        .doesNotContain("canary-40", "Y2FuYXJ5LTQw"));

        Outcome<RebuildTarget> silent = Outcome.failed(Problem.error("GIT_UNREACHABLE", "no route to host"));
        RebuildPlan refused = RebuildSources.gitOnly()
                .add("web", silent)
                .add("widgets", Outcome.of(widgets))
                .plan(List.of())
                .orThrow();
        assertThat(refused.refused()).containsOnlyKeys("web");
        assertThat(refused.refused().get("web").code()).isEqualTo("GIT_UNREACHABLE");

        CachedRenders cache = CachedRenders.of(SnapshotChain.in(store), AgeSealing.opener(List.of(identity)))
                .orThrow();
        RebuildSources sources =
                RebuildSources.allowingCachedRenders(cache).add("web", silent).add("widgets", Outcome.of(widgets));
        assertThat(sources.notes()).singleElement().satisfies(note -> {
            assertThat(note.code()).isEqualTo("CACHED_RENDER");
            assertThat(note.text()).contains("web", "c0ffee", "no route to host");
        });
        FakeCluster fresh = cluster();
        RebuildReport report = rebuilder(fresh, fresh)
                .recorded(SnapshotChain.in(store).head().orThrow())
                .run(sources.plan(List.of()).orThrow());

        assertThat(report.complete()).as(report.toJson().toJson()).isTrue();
        assertThat(report.cached()).containsExactly(Map.entry("web", "c0ffee"));
        assertThat(report.toJson().object("cachedRenders").text("web")).isEqualTo("c0ffee");
        assertThat(Given.live(fresh, Given.SECRET, "apps", "login")
                        .object("data")
                        .has("password"))
                .isTrue();
        assertThat(report.notRebuilt())
                .extracting(lost -> lost.why() + " " + lost.key())
                .contains("LIVE_ONLY ConfigMap/shop/settings", "LIVE_ONLY apps/Deployment/shop/web")
                .doesNotContain("LIVE_ONLY Namespace//default");
    }

    @Test
    void dr40_noListOfApplications_bringsAllThatTheSnapshotKept() {
        MemorySnapshotStore store = new MemorySnapshotStore();
        FakeCluster production = FakeCluster.create("production");
        SnapshotResult taken = Snapshotter.into(store, production.time())
                .renders(Map.of("free", render(target("free", "apps", List.of(), SECRET))))
                .take(production)
                .orThrow();
        assertThat(taken.problems()).extracting(Problem::code).containsExactly("RENDER_WITHOUT_SECRETS");
        Problem gone = Problem.error("NOT_FOUND", "there is no repository");
        RebuildSources sources = RebuildSources.allowingCachedRenders(
                        CachedRenders.of(SnapshotChain.in(store), null).orThrow())
                .addAllCached(gone)
                .add("other", Outcome.failed(gone));

        assertThat(sources.notes())
                .extracting(Problem::code)
                .containsExactly("CACHED_RENDER", "RENDER_WITHOUT_SECRETS", "NOT_FOUND");
        RebuildPlan plan = sources.plan(List.of()).orThrow();
        assertThat(plan.cached()).containsOnlyKeys("free");
        assertThat(plan.refused().get("other").code()).isEqualTo("NO_CACHED_RENDER");

        String blob = SnapshotChain.in(store).head().orThrow().renders().get(0).blob();
        store.remove(SnapshotStore.blob(blob));
        assertThat(SnapshotChain.in(store).verify().code().name()).isEqualTo("MISSING_BLOB");
        assertThat(CachedRenders.of(SnapshotChain.in(store), null).errors())
                .extracting(Problem::code)
                .containsExactly("MISSING_BLOB");
    }

    private static String claim(String name) {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                ---
                """.formatted(name);
    }

    private static String user(String name, String claim) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  containers: [{name: c, image: "c:1"}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: %s}}]
                ---
                """.formatted(name, claim);
    }

    @Test
    void objectsThatNeedEachOther_comeInLayers_acrossApplicationsInParts() {
        RebuildPlan plan = plan(
                target("a", "apps", List.of(), claim("of-a") + user("a", "of-b")),
                target("b", "apps", List.of(), claim("of-b") + user("b", "of-a")));

        assertThat(plan.units())
                .filteredOn(unit -> unit.stage() == RebuildStage.WORKLOADS)
                .extracting(unit -> unit.id() + " " + names(unit.layers()))
                .containsExactly(
                        "workloads/a [[PersistentVolumeClaim/of-a]]",
                        "workloads/b [[PersistentVolumeClaim/of-b, Pod/b]]",
                        "workloads/a#2 [[Pod/a]]");
        assertThat(plan.units())
                .filteredOn(unit -> unit.id().equals("workloads/a#2"))
                .singleElement()
                .satisfies(unit -> assertThat(unit.requires()).containsExactly("workloads/b"));
    }

    private static List<List<String>> names(List<List<JsonObject>> layers) {
        return layers.stream()
                .map(layer -> layer.stream().map(RebuildPlan::label).toList())
                .toList();
    }

    @Test
    void everyListedReference_putsItsObjectFirst() {
        RebuildPlan plan = plan(
                target("access", "apps", List.of(), """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: aa}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: zz}
                        subjects: [{kind: ServiceAccount, name: web}]
                        ---
                        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: zz}}
                        ---
                        {apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
                        """),
                target("stores", "apps", List.of(), """
                        apiVersion: external-secrets.io/v1
                        kind: ExternalSecret
                        metadata: {name: aa}
                        spec: {secretStoreRef: {name: zz}}
                        ---
                        {apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: zz}}
                        """),
                target("quota", "apps", List.of(), """
                        {apiVersion: v1, kind: LimitRange, metadata: {name: aa}}
                        ---
                        {apiVersion: v1, kind: Namespace, metadata: {name: apps}}
                        """),
                target("owned", "apps", List.of(), """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: aa, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: zz, uid: u}]}
                        ---
                        {apiVersion: v1, kind: ConfigMap, metadata: {name: zz}}
                        """),
                target("waves", "apps", List.of(), """
                        {apiVersion: v1, kind: Service, metadata: {name: aa, annotations: {argocd.argoproj.io/sync-wave: "1"}}}
                        ---
                        {apiVersion: v1, kind: Service, metadata: {name: zz}}
                        """));

        assertThat(plan.units())
                .filteredOn(unit -> unit.stage() != RebuildStage.VERIFICATION)
                .extracting(unit -> unit.id() + " " + names(unit.layers()))
                .contains(
                        "namespaces/quota [[Namespace/apps], [LimitRange/aa]]",
                        "access/access [[Role/zz, ServiceAccount/web], [RoleBinding/aa]]",
                        "configuration/owned [[ConfigMap/zz], [ConfigMap/aa]]",
                        "configuration/stores [[SecretStore/zz], [ExternalSecret/aa]]",
                        "workloads/waves [[Service/zz], [Service/aa]]");
    }

    @Test
    void dr05_objectsInACircle_refuseTheirApplications_andWhatNeedsThem_withThePath() {
        String owned = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: apps,"
                + " ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: %s, uid: u}]}}";
        FakeCluster real = cluster();
        RebuildPlan plan = plan(
                target("one", "apps", List.of(), owned.formatted("a", "b")),
                target("two", "apps", List.of(), owned.formatted("b", "a")),
                target("three", "apps", List.of("one"), "{apiVersion: v1, kind: Service, metadata: {name: s}}"),
                target("four", "apps", List.of(), "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"));
        rebuilder(real, real).run(plan);

        assertThat(plan.refused().get("one").toString())
                .contains("DEPENDENCY_CYCLE", "ConfigMap/a→ConfigMap/b→ConfigMap/a");
        assertThat(plan.refused().get("two").code()).isEqualTo("DEPENDENCY_CYCLE");
        assertThat(plan.refused().get("three").code()).isEqualTo("BLOCKED");
        assertThat(real.get(ObjectRef.of(Given.CONFIG_MAP, "apps", "a"))).isEmpty();
        assertThat(real.get(ObjectRef.of(Given.CONFIG_MAP, "apps", "c"))).isPresent();
    }

    @Test
    void verification_namesWhatIsNotAsGitHasIt() {
        FakeCluster real = cluster();
        RebuildPlan plan = plan(target(
                "web", "apps", List.of(), "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {a: b}}"));
        MemoryRestoreJournal journal = new MemoryRestoreJournal();
        assertThat(rebuilder(real, real).journal(journal).run(plan).complete()).isTrue();
        real.replace(
                ObjectRef.of(Given.CONFIG_MAP, "apps", "web"),
                Given.live(real, Given.CONFIG_MAP, "apps", "web").with("data", JsonObject.of("a", Json.of("other"))),
                WriteOptions.defaults());
        RebuildReport report = rebuilder(real, real).journal(journal).run(plan);

        assertThat(report.complete()).isFalse();
        assertThat(report.units())
                .filteredOn(done -> done.result() == Result.FAILED)
                .singleElement()
                .satisfies(done -> {
                    assertThat(done.unit().id()).isEqualTo("verification/web");
                    assertThat(done.message()).isEqualTo("ConfigMap/web differs from Git");
                });
    }

    @Test
    void report_tellsTheTimesOfObjects_andFeedsTheEstimate() {
        FakeCluster real = cluster();
        RebuildReport report = rebuilder(slow(real, Duration.ofSeconds(20), new TreeMap<>()), real)
                .run(plan(target("widgets", "platform", List.of(), WIDGETS), app("web")));

        assertThat(report.units())
                .filteredOn(done -> done.unit().id().equals("definitions/widgets"))
                .singleElement()
                .satisfies(done -> assertThat(done.objects()).singleElement().satisfies(times -> {
                    assertThat(times.key().name()).isEqualTo("widgets.example.com");
                    assertThat(times.healthyAt()).isNotNull();
                }));
        RtoModel model = RtoModel.measured(report, RtoModel.usual());
        assertThat(model.definitions().plus(model.write())).isGreaterThan(Duration.ofSeconds(3));
        assertThat(model.workloads()).isEqualTo(RtoModel.usual().workloads());
    }
}
