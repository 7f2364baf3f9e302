package io.gitops4j.engine;

import io.gitops4j.app.Application;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.health.HealthChecks;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.spi.EventSink;
import io.gitops4j.sync.DecisionLog;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Two clusters, a repository and a controller under one virtual clock; the driver of all tests of the controller. */
final class ControllerWorld {
    static final String URL = "https://git.example.com/shop";
    static final Gvk CONFIG_MAP = new Gvk("", "v1", "ConfigMap");

    final VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    final FakeGit git = FakeGit.create(time);
    final FakeCluster production =
            FakeCluster.builder().name("in-cluster").time(time).workloads().build();
    final FakeCluster staging = FakeCluster.builder()
            .name("staging")
            .server("https://staging.example.com")
            .time(time)
            .build();
    final MemoryApplications store = new MemoryApplications();
    final MemoryJournal journal = new MemoryJournal();
    final List<EventSink.Event> events = new ArrayList<>();
    final List<DecisionLog.Entry> decisions = new ArrayList<>();
    final Map<String, String> files = new LinkedHashMap<>();
    GitOps gitops;
    ApplicationController controller;

    ControllerWorld() {
        this(builder -> builder, builder -> builder);
    }

    ControllerWorld(UnaryOperator<GitOps.Builder> facade, UnaryOperator<ApplicationController.Builder> more) {
        production.ensureNamespace("shop");
        staging.ensureNamespace("shop");
        gitops = facade.apply(GitOps.builder(git, time)
                        .renderer(new KustomizeRenderer())
                        .health(HealthChecks.standard())
                        .cluster(production)
                        .cluster(staging))
                .build();
        controller = controller(more);
    }

    /** Another controller over the same store and journal, as after a crash. */
    ApplicationController controller(UnaryOperator<ApplicationController.Builder> more) {
        return more.apply(ApplicationController.builder(gitops, store)
                        .journal(journal)
                        .events(events::add)
                        .decisions(new DecisionLog(1_000, decisions::add)))
                .build();
    }

    void restart() {
        controller.close();
        store.reread();
        controller = controller(builder -> builder);
    }

    /** Commits files; an empty text removes one. */
    String push(String... pathsAndTexts) {
        var change = git.repository(URL).change("change");
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            if (pathsAndTexts[i + 1].isEmpty()) {
                change.remove(pathsAndTexts[i]);
            } else {
                change.file(pathsAndTexts[i], pathsAndTexts[i + 1]);
            }
        }
        return change.push();
    }

    /** Runs the controller whenever it wants to, until that much time has passed. */
    void run(Duration howLong) {
        Instant end = time.instant().plus(howLong);
        for (int i = 0; i < 10_000; i++) {
            Optional<Instant> next = controller.run();
            Instant due = next.orElse(end);
            if (!due.isBefore(end)) {
                break;
            }
            Instant task = time.next().orElse(end);
            Instant to = due.isBefore(task) ? due : task;
            time.advanceTo(to.isAfter(time.instant()) ? to : time.instant());
            if (!to.isAfter(time.instant()) && !due.isAfter(time.instant())) {
                continue;
            }
        }
        time.advanceTo(end);
        controller.run();
    }

    void settle() {
        run(Duration.ofSeconds(60));
    }

    Application application(String name, String destination, String syncPolicy) {
        return Application.of(YamlReader.kubectl()
                        .readManifests(
                                "apps/" + name + ".yaml", """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Application
                                metadata: {name: %s}
                                spec:
                                  project: default
                                  source: {repoURL: %s, targetRevision: main, path: %s}
                                  destination: {name: %s, namespace: shop}
                                  syncPolicy: {%s}
                                """.formatted(name, URL, name, destination, syncPolicy))
                        .orThrow()
                        .get(0))
                .orThrow();
    }

    JsonObject status(String name) {
        return store.get(name).orElseThrow().status();
    }

    String sync(String name) {
        return status(name).object("sync").text("status", "");
    }

    String phase(String name) {
        return status(name).object("operationState").text("phase", "");
    }

    String message(String name) {
        return status(name).object("operationState").text("message", "");
    }

    static String map(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {value: '" + value + "'}\n";
    }

    static String value(FakeCluster cluster, String name) {
        return cluster.get(ObjectRef.of(CONFIG_MAP, "shop", name))
                .map(object -> object.object("data").text("value", ""))
                .orElse("-");
    }

    static void edit(FakeCluster cluster, String name, String value) {
        cluster.patch(
                ObjectRef.of(CONFIG_MAP, "shop", name),
                PatchType.MERGE,
                JsonObject.of("data", JsonObject.of("value", io.gitops4j.json.Json.of(value))),
                WriteOptions.defaults().withFieldManager("somebody"));
    }

    /** The application as a person annotates it. */
    Application annotated(String name, String key, String value) {
        Application application = store.get(name).orElseThrow();
        JsonObject metadata = application.body().object("metadata");
        return application.withMetadata(
                metadata.with("annotations", metadata.object("annotations").with(key, value)));
    }

    void operation(String name, String yaml) {
        JsonObject operation =
                (JsonObject) YamlReader.kubectl().read("op.yaml", yaml).orThrow();
        store.put(store.get(name).orElseThrow().withOperation(operation));
    }
}
