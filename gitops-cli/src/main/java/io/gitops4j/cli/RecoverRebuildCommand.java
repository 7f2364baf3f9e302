package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.codec.YamlWriter;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.JsonObject;
import io.gitops4j.manifest.Manifest;
import io.gitops4j.problem.Outcome;
import io.gitops4j.recovery.rebuild.RebuildPlan;
import io.gitops4j.recovery.rebuild.RebuildReport;
import io.gitops4j.recovery.rebuild.RebuildTarget;
import io.gitops4j.recovery.rebuild.RebuildUnit;
import io.gitops4j.recovery.rebuild.Rebuilder;
import io.gitops4j.recovery.restore.Pause;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
            "Rebuilds a cluster from Git alone: definitions, namespaces, access, keys, settings, controllers, applications by",
            "what they depend on, webhooks last. Exits with 1 when something is missing or not healthy."
        },
        footer = {"", "Example:", "  gitops recover rebuild --plan", "  gitops recover rebuild --journal run.journal"})
final class RecoverRebuildCommand implements Callable<Integer> {
    /** The annotation of an Application with the names of those that it needs, separated by commas. */
    private static final String DEPENDS_ON = "gitops4j.io/depends-on";

    @Mixin
    private Workspace workspace = new Workspace();

    @Mixin
    private ClusterChoice choice = new ClusterChoice();

    @Option(names = "--plan", description = "Only say what would be done, and in which order.")
    private boolean planOnly;

    @Option(
            names = "--escrow",
            paramLabel = "FILE",
            description = "Manifests of keys kept for a disaster, applied before what they open. May be repeated.")
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
        List<Application> applications = workspace.applications(err);
        GitOps gitops = workspace.gitops(applications);
        Cluster cluster = choice.of(gitops);
        List<RebuildTarget> targets = new ArrayList<>();
        for (Application application : GitSide.applicationsOf(gitops, applications, cluster)) {
            targets.add(target(gitops, application));
        }
        List<JsonObject> keys = new ArrayList<>();
        for (Path file : escrow) {
            keys.addAll(ObjectFiles.read(file));
        }
        RebuildPlan plan = RebuildPlan.of(targets, keys).orThrow();
        if (planOnly) {
            print(plan.toJson(), table(plan), out);
            return plan.refused().isEmpty() ? 0 : 1;
        }
        long[] count = {0};
        Rebuilder rebuilder = Rebuilder.of(cluster, clock(cluster), pause(cluster))
                .deadline(deadline)
                .progress(done -> {
                    count[0] += done.unit().objects().size();
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

    private static RebuildTarget target(GitOps gitops, Application application) {
        Outcome<List<JsonObject>> objects = gitops.render(application)
                .map(rendered ->
                        rendered.manifests().stream().map(Manifest::body).toList());
        String needs = application.annotation(DEPENDS_ON);
        List<String> dependsOn = new ArrayList<>();
        if (needs != null) {
            for (String name : needs.split(",", -1)) {
                if (!name.isBlank()) {
                    dependsOn.add(name.strip());
                }
            }
        }
        return new RebuildTarget(
                application.name(), application.destination().namespace(), dependsOn, objects.orThrow());
    }

    private static InstantSource clock(Cluster cluster) {
        return cluster instanceof FakeCluster fake ? fake.time() : InstantSource.system();
    }

    /** An embedded cluster waits in its own time. */
    private static Pause pause(Cluster cluster) {
        if (cluster instanceof FakeCluster fake) {
            return time -> fake.time().advance(time);
        }
        return time -> {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
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
        return table + "RTO " + report.rto().toSeconds() + " s; critical path: "
                + String.join(" > ", report.criticalPath()) + "\n";
    }
}
