package io.gitops4j.engine;

import static io.gitops4j.engine.ControllerWorld.URL;
import static io.gitops4j.engine.ControllerWorld.edit;
import static io.gitops4j.engine.ControllerWorld.map;
import static io.gitops4j.engine.ControllerWorld.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.EventSink;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.sync.Refresh;
import io.gitops4j.testkit.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationControllerTest {
    private static final String AUTO = "automated: {prune: true, selfHeal: true}";

    private final ControllerWorld world = new ControllerWorld();

    private void shop(String policy) {
        world.push("shop/a.yaml", map("a", "one"), "shop/b.yaml", map("b", "one"));
        world.store.put(world.application("shop", "in-cluster", policy));
        world.settle();
    }

    @Test
    void newApplication_isSynced_andItsStatusIsThatOfArgo() {
        shop(AUTO);

        assertThat(value(world.production, "a")).isEqualTo("one");
        JsonObject status = world.status("shop");
        assertThat(status.find("sync", "status")).isEqualTo(Json.of("Synced"));
        assertThat(status.find("health", "status")).isEqualTo(Json.of("Healthy"));
        assertThat(status.find("operationState", "phase")).isEqualTo(Json.of("Succeeded"));
        assertThat(status.find("operationState", "operation", "initiatedBy", "automated"))
                .isEqualTo(Json.of(true));
        assertThat(status.find("operationState", "syncResult", "source", "path"))
                .isEqualTo(Json.of("shop"));
        assertThat(status.array("history").size()).isEqualTo(1);
        assertThat(status.array("resources").size()).isEqualTo(2);
        assertThat(world.store.get("shop").orElseThrow().operation().isEmpty()).isTrue();
        assertThat(world.journal.read("shop")).isEmpty();
    }

    @Test
    void quiet_application_isNeitherWrittenNorRenderedAgain() {
        shop(AUTO);
        world.production.journal().clear();
        long renders = world.gitops.rendersMade();
        Application before = world.store.get("shop").orElseThrow();

        world.run(Duration.ofHours(24));

        assertThat(world.production.journal().writes()).isEmpty();
        assertThat(world.gitops.rendersMade()).isEqualTo(renders);
        assertThat(world.store.get("shop").orElseThrow()).isEqualTo(before);
    }

    @Test
    void driftedObject_isHealedByItsEvent_andNewCommitsAreFound() {
        shop(AUTO);
        edit(world.production, "a", "by hand");
        world.controller.run();
        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.status("shop").find("operationState", "operation", "sync", "autoHealAttemptsCount"))
                .isEqualTo(Json.of(1));

        world.push("shop/a.yaml", map("a", "two"), "shop/b.yaml", "");
        world.controller.sourceChanged(URL);
        world.controller.run();
        assertThat(value(world.production, "a")).isEqualTo("two");
        assertThat(value(world.production, "b")).isEqualTo("-");
        world.push("shop/a.yaml", map("a", "three"));
        world.run(Duration.ofMinutes(4));
        assertThat(value(world.production, "a")).isEqualTo("three");
        assertThat(world.status("shop").array("history").size()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void brokenCluster_holdsNoApplicationOfAnotherUp_andIsLeftAloneForAGrowingWhile() {
        world.push("shop/a.yaml", map("a", "one"), "other/a.yaml", map("a", "other"));
        world.staging.inject(Fault.unavailable());
        world.store.put(world.application("other", "staging", AUTO));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.sync("other")).isEqualTo("Unknown");
        assertThat(world.status("other").find("conditions", "0", "message").toString())
                .contains("cluster staging");
        assertThat(world.controller.unreachable()).hasSize(1);
        world.staging.journal().clear();
        world.run(Duration.ofMinutes(10));
        assertThat(world.staging.journal().calls().size()).isLessThan(30);

        world.staging.heal();
        world.run(Duration.ofMinutes(2));
        assertThat(value(world.staging, "a")).isEqualTo("other");
        assertThat(world.sync("other")).isEqualTo("Synced");
        assertThat(world.controller.unreachable()).isEmpty();
    }

    @Test
    void operationField_isCarriedOut_forSelectedObjectsOnly() {
        shop("");
        assertThat(world.sync("shop")).isEqualTo("OutOfSync");
        world.operation("shop", """
                sync: {resources: [{kind: ConfigMap, name: b, namespace: shop}]}
                initiatedBy: {username: ann}
                """);
        world.settle();

        assertThat(value(world.production, "a")).isEqualTo("-");
        assertThat(value(world.production, "b")).isEqualTo("one");
        assertThat(world.phase("shop")).isEqualTo("Succeeded");
        assertThat(world.status("shop").array("history").isEmpty()).isTrue();

        world.operation("shop", "sync: {}\n");
        world.settle();
        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.sync("shop")).isEqualTo("Synced");
    }

    @Test
    void manualOperation_isRetriedAsItAsks_andNotWhenTheServerRefusesForGood() {
        shop("");
        world.production.inject(Fault.unavailable()
                .on("create")
                .kind("ConfigMap")
                .when((verb, ref) -> true)
                .times(2));
        world.operation("shop", "sync: {}\nretry: {limit: 3, backoff: {duration: 10s}}\n");
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Running");
        assertThat(world.message("shop")).contains("Retrying attempt #1");
        world.run(Duration.ofMinutes(1));
        assertThat(world.phase("shop")).isEqualTo("Succeeded");
        assertThat(world.status("shop").find("operationState", "retryCount")).isEqualTo(Json.of(1));

        world.production.inject(
                Fault.status(422, "Invalid", "never").on("update").kind("ConfigMap"));
        edit(world.production, "a", "x");
        world.controller.run();
        world.operation("shop", "sync: {}\nretry: {limit: 3, backoff: {duration: 10s}}\n");
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Failed");
    }

    @Test
    void refreshAnnotation_isObeyedAndRemoved() {
        shop("");
        world.push("shop/a.yaml", map("a", "two"));
        world.store.put(world.annotated("shop", Refresh.ANNOTATION, "hard"));
        world.controller.run();

        Application after = world.store.get("shop").orElseThrow();
        assertThat(after.annotation(Refresh.ANNOTATION)).isNull();
        assertThat(after.status().object("sync").text("revision"))
                .isEqualTo(world.git.repository(URL).head("main"));
    }

    @Test
    void unreachableRepository_keepsTheLastGoodStatusForAWhile_andPrunesNothing() {
        shop(AUTO);
        world.git.fail(URL, "GIT_UNREACHABLE", "gone");
        ControllerWorld again = world;
        again.gitops = GitOps.builder(world.git, world.time)
                .cluster(world.production)
                .cluster(world.staging)
                .build();
        again.restart();
        again.run(Duration.ofMinutes(1));
        assertThat(again.sync("shop")).isEqualTo("Synced");
        again.run(Duration.ofMinutes(4));
        assertThat(again.sync("shop")).isEqualTo("Unknown");
        assertThat(again.status("shop").find("conditions", "0", "type")).isEqualTo(Json.of("ComparisonError"));
        assertThat(value(world.production, "a")).isEqualTo("one");

        world.git.heal(URL);
        again.run(Duration.ofMinutes(1));
        assertThat(again.sync("shop")).isEqualTo("Synced");
    }

    @Test
    void pathThatVanishes_isAConditionAndNothingIsPruned() {
        shop(AUTO);
        world.push("shop/a.yaml", "", "shop/b.yaml", "", "elsewhere/c.yaml", map("c", "x"));
        world.run(Duration.ofMinutes(5));

        assertThat(world.sync("shop")).isEqualTo("Unknown");
        assertThat(world.status("shop").find("conditions", "0", "message").toString())
                .contains("app path does not exist");
        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(value(world.production, "b")).isEqualTo("one");
    }

    @Test
    void pausedApplication_isComparedButNotHealed_untilThePauseEnds() {
        shop(AUTO);
        Application paused = world.annotated("shop", "gitops4j.io/paused", "incident 7");
        world.store.put(paused);
        world.store.put(world.annotated("shop", "gitops4j.io/paused-by", "ann"));
        world.store.put(world.annotated(
                "shop",
                "gitops4j.io/paused-until",
                world.time.instant().plusSeconds(3600).toString()));
        edit(world.production, "a", "by hand");
        world.run(Duration.ofMinutes(30));

        assertThat(value(world.production, "a")).isEqualTo("by hand");
        assertThat(world.sync("shop")).isEqualTo("OutOfSync");
        assertThat(world.decisions)
                .filteredOn(entry -> entry.decision().equals("PAUSED"))
                .allSatisfy(
                        entry -> assertThat(entry.reason()).contains("by ann").contains("incident 7"));
        world.operation("shop", "sync: {}\n");
        world.controller.run();
        assertThat(world.message("shop")).contains("paused by ann");

        world.run(Duration.ofMinutes(40));
        assertThat(value(world.production, "a")).isEqualTo("one");
    }

    @Test
    void pin_holdsARollbackUnderAutomatedSync_untilItEnds() {
        shop(AUTO);
        String first = world.git.repository(URL).head("main");
        world.push("shop/a.yaml", map("a", "bad"));
        world.controller.sourceChanged(URL);
        world.controller.run();
        assertThat(value(world.production, "a")).isEqualTo("bad");

        Application pinned = new io.gitops4j.app.Pin(
                        List.of(first), world.time.instant().plusSeconds(3600), "ann")
                .on(world.store.get("shop").orElseThrow());
        world.store.put(pinned);
        world.controller.refresh("shop", Refresh.Level.LATEST);
        world.controller.run();
        assertThat(value(world.production, "a")).isEqualTo("one");
        edit(world.production, "a", "by hand");
        world.run(Duration.ofMinutes(10));
        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.sync("shop")).isEqualTo("Synced");

        world.run(Duration.ofMinutes(60));
        assertThat(value(world.production, "a")).isEqualTo("bad");
    }

    @Test
    void pruneThatAsksForConsent_waitsForIt() {
        world.push(
                "shop/a.yaml",
                map("a", "one"),
                "shop/b.yaml",
                map("b", "one")
                        .replace(
                                "{name: b}",
                                "{name: b, annotations: {argocd.argoproj.io/sync-options: Prune=confirm}}"));
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.settle();
        world.push("shop/b.yaml", "");
        world.controller.sourceChanged(URL);
        world.run(Duration.ofMinutes(3));

        assertThat(world.phase("shop")).isEqualTo("Running");
        assertThat(world.message("shop")).contains("waiting for the confirmation to prune");
        assertThat(value(world.production, "b")).isEqualTo("one");

        world.store.put(world.annotated(
                "shop", OperationLoop.APPROVED, world.time.instant().toString()));
        world.settle();
        assertThat(value(world.production, "b")).isEqualTo("-");
        assertThat(world.phase("shop")).isEqualTo("Succeeded");
    }

    @Test
    void deletedApplication_takesItsObjectsAlong_highestWaveFirst_andThenGoes() {
        world.push(
                "shop/a.yaml",
                map("a", "one"),
                "shop/b.yaml",
                map("b", "one").replace("{name: b}", "{name: b, annotations: {argocd.argoproj.io/sync-wave: '1'}}"),
                "shop/k.yaml",
                map("k", "one")
                        .replace(
                                "{name: k}",
                                "{name: k, annotations: {argocd.argoproj.io/sync-options: Delete=false}}"));
        Application shop = world.application("shop", "in-cluster", AUTO)
                .withFinalizers(List.of(Application.RESOURCES_FINALIZER + "/background"));
        world.store.put(shop);
        world.settle();
        assertThat(value(world.production, "b")).isEqualTo("one");
        world.production.journal().clear();

        world.store.delete("shop", world.time.instant());
        world.settle();

        assertThat(world.store.get("shop")).isEmpty();
        assertThat(world.production.journal().changes())
                .extracting(call -> call.verb() + " " + call.ref().name())
                .containsExactly("delete b", "delete a");
        assertThat(value(world.production, "k")).isEqualTo("one");
        assertThat(world.controller.applications()).isEmpty();
    }

    @Test
    void deletionHooks_runBeforeAndAfter_andAFailedOneStopsTheDeletion() {
        String hook = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, annotations: {argocd.argoproj.io/hook: %s, argocd.argoproj.io/hook-delete-policy: HookSucceeded}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """;
        world.push(
                "shop/a.yaml",
                map("a", "one"),
                "shop/pre.yaml",
                hook.formatted("pre", "PreDelete"),
                "shop/post.yaml",
                hook.formatted("post", "PostDelete"));
        world.store.put(world.application("shop", "in-cluster", AUTO)
                .withFinalizers(List.of(
                        "pre-delete-finalizer.argocd.argoproj.io",
                        Application.RESOURCES_FINALIZER,
                        "post-delete-finalizer.argocd.argoproj.io")));
        world.settle();
        world.production.journal().clear();
        world.store.delete("shop", world.time.instant());
        world.run(Duration.ofMinutes(3));

        assertThat(world.store.get("shop")).isEmpty();
        assertThat(world.decisions)
                .extracting(DecisionLog.Entry::decision)
                .containsSubsequence("PreDelete", "DELETE", "PostDelete", "FORGET");
        assertThat(world.production.get(ObjectRef.of(new Gvk("batch", "v1", "Job"), "shop", "pre")))
                .isEmpty();
    }

    @Test
    void crashInTheMiddle_isResumedByAnotherController_andWavesAreWaitedFor() {
        String job = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: pre, annotations: {argocd.argoproj.io/hook: PreSync}}
                spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """;
        world.push("shop/a.yaml", map("a", "one"), "shop/pre.yaml", job);
        world.store.put(world.application("shop", "in-cluster", AUTO));
        world.controller.run();
        assertThat(world.phase("shop")).isEqualTo("Running");
        assertThat(world.journal.read("shop")).isPresent();
        assertThat(value(world.production, "a")).isEqualTo("-");

        world.restart();
        world.settle();

        assertThat(world.phase("shop")).isEqualTo("Succeeded");
        assertThat(value(world.production, "a")).isEqualTo("one");
        assertThat(world.production.journal().changes())
                .filteredOn(call ->
                        call.verb().equals("create") && call.ref().gvk().kind().equals("Job"))
                .hasSize(1);
    }

    @Test
    void unreadableRecord_stopsTheSyncsOfItsApplication_andDeletesNothing() {
        shop(AUTO);
        world.journal.write("shop", JsonObject.of("version", Json.of(99)));
        world.restart();
        edit(world.production, "a", "by hand");
        world.run(Duration.ofMinutes(5));

        assertThat(world.status("shop").find("conditions", "0", "message").toString())
                .contains("RECORD_UNREADABLE");
        assertThat(value(world.production, "a")).isEqualTo("by hand");
        world.journal.clear("shop");
        world.run(Duration.ofMinutes(5));
        assertThat(value(world.production, "a")).isEqualTo("one");
    }

    @Test
    void eventsAndDecisions_tellTheStory_andTheLogIsAChain() {
        shop(AUTO);

        assertThat(world.events)
                .extracting(EventSink.Event::type)
                .contains(
                        "on-created",
                        "OperationStarted",
                        "on-sync-running",
                        "OperationCompleted",
                        "on-sync-succeeded",
                        "on-deployed");
        assertThat(world.events)
                .filteredOn(event -> event.type().equals("ResourceUpdated"))
                .extracting(event -> event.data().text("message"))
                .contains("Updated sync status: OutOfSync -> Synced", "Updated health status: Missing -> Healthy");
        assertThat(world.decisions).extracting(DecisionLog.Entry::decision).contains("SYNC", "BEGIN", "END");
        assertThat(DecisionLog.firstBroken(world.decisions)).isZero();
        List<DecisionLog.Entry> forged = new java.util.ArrayList<>(world.decisions);
        forged.remove(1);
        assertThat(DecisionLog.firstBroken(forged)).isEqualTo(3);
    }

    @Test
    void runningOperation_isTerminatedOnRequest() {
        String job = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: pre, annotations: {argocd.argoproj.io/hook: PreSync}}
                spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
                """;
        world.push("shop/a.yaml", map("a", "one"), "shop/pre.yaml", job);
        world.store.put(world.application("shop", "in-cluster", ""));
        world.settle();
        world.operation("shop", "sync: {}\n");
        world.settle();
        assertThat(world.phase("shop")).isEqualTo("Running");
        Application running = world.store.get("shop").orElseThrow();
        JsonObject state = running.status().object("operationState").with("phase", "Terminating");
        world.store.put(running.withStatus(running.status().with("operationState", state)));
        world.settle();

        assertThat(world.phase("shop")).isEqualTo("Failed");
        assertThat(world.message("shop")).contains("terminated");
        assertThat(value(world.production, "a")).isEqualTo("-");
    }
}
