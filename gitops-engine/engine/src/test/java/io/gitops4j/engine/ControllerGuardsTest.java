package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.URL;
import static io.gitops4j.engine.ControllerWorld.map;
import static io.gitops4j.engine.ControllerWorld.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.AppProject;
import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Problem;
import io.gitops4j.project.RbacPolicy;
import io.gitops4j.spi.CommitVerifier;
import io.gitops4j.spi.MetricsSink;
import io.gitops4j.spi.Tracing;
import io.gitops4j.sync.PlanRequest;
import io.gitops4j.sync.SyncSettings;
import io.gitops4j.testkit.Call;
import io.gitops4j.testkit.FakeCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who may do what, under which identity, from which commits; and what is told to the outside. */
class ControllerGuardsTest {
    private static final String AUTO = "automated: {prune: true, selfHeal: true}";

    @Test
    void serviceAccountOfTheProject_isUsedForEveryCall() {
        JsonObject rule = JsonObject.builder()
                .put("server", "*")
                .put("namespace", "shop")
                .put("defaultServiceAccount", "deployer")
                .build();
        AppProject project = AppProject.of(
                "default",
                AppProject.permissive("default").spec().with("destinationServiceAccounts", JsonArray.of(rule)));
        ControllerWorld world = new ControllerWorld(
                facade -> facade.project(project)
                        .impersonator((cluster, user) -> ((FakeCluster) cluster).as(user, "system:serviceaccounts")),
                builder -> builder);
        world.push("shop/a.yaml", map("a", "one"));
        world.production.journal().clear();
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.production.journal().calls())
                .filteredOn(
                        call -> !call.verb().equals("get") || call.ref().name().equals("a"))
                .extracting(Call::user)
                .contains("system:serviceaccount:shop:deployer");
        assertThat(world.production.journal().writes())
                .filteredOn(call -> call.ref().name().equals("a"))
                .extracting(Call::user)
                .containsOnly("system:serviceaccount:shop:deployer");
        assertThat(world.production.journal().calls())
                .filteredOn(call -> call.verb().equals("list") || call.verb().equals("watch"))
                .extracting(Call::user)
                .containsOnly("system:serviceaccount:shop:deployer");

