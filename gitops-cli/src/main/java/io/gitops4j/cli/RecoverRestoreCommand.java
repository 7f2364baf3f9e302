package io.gitops4j.cli;

import io.gitops4j.engine.GitOps;
import io.gitops4j.recovery.restore.ExistingPolicy;
import io.gitops4j.recovery.restore.RestoreReport;
import io.gitops4j.recovery.restore.RestoreRequest;
import io.gitops4j.recovery.restore.RestoredItem.Result;
import io.gitops4j.recovery.restore.Restorer;
import io.gitops4j.recovery.restore.StatusPolicy;
import io.gitops4j.spi.Cluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores a snapshot. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = "Restores a snapshot into a cluster. Exits with 1 when an object could not be restored.",
        footer = {"", "Example:", "  gitops recover restore --store backups --identity keys.txt --map-namespace a=b"})
final class RecoverRestoreCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Mixin
    private SnapshotOptions snapshots = new SnapshotOptions();

    @Mixin
    private ClusterChoice choice = new ClusterChoice();

    @Option(names = "--snapshot", paramLabel = "DIGEST", description = "Default: the newest.")
    private @Nullable String snapshot;

    @Option(names = "--map-namespace", paramLabel = "OLD=NEW", description = "May be repeated.")
    private Map<String, String> namespaces = new LinkedHashMap<>();

    @Option(names = "--map-storage-class", paramLabel = "OLD=NEW", description = "May be repeated.")
    private Map<String, String> classes = new LinkedHashMap<>();

    @Option(names = "--namespace", paramLabel = "NAME", description = "Only objects of these namespaces.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--exclude-kind", paramLabel = "KIND", description = "Leave these kinds out.")
    private List<String> without = new ArrayList<>();

    @Option(
            names = "--existing",
            defaultValue = "SKIP",
            description = "What to do with objects that exist and differ: ${COMPLETION-CANDIDATES}. Default: SKIP.")
    private ExistingPolicy existing = ExistingPolicy.SKIP;

    @Option(names = "--status", paramLabel = "KIND[.GROUP]", description = "Put the status of these kinds back.")
    private List<String> status = new ArrayList<>();

    @Option(names = "--keep-node-ports", description = "Keep node ports instead of letting the cluster choose.")
    private boolean keepNodePorts;

    @Option(names = "--relax-webhooks", description = "Let existing webhooks of the snapshot fail open meanwhile.")
    private boolean relaxWebhooks;

    @Option(names = "--allow-destructive", description = "Let RECREATE delete volumes, claims and namespaces.")
    private boolean allowDestructive;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(names = "--force", description = "Use a store that does not verify.")
    private boolean force;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Journal of the restore: a run that was killed goes on with the same file.")
    private @Nullable Path journal;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        GitOps gitops = workspace.gitops(workspace.applications(err));
        Cluster cluster = choice.of(gitops);
        Restorer restorer = Restorer.from(snapshots.chain(), InstantSource.system())
                .opening(snapshots.opener())
                .volumes(SnapshotOptions.volumes())
                .pause(ClusterChoice.pause(cluster, "the restore"))
                .listener((what, done, total) -> choice.progress(err, what, done, total));
        if (journal != null) {
            restorer = restorer.journal(new FileRestoreJournal(journal));
        }
        RestoreReport report;
        try {
            report = restorer.restore(request(), cluster).orThrow();
        } finally {
            workspace.save();
        }
        print(report, out);
        return report.status().equals("OK") ? 0 : 1;
    }

    private RestoreRequest request() {
        RestoreRequest.Builder request = RestoreRequest.of()
                .snapshot(snapshot)
                .existing(existing)
                .status(StatusPolicy.of(status.toArray(new String[0])))
                .dryRun(dryRun)
                .force(force);
        namespaces.forEach(request::mapNamespace);
        classes.forEach(request::mapStorageClass);
        if (!only.isEmpty()) {
            request.only(key -> only.contains(key.kind().equals("Namespace") ? key.name() : key.namespace()));
        }
        request.only(key -> !without.contains(key.kind()));
        if (keepNodePorts) {
            request.keepNodePorts();
        }
        if (relaxWebhooks) {
            request.relaxWebhooks();
        }
        if (allowDestructive) {
            request.allowDestructive();
        }
        return request.build();
    }

    private void print(RestoreReport report, PrintWriter out) {
        if (json) {
            out.println(report.toJson().toJson());
        } else {
            Table table = new Table("OBJECT", "RESULT", "WHY");
            report.items().stream()
                    .filter(item -> dryRun || item.result() == Result.FAILED || item.result() == Result.SKIPPED)
                    .forEach(item -> table.row(
                            item.target().key().toString(),
                            item.result().name(),
                            item.code().isEmpty() ? "" : item.code() + " " + item.text()));
            out.print(table);
            report.problems().forEach(problem -> out.print(problem.display()));
            out.println(report.snapshotId() + " " + report.status() + ": " + report.summary());
        }
        out.flush();
    }
}
