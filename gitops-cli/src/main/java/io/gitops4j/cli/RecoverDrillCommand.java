package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.GitOps;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.drill.DrDrill;
import io.gitops4j.recovery.drill.DrillReport;
import io.gitops4j.recovery.drill.KeyCheck;
import io.gitops4j.recovery.report.ApplicationPoint;
import io.gitops4j.recovery.report.RecoveryBudget;
import io.gitops4j.recovery.report.RecoveryReport;
import io.gitops4j.recovery.report.RtoModel;
import io.gitops4j.recovery.snapshot.SnapshotChain;
import io.gitops4j.recovery.snapshot.SnapshotManifest;
import io.gitops4j.source.Bytes;
import io.gitops4j.spi.Cluster;
import io.gitops4j.testkit.FakeCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves that a snapshot restores. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description =
                "Rebuilds a cluster in memory from its newest snapshot and Git, and compares. Exits with 1 unless green.",
        footer = {"", "Example:", "  gitops recover drill --store backups --identity keys.txt --format markdown"})
final class RecoverDrillCommand implements Callable<Integer> {
    /** How the report is printed. */
    enum Format {
        TABLE,
        JSON,
        MARKDOWN
    }

    @Mixin
    private Workspace workspace = new Workspace();

    @Mixin
    private SnapshotOptions snapshots = new SnapshotOptions();

    @Mixin
    private ClusterChoice choice = new ClusterChoice();

    @Option(
            names = "--escrow",
            paramLabel = "FILE",
            description = "Keys kept for a disaster: every SealedSecret and every SOPS file in the repositories must"
                    + " open with them. Secrets of sealing keys, PEM keys or age identities. May be repeated.")
    private List<Path> escrow = new ArrayList<>();

    @Option(names = "--rpo", paramLabel = "DURATION", defaultValue = "PT15M", description = "Default: PT15M.")
    private Duration rpo = Duration.ofMinutes(15);

    @Option(names = "--rto", paramLabel = "DURATION", defaultValue = "PT30M", description = "Default: PT30M.")
    private Duration rto = Duration.ofMinutes(30);

    @Option(names = "--format", defaultValue = "TABLE", description = "${COMPLETION-CANDIDATES}. Default: TABLE.")
    private Format format = Format.TABLE;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        SecretFiles keys = new SecretFiles(escrow);
        List<Path> identities = new ArrayList<>();
        for (Path file : escrow) {
            if (SecretFiles.holdsIdentities(file)) {
                identities.add(file);
            }
        }
        workspace.openWith(identities);
        List<Application> applications = workspace.applications(err);
        GitOps gitops = workspace.gitops(applications);
        Cluster cluster = choice.of(gitops);
        FakeCluster standIn = FakeCluster.builder()
                .name(cluster.name())
                .server(cluster.server())
                .build();
        SnapshotChain chain = snapshots.chain();
        choice.progress(err, "rendering", 0, -1);
        GitOps planner = workspace.gitopsOver(GitSide.planningGround(chain, cluster, InstantSource.system()));
        Map<String, Problem> lost = new LinkedHashMap<>();
        List<Application> own = GitSide.applicationsOf(gitops, applications, cluster);
        List<JsonObject> git = GitSide.wanted(planner, own, lost);
        KeyCheck check = escrow.isEmpty()
                ? KeyCheck.none()
                : KeyCheck.none()
                        .sealedBy(SecretFiles.sealedSecrets(), keys.sealing())
                        .files(keys.sops());
        Map<String, Bytes> encrypted =
                escrow.isEmpty() ? new LinkedHashMap<>() : GitSide.encryptedFiles(gitops, own, keys.sops());
        choice.progress(err, "restoring", git.size(), -1);
        DrillReport drill = DrDrill.of(chain, InstantSource.system())
                .opening(snapshots.opener())
                .git(git)
                .unplanned(lost)
                .volumes(SnapshotOptions.volumes())
                .keys(check, encrypted)
                .run(standIn);
        Instant now = Instant.now();
        SnapshotManifest verified = chain.newestVerified().orElse(null);
        RecoveryReport report = RecoveryReport.of(
                        verified,
                        drill,
                        RtoModel.usual(),
                        new RecoveryBudget(rpo, rto, RecoveryBudget.usual().drillAge()),
                        now)
                .applications(
                        ApplicationPoint.of(verified, GitSide.heads(gitops, own), GitSide.times(gitops, own), now));
        switch (format) {
            case TABLE -> out.print(report.toTable());
            case JSON -> out.println(report.toJson().toJson());
            case MARKDOWN -> out.print(report.toMarkdown());
        }
        out.flush();
        return drill.green() ? 0 : 1;
    }
}
