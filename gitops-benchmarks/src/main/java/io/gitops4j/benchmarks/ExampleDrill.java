package io.gitops4j.benchmarks;

import io.gitops4j.app.Application;
import io.gitops4j.app.Destination;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.ApplicationDiscovery;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.Reconciler;
import io.gitops4j.json.JsonObject;
import io.gitops4j.kustomize.KustomizeRenderer;
import io.gitops4j.problem.Limits;
import io.gitops4j.recovery.drill.DrDrill;
import io.gitops4j.recovery.drill.DrillReport;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotScope;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.Bytes;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.FakeGit;
import io.gitops4j.testkit.FakeRepository;
import io.gitops4j.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Measures a drill of the example repository: its production is synchronised, a snapshot is taken, and drilled again and again. */
public final class ExampleDrill {
    private static final String INFRASTRUCTURE = "https://github.com/org/infrastructure";
    private static final String MYAPP = "https://github.com/org/myapp";
    private static final int RUNS = 21;

    private ExampleDrill() {}

    /** Argument: the folder of the example; {@code examples/infrastructure} when there is none. */
    public static void main(String[] args) throws IOException {
        Path example = Path.of(args.length == 0 ? "examples/infrastructure" : args[0]);
        VirtualTime time = VirtualTime.startingAt(Instant.parse("2026-01-01T09:00:00Z"));
        FakeGit git = FakeGit.create(time);
        fill(git.repository(INFRASTRUCTURE), example, "");
        fill(git.repository(MYAPP), example.resolve("apps/myapp"), "kustomize/");
        FakeCluster production = FakeCluster.builder()
                .name("in-cluster")
                .server(Destination.IN_CLUSTER)
                .time(time)
                .workloads()
                .build();
        for (String file : List.of("bootstrap/argocd.yaml", "bootstrap/sealed-secrets.yaml")) {
            for (JsonObject object : YamlReader.kubectl()
                    .readObjects(file, Files.readString(example.resolve(file)))
                    .orThrow()) {
                production.apply(ObjectRef.of(object), object, WriteOptions.defaults());
            }
        }
        GitOps gitops = GitOps.builder(git, time)
                .renderer(new KustomizeRenderer())
                .cluster(production)
                .build();
        FakeRepository repository = git.repository(INFRASTRUCTURE);
        List<Application> applications =
                ApplicationDiscovery.in(repository.tree(repository.head("main")), "", Limits.defaults())
                        .applications()
                        .stream()
                        .filter(app -> gitops.clusters().find(app.destination()).ok())
                        .toList();
        new Reconciler(gitops).pass(applications);
        time.runUntilIdle(Duration.ofMinutes(10));
        AgeIdentity identity = AgeIdentity.generate(new SecureRandom());
        MemorySnapshotStore store = new MemorySnapshotStore();
        Snapshotter.into(store, time)
                .scope(SnapshotScope.everything())
                .sealing(AgeSealing.sealer(List.of(identity.recipient())))
                .take(production)
                .orThrow();
        double[] seconds = new double[RUNS];
        DrillReport drill = null;
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            drill = DrDrill.of(SnapshotChain.in(store), time)
                    .opening(AgeSealing.opener(List.of(identity)))
                    .run(FakeCluster.create("drill"));
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        System.out.println(drill);
        double first = seconds[0];
        Arrays.sort(seconds);
        System.out.println(
                String.format(Locale.ROOT, "first %.3f s, median of %d %.3f s", first, RUNS, seconds[RUNS / 2]));
    }

    private static void fill(FakeRepository repository, Path folder, String prefix) throws IOException {
        FakeRepository.Change change = repository.change("example");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                change.file(prefix + path, Bytes.of(Files.readAllBytes(file)));
            }
        }
        change.push();
    }
}
