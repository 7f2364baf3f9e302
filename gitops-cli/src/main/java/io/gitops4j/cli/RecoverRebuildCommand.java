package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.GitOpsException;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.rebuild.CachedRenders;
import io.gitops4j.recovery.rebuild.RebuildPlan;
import io.gitops4j.recovery.rebuild.RebuildReport;
import io.gitops4j.recovery.rebuild.RebuildSources;
import io.gitops4j.recovery.rebuild.RebuildStage;
import io.gitops4j.recovery.rebuild.RebuildTarget;
import io.gitops4j.recovery.rebuild.RebuildUnit;
import io.gitops4j.recovery.rebuild.Rebuilder;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rebuilds a cluster from Git alone. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Rebuilds a cluster from Git alone: definitions, namespaces, access, keys, settings, controllers, applications"
                    + " by what they depend on, webhooks last, and a verification. With --store it also says what the"
                    + " newest snapshot holds and Git does not.",
            "Exits with 1 when something is missing or not healthy."
        },
        footer = {
            "",
            "Example:",
            "  gitops recover rebuild --bootstrap bootstrap --plan",
            "  gitops recover rebuild --journal run.journal --escrow keys.yaml",
            "  gitops recover rebuild --store backups --allow-cached-render"
        })
final class RecoverRebuildCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Mixin
    private ClusterChoice choice = new ClusterChoice();

    @Mixin
    private SnapshotOptions snapshots = new SnapshotOptions();

    @Option(
            names = "--bootstrap",
            paramLabel = "PATH",
            description = "Folder or file of the repository with what comes before all Applications, such as the"
                    + " controllers that serve them. May be repeated.")
    private List<String> bootstrap = new ArrayList<>();

    @Option(
            names = "--allow-cached-render",
            description = "Where Git does not answer, use what the newest snapshot of --store kept of its renders.")
    private boolean allowCached;

    @Option(names = "--plan", description = "Only say what would be done, and in which order.")
    private boolean planOnly;

    @Option(
            names = "--escrow",
            paramLabel = "FILE",
            description = "Keys kept for a disaster: manifests, applied before what they open, and age identities,"
                    + " which open SOPS files. May be repeated.")
    private List<Path> escrow = new ArrayList<>();

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Journal of the rebuild: a run that was killed goes on with the same file.")
    private @Nullable Path journal;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            defaultValue = "PT60S",
            description = "How long each part may take to be healthy. Default: PT60S.")
    private Duration deadline = Duration.ofSeconds(60);

    @Option(names = "--format", defaultValue = "TABLE", description = "${COMPLETION-CANDIDATES}. Default: TABLE.")
    private OutputFormat format = OutputFormat.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<JsonObject> keys = keys();
        workspace.runWorkloads();
        if (allowCached && !snapshots.given()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--allow-cached-render needs the --store whose newest snapshot kept the renders");
        }
        RebuildSources sources = allowCached
                ? RebuildSources.allowingCachedRenders(
                        CachedRenders.of(snapshots.chain(), snapshots.opener()).orThrow())
                : RebuildSources.gitOnly();
        List<Application> applications = applications(sources, err);
        GitOps gitops = workspace.gitops(applications);
        Cluster cluster = choice.of(gitops);
        for (Application application : GitSide.applicationsOf(gitops, applications, cluster)) {
            sources.add(application.name(), GitSide.target(gitops, application));
        }
        for (String path : bootstrap) {
            sources.add(path, Outcome.of(new RebuildTarget(path, "", List.of(), workspace.objects(path))));
        }
        sources.notes().forEach(note -> err.print(note.display()));
        err.flush();
        RebuildPlan plan = sources.plan(keys).orThrow();
        if (planOnly) {
            print(plan.toJson(), table(plan), out);
            return plan.refused().isEmpty() ? 0 : 1;
        }
        long[] count = {0};
        Rebuilder rebuilder = Rebuilder.of(cluster, clock(cluster), ClusterChoice.pause(cluster, "the rebuild"))
                .deadline(deadline)
                .recorded(snapshots.given() ? snapshots.chain().newestVerified().orElse(null) : null)
                .progress(done -> {
                    boolean writes = done.unit().stage() != RebuildStage.VERIFICATION;
                    count[0] += writes ? done.unit().objects().size() : 0;
                    choice.progress(err, done.unit().id(), count[0], plan.size());
                });
        if (journal != null) {
            rebuilder = rebuilder.journal(new FileRestoreJournal(journal));
        }
        RebuildReport report;
        try {
            report = rebuilder.run(plan);
        } finally {
            workspace.save();
        }
        print(report.toJson(), table(report), out);
        return report.complete() ? 0 : 1;
    }

    /** The Applications in Git; where not even they can be read, all that the snapshot kept, if that is allowed. */
    private List<Application> applications(RebuildSources sources, PrintWriter err) {
        try {
            return workspace.applications(err);
        } catch (GitOpsException unreadable) {
            if (!allowCached) {
                throw unreadable;
            }
            sources.addAllCached(Problem.error(unreadable.code(), String.valueOf(unreadable.getMessage())));
            return List.of();
        }
    }

    /** The keys that are applied; age identities open files instead. */
    private List<JsonObject> keys() throws IOException {
        List<JsonObject> keys = new ArrayList<>();
        List<Path> identities = new ArrayList<>();
        for (Path file : escrow) {
            if (SecretFiles.holdsIdentities(file)) {
                identities.add(file);
            } else {
                keys.addAll(ObjectFiles.readSecret(file));
            }
        }
        workspace.openWith(identities);
        return keys;
    }

    private static InstantSource clock(Cluster cluster) {
        return cluster instanceof FakeCluster fake ? fake.time() : InstantSource.system();
    }

    private void print(JsonObject json, String table, PrintWriter out) {
        switch (format) {
            case TABLE -> out.print(table);
            case JSON -> out.println(json.toJson());
            case YAML -> out.print(YamlWriter.write(json));
        }
        out.flush();
    }

    private static String table(RebuildPlan plan) {
        Table table = new Table("STAGE", "APPLICATION", "OBJECTS");
        for (RebuildUnit unit : plan.units()) {
            table.row(
                    unit.stage().toString(),
                    unit.application(),
                    "" + unit.objects().size());
        }
        StringBuilder text = new StringBuilder(table.toString());
        text.append(cached(plan.cached()));
        plan.refused()
                .forEach((name, problem) -> text.append("not ")
                        .append(name)
                        .append(": ")
                        .append(problem.code())
                        .append(' ')
                        .append(problem.text())
                        .append('\n'));
        return text.toString();
    }

    private static String table(RebuildReport report) {
        Table table = new Table("STAGE", "APPLICATION", "OBJECTS", "RESULT", "SECONDS", "MESSAGE");
        for (RebuildReport.Done done : report.units()) {
            table.row(
                    done.unit().stage().toString(),
                    done.unit().application(),
                    "" + done.unit().objects().size(),
                    done.result().toString(),
                    "" + done.took().toSeconds(),
                    done.message());
        }
        StringBuilder lost = new StringBuilder(cached(report.cached()));
        report.notRebuilt()
                .forEach(one -> lost.append("not from Git: ")
                        .append(one.key())
                        .append(one.why() == RebuildReport.NotRebuilt.Why.DRIFT ? " (had drifted)" : " (live only)")
                        .append('\n'));
        return table + lost.toString() + "RTO " + report.rto().toSeconds() + " s; critical path: "
                + String.join(" > ", report.criticalPath()) + "\n";
    }

    private static String cached(Map<String, String> applications) {
        StringBuilder text = new StringBuilder();
        applications.forEach((name, revision) -> text.append("not from Git: all of ")
                .append(name)
                .append(", from the render of ")
                .append(AppTables.shortRevision(revision))
                .append(" in the snapshot\n"));
        return text.toString();
    }
}
