package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.app.Destination;
import io.gitops4j.cluster.ObjectRef;
import io.gitops4j.cluster.PatchType;
import io.gitops4j.cluster.WriteOptions;
import io.gitops4j.codec.JsonReader;
import io.gitops4j.codec.YamlReader;
import io.gitops4j.engine.ApplicationDiscovery;
import io.gitops4j.engine.ApplicationView;
import io.gitops4j.engine.GitOps;
import io.gitops4j.engine.HistoryEntry;
import io.gitops4j.engine.Reconciler;
import io.gitops4j.engine.SyncOutcome;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Gvk;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.drill.DrDrill;
import io.gitops4j.recovery.drill.DrillReport;
import io.gitops4j.recovery.report.ApplicationPoint;
import io.gitops4j.recovery.report.RecoveryBudget;
import io.gitops4j.recovery.report.RecoveryReport;
import io.gitops4j.recovery.report.RtoModel;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.MemorySnapshotStore;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.recovery.snapshot.SnapshotResult;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.secrets.age.AgeIdentity;
import io.gitops4j.source.SourceTree;
import io.gitops4j.testkit.FakeCluster;
import io.gitops4j.testkit.VirtualTime;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The main job from end to end on the example repository, in memory and under virtual time: the same text every time. */
final class Demo {
    private static final String START = "2026-01-01T09:00:00Z";
    private static final String OVERLAY = "overlays/production/kustomization.yaml";

    private final PrintWriter out;
    private final boolean colour;
    private final VirtualTime time = VirtualTime.startingAt(Instant.parse(START));
    private final Map<String, FakeCluster> clusters = new LinkedHashMap<>();
    private boolean right = true;

    Demo(PrintWriter out) {
        this.out = out;
        this.colour = System.console() != null && System.getenv("NO_COLOR") == null;
    }

    /** Runs all of it; answers whether everything went as it should. */
    boolean run() {
        try (DemoRepositories git = new DemoRepositories(time.instant())) {
            cluster("in-cluster", Destination.IN_CLUSTER);
            cluster("development", "https://development.example.com");
            cluster("staging", "https://staging.example.com");
            GitOps.Builder builder = Engines.builder(git, time);
            clusters.values().forEach(builder::cluster);
            GitOps gitops = builder.build();

            step("Bootstrap three clusters: production, development, staging");
            SourceTree tree = head(git);
            clusters.values().forEach(cluster -> bootstrap(cluster, tree));

            List<Application> applications =
                    ApplicationDiscovery.in(tree, "", Limits.defaults()).applications();
            Reconciler reconciler = new Reconciler(gitops);
            step("Sync " + applications.size() + " Applications");
            show(reconciler.pass(applications));

            step("Sync again: nothing to do");
            List<Reconciler.Reconciled> second = reconciler.pass(applications);
            int writes = second.stream().mapToInt(Reconciler.Reconciled::writes).sum();
            out.println(writes + " writes");
            right &= writes == 0;

            driftAndHeal(gitops, reconciler, applications);
            bumpAndRollBack(git, gitops, applications);

            step("The Applications, once their pods are ready");
            time.runUntilIdle(Duration.ofMinutes(10));
            out.print(AppTables.list(applications.stream().map(gitops::view).toList()));

            snapshotAndDrill(git, gitops, applications);
            out.flush();
            return right;
        }
    }

    private void snapshotAndDrill(DemoRepositories git, GitOps gitops, List<Application> applications) {
        step("Take a snapshot of production: what Git does not hold, Secrets encrypted");
        FakeCluster production = cluster("in-cluster");
        AgeIdentity escrow = AgeIdentity.generate(new SecureRandom());
        MemorySnapshotStore store = new MemorySnapshotStore();
        GitSide side = GitSide.of(gitops, applications, production);
        SnapshotResult taken = Snapshotter.into(store, time)
                .scope(side.scope())
                .gitRevisions(side.revisions())
                .renders(side.renders())
                .sealing(AgeSealing.sealer(List.of(escrow.recipient())))
                .take(production)
                .orThrow();
        out.println(taken.manifest().id() + " " + taken.status() + ": "
                + taken.manifest().entries().size() + " objects kept, "
                + taken.manifest().tracked().size() + " left to Git");
        right &= taken.manifest().complete();

        step("Drill: rebuild production in an empty cluster, compare with what was recorded");
        time.advance(Duration.ofMinutes(5));
        FakeCluster standIn = FakeCluster.builder()
                .name("in-cluster")
                .server(Destination.IN_CLUSTER)
                .time(time)
                .latency(Duration.ofMillis(20))
                .build();
        SnapshotChain chain = SnapshotChain.in(store);
        GitOps planner = Engines.builder(git, time)
                .cluster(GitSide.planningGround(chain, production, time))
                .build();
        List<Application> own = GitSide.applicationsOf(gitops, applications, production);
        Map<String, Problem> lost = new LinkedHashMap<>();
        DrillReport drill = DrDrill.of(chain, time)
                .opening(AgeSealing.opener(List.of(escrow)))
                .git(GitSide.wanted(planner, own, lost))
                .unplanned(lost)
                .run(standIn);
        SnapshotManifest verified = chain.newestVerified().orElse(null);
        RecoveryReport report = RecoveryReport.of(
                        verified, drill, RtoModel.usual(), RecoveryBudget.usual(), time.instant())
                .applications(ApplicationPoint.of(
                        verified, GitSide.heads(gitops, own), GitSide.times(gitops, own), time.instant()));
        out.print(report.toTable());
        right &= drill.green();
    }