        Application elsewhere = world.application("shop", "in-cluster", AUTO)
                .withSpec("destination", JsonObject.of("name", Json.of("in-cluster"), "namespace", Json.of("unnamed")));
        assertThat(world.gitops.plan(elsewhere).errors())
                .extracting(Problem::code)
                .containsExactly("IMPERSONATION_NO_MATCH");
    }

    @Test
    void commitWithoutAGoodSignature_isNotSynced_andTheReasonIsGiven() {
        AppProject project = AppProject.of(
                "default",
                AppProject.permissive("default")
                        .spec()
                        .with("signatureKeys", JsonArray.of(JsonObject.of("keyID", Json.of("K1")))));
        Map<String, CommitVerifier.Verdict> verdicts = new LinkedHashMap<>();
        ControllerWorld world = new ControllerWorld(
                facade -> facade.project(project)
                        .verifier((url, commit) -> verdicts.getOrDefault(
                                commit, new CommitVerifier.Verdict(CommitVerifier.Result.UNSIGNED, ""))),
                builder -> builder);
        String commit = world.push("shop/a.yaml", map("a", "one"));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("-");
        assertThat(world.status("shop").find("conditions", "0", "message").toString())
                .contains("is not signed");

        Map<CommitVerifier.Result, String> words = new TreeMap<>(Map.of(
                CommitVerifier.Result.EXPIRED, "has expired",
                CommitVerifier.Result.REVOKED, "was revoked",
                CommitVerifier.Result.UNKNOWN_KEY, "is not known",
                CommitVerifier.Result.BAD, "does not fit"));
        words.forEach((result, word) -> {
            verdicts.put(commit, new CommitVerifier.Verdict(result, "K1"));
            List<Problem> errors = world.gitops
                    .plan(world.application("shop", "in-cluster", AUTO))
                    .errors();
            assertThat(errors).extracting(Problem::code).containsExactly("SIGNATURE");
            assertThat(errors.get(0).text()).contains(word);
        });
        verdicts.put(commit, new CommitVerifier.Verdict(CommitVerifier.Result.GOOD, "K2"));
        assertThat(world.gitops
                        .plan(world.application("shop", "in-cluster", AUTO))
                        .errors())
                .extracting(Problem::text)
                .allMatch(text -> text.contains("does not list"));
        verdicts.put(commit, new CommitVerifier.Verdict(CommitVerifier.Result.GOOD, "K1"));
        world.run(java.time.Duration.ofMinutes(3));
        assertThat(value(world.production, "a")).isEqualTo("one");
    }

    @Test
    void syncOfAPerson_asksTheAuthorizer() {
        RbacPolicy policy = RbacPolicy.parse("rbac.csv", "p, ann, applications, sync, default/shop, allow\n", "")
                .orThrow();
        ControllerWorld world = new ControllerWorld(facade -> facade.authorizer(policy, "eve"), builder -> builder);
        world.push("shop/a.yaml", map("a", "one"));
        Application shop = world.application("shop", "in-cluster", "");
        assertThat(world.gitops.sync(shop).problems()).extracting(Problem::code).containsExactly("NOT_AUTHORIZED");
        assertThat(value(world.production, "a")).isEqualTo("-");

        world.store.put(shop);
        world.settle();
        world.operation("shop", "sync: {}\ninitiatedBy: {username: eve}\n");
        world.settle();
        assertThat(world.message("shop")).contains("eve may not sync");
        world.operation("shop", "sync: {}\ninitiatedBy: {username: ann}\n");
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("one");
    }

    @Test
    void projectThatChangesInTheMiddle_countsForTheNextWrite() {
        AppProject[] project = {AppProject.permissive("default")};
        ControllerWorld world =
                new ControllerWorld(facade -> facade.projects(name -> Optional.of(project[0])), builder -> builder);
        world.push("shop/a.yaml", map("a", "one"), "shop/pre.yaml", """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: pre, annotations: {argocd.argoproj.io/hook: PreSync}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """);
        world.store.put(world.application("shop", "in-cluster", "automated: {}"));
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Running");
        JsonObject noMaps =
                JsonObject.builder().put("group", "").put("kind", "ConfigMap").build();
        project[0] =
                AppProject.of("default", project[0].spec().with("namespaceResourceBlacklist", JsonArray.of(noMaps)));
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("-");
        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(world.message("shop")).contains("kind ConfigMap is not permitted");
    }

    @Test
    void metricsAndSpans_haveTheNamesOfArgo() {
        Map<String, Long> counts = new TreeMap<>();
        List<String> spans = new ArrayList<>();
        MetricsSink metrics = new MetricsSink() {
            @Override
            public void count(String name, Map<String, String> labels, long amount) {
                counts.merge(name, amount, Long::sum);
            }

            @Override
            public void gauge(String name, Map<String, String> labels, double figure) {
                counts.merge(name, 1L, Long::sum);
            }

            @Override
            public void observe(String name, Map<String, String> labels, double figure) {
                counts.merge(name, 1L, Long::sum);
            }
        };
        Tracing tracing = (name, attributes) -> {
            spans.add(name);
            return Tracing.none().begin(name, attributes);
        };
        ControllerWorld world = new ControllerWorld(
                facade -> facade, builder -> builder.metrics(metrics).tracing(tracing));
        world.push("shop/a.yaml", map("a", "one"));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.settle();

        assertThat(counts)
                .containsEntry("argocd_app_sync_total", 1L)
                .containsKeys("argocd_app_reconcile", "argocd_app_info", "argocd_app_sync_duration_seconds");
        assertThat(spans).contains("reconcile", "sync.Sync");
    }

    @Test
    void conflictPolicy_decidesBetweenSources_andHooksOfARollbackRunWhereAsked() {
        ControllerWorld strict =
                new ControllerWorld(facade -> facade.conflicts(PlanRequest.ConflictPolicy.ERROR), builder -> builder);
        strict.push("one/a.yaml", map("a", "1"), "two/a.yaml", map("a", "2"));
        Application both = Application.trusted(strict.application("shop", "in-cluster", "")
                .body()
                .with(
                        "spec",
                        YamlReader.kubectl()
                                .read("spec.yaml", """
                                        sources:
                                        - {repoURL: %s, targetRevision: main, path: one}
                                        - {repoURL: %s, targetRevision: main, path: two}
                                        destination: {name: in-cluster, namespace: shop}
                                        """.formatted(URL, URL))
                                .orThrow()));
        assertThat(strict.gitops.plan(both).errors())
                .extracting(Problem::code)
                .containsExactly("PLAN_REPEATED_RESOURCE");

        ControllerWorld world = new ControllerWorld();
        world.push("shop/a.yaml", map("a", "1"), "shop/h.yaml", """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: hook, annotations: {argocd.argoproj.io/hook: PostSync}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """);
        Application quiet = world.application("shop", "in-cluster", "syncOptions: [HooksOnRollback=false]");
        world.gitops.sync(quiet, List.of(), SyncSettings.defaults().withSkipHooks(true));
        world.push("shop/a.yaml", map("a", "2"));
        world.gitops.sync(quiet, List.of(), SyncSettings.defaults().withSkipHooks(true));
        ObjectRef job = ObjectRef.of(new Gvk("batch", "v1", "Job"), "shop", "hook");
        assertThat(world.gitops.rollback(quiet, 0).succeeded()).isTrue();
        assertThat(world.production.get(job)).isEmpty();
        world.gitops.sync(quiet, List.of(), SyncSettings.defaults().withSkipHooks(true));
        Application asked = world.application("shop", "in-cluster", "syncOptions: [HooksOnRollback=true]");
        world.gitops.rollback(asked, 0);
        assertThat(world.production.get(job)).isPresent();
    }

    @Test
    void hooksRunOnSelfHeal_whereTheApplicationAsksForIt() {
        for (boolean asked : List.of(false, true)) {
            ControllerWorld world = new ControllerWorld();
            world.push("shop/a.yaml", map("a", "1"), "shop/h.yaml", """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: hook, annotations: {argocd.argoproj.io/hook: PreSync}}
                    spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                    """);
            world.store.put(
                    world.application("shop", "in-cluster", AUTO + ", syncOptions: [HooksOnSelfHeal=" + asked + "]"));
            world.settle();
            world.production.journal().clear();
            ControllerWorld.edit(world.production, "a", "by hand");
            world.settle();

            assertThat(value(world.production, "a")).isEqualTo("1");
            assertThat(world.production.journal().changes().stream()
                            .filter(call -> call.verb().equals("create")
                                    && call.ref().name().equals("hook")))
                    .hasSize(asked ? 1 : 0);
        }
    }

    @Test
    void applicationsInACluster_areReadAndWrittenAsArgoDoes() {
        ControllerWorld world = new ControllerWorld();
        world.push("shop/a.yaml", map("a", "one"));
        FakeCluster hub =
                FakeCluster.builder().name("hub").time(world.time).build().ensureNamespace("argocd");
        for (String kind : List.of("Application")) {
            hub.create(
                    (JsonObject) YamlReader.kubectl()
                            .read("crd.yaml", """
                                    apiVersion: apiextensions.k8s.io/v1
                                    kind: CustomResourceDefinition
                                    metadata: {name: applications.argoproj.io}
                                    spec:
                                      group: argoproj.io
                                      scope: Namespaced
                                      names: {plural: applications, singular: application, kind: %s, listKind: ApplicationList}
                                      versions:
                                      - {name: v1alpha1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
                                    """.formatted(kind))
                            .orThrow(),
                    WriteOptions.defaults());
        }
        Application shop = world.application("shop", "in-cluster", AUTO);
        JsonObject metadata = shop.body().object("metadata").with("namespace", "argocd");
        hub.create(shop.withMetadata(metadata).body(), WriteOptions.defaults());
        JsonObject broken = shop.withMetadata(metadata.with("name", "broken"))
                .body()
                .with("spec", shop.spec().with("destination", Json.of("nowhere")));
        hub.create(broken, WriteOptions.defaults());
        ClusterApplications store = new ClusterApplications(hub, "argocd");
        ClusterJournal journal = new ClusterJournal(hub, "argocd");
        ApplicationController controller = ApplicationController.builder(world.gitops, store)
                .journal(journal)
                .build();
        for (int i = 0; i < 5; i++) {
            controller.run();
            world.time.advance(java.time.Duration.ofSeconds(5));
        }

        assertThat(value(world.production, "a")).isEqualTo("one");
        ObjectRef ref = ObjectRef.of(new Gvk("argoproj.io", "v1alpha1", "Application"), "argocd", "shop");
        JsonObject stored = hub.get(ref).orElseThrow();
        assertThat(stored.find("status", "sync", "status")).isEqualTo(Json.of("Synced"));
        assertThat(stored.find("status", "operationState", "phase")).isEqualTo(Json.of("Succeeded"));
        assertThat(journal.read("argocd/shop")).isEmpty();
        JsonObject invalid =
                hub.get(ObjectRef.of(ref.gvk(), "argocd", "broken")).orElseThrow();
        assertThat(invalid.find("status", "conditions", "0", "type")).isEqualTo(Json.of("InvalidSpecError"));

        hub.patch(
                ref,
                PatchType.MERGE,
                JsonObject.of("operation", JsonObject.of("sync", JsonObject.of("prune", Json.of(true)))),
                WriteOptions.defaults());
        controller.run();
        assertThat(hub.get(ref).orElseThrow().has("operation")).isFalse();
        controller.close();
        store.close();
    }
}