    private void driftAndHeal(GitOps gitops, Reconciler reconciler, List<Application> applications) {
        Application staging = named(applications, "myapp-staging");
        step("Someone edits the Deployment in staging by hand");
        ObjectRef web = ObjectRef.of(new Gvk("apps", "v1", "Deployment"), "staging", "myapp");
        Json patch = JsonReader.parse("[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\","
                        + "\"value\":\"myapp:debug\"}]")
                .orThrow();
        cluster("staging")
                .patch(web, PatchType.JSON, patch, WriteOptions.defaults().withFieldManager("kubectl-edit"));
        time.advance(Duration.ofMinutes(2));

        ApplicationView drifted = gitops.view(staging);
        command("app get myapp-staging");
        out.print(AppTables.detail(drifted));
        command("app diff myapp-staging");
        out.print(AppTables.diff(drifted));
        right &= drifted.sync().equals("OutOfSync");

        step("The next pass heals it, since the Application says selfHeal");
        show(reconciler.pass(List.of(staging)));
        right &= gitops.view(staging).sync().equals("Synced");
    }

    private void bumpAndRollBack(DemoRepositories git, GitOps gitops, List<Application> applications) {
        Application production = named(applications, "myapp-production");
        step("Commit an image bump for production");
        time.advance(Duration.ofMinutes(9));
        String commit = git.edit(
                DemoRepositories.MYAPP,
                "kustomize/" + OVERLAY,
                "newTag: v2.0.1",
                "newTag: v2.1.0",
                "Release myapp v2.1.0\n",
                time.instant());
        out.println("org/myapp is at " + AppTables.shortRevision(commit));
        command("plan myapp-production");
        gitops.plan(production).value().ifPresent(plan -> out.print(plan.display()));

        step("Sync it");
        SyncOutcome synced = gitops.sync(production);
        out.println(synced.message() + ", " + synced.writes() + " writes");
        right &= synced.succeeded();
        command("app history myapp-production");
        List<HistoryEntry> history = gitops.history(production);
        Table table = new Table("ID", "DATE", "REVISION");
        history.forEach(entry -> table.row(
                String.valueOf(entry.id()), entry.deployedAt().toString(), AppTables.shortRevision(entry.revision())));
        out.print(table);

        step("Roll back: refused while auto-sync is on, done once it is off");
        long earlier = history.get(0).id();
        out.println(gitops.rollback(production, earlier).message());
        Application manual = production.withSpec("syncPolicy", JsonObject.empty());
        time.advance(Duration.ofMinutes(5));
        SyncOutcome back = gitops.rollback(manual, earlier);
        out.println(back.message() + ", " + back.writes() + " writes");
        right &= back.succeeded();
        JsonObject web = cluster("in-cluster")
                .get(ObjectRef.of(new Gvk("apps", "v1", "Deployment"), "production", "myapp"))
                .orElse(JsonObject.empty());
        Json image = web.find("spec", "template", "spec", "containers", "0", "image");
        out.println("production runs " + (image == null ? "nothing" : image.textOrNull()));
        right &= Json.of("myapp:v2.0.1").equals(image);
    }

    private void bootstrap(FakeCluster cluster, SourceTree tree) {
        List<Json> objects = new ArrayList<>();
        for (String file : List.of("bootstrap/argocd.yaml", "bootstrap/sealed-secrets.yaml")) {
            String text = tree.read(file).map(bytes -> bytes.utf8()).orElse("");
            objects.addAll(YamlReader.kubectl().readAll(file, text).orThrow());
        }
        for (Json object : objects) {
            JsonObject body = (JsonObject) object;
            cluster.apply(ObjectRef.of(body), body, WriteOptions.defaults().withFieldManager("bootstrap"));
        }
        out.println(cluster.name() + ": " + objects.size() + " objects");
    }

    private void show(List<Reconciler.Reconciled> pass) {
        Table table = new Table("APPLICATION", "ACT", "WRITES", "MESSAGE");
        for (Reconciler.Reconciled one : pass) {
            table.row(
                    one.view().application().name(),
                    one.act().name().toLowerCase(java.util.Locale.ROOT),
                    String.valueOf(one.writes()),
                    one.message());
            right &= one.act() != Reconciler.Act.FAILED;
        }
        out.print(table);
        out.flush();
    }

    private static SourceTree head(DemoRepositories git) {
        var repository = git.repository(DemoRepositories.INFRASTRUCTURE);
        return repository.tree(repository.resolve("main").orThrow());
    }

    private void cluster(String name, String server) {
        clusters.put(
                name,
                FakeCluster.builder()
                        .name(name)
                        .server(server)
                        .time(time)
                        .workloads()
                        .build());
    }

    private FakeCluster cluster(String name) {
        FakeCluster cluster = clusters.get(name);
        if (cluster == null) {
            throw new IllegalStateException("no cluster " + name);
        }
        return cluster;
    }

    private static Application named(List<Application> applications, String name) {
        return applications.stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the example has no Application " + name));
    }

    private void step(String text) {
        out.println();
        out.println(colour ? "\u001b[1m==> " + text + "\u001b[0m" : "==> " + text);
        out.flush();
    }

    private void command(String text) {
        out.println();
        out.println("$ gitops " + text);
    }
}
