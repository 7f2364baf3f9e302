package io.gitops4j.cli;

import io.gitops4j.app.Application;
import io.gitops4j.engine.GitOps;
import io.gitops4j.problem.Problem;
import io.gitops4j.recovery.snapshot.AgeSealing;
import io.gitops4j.recovery.snapshot.Ed25519;
import io.gitops4j.recovery.snapshot.SnapshotResult;
import io.gitops4j.recovery.snapshot.SnapshotScope;
import io.gitops4j.recovery.snapshot.Snapshotter;
import io.gitops4j.spi.Cluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a snapshot. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "Keeps what a cluster holds and Git does not. Exits with 1 when something could not be read.",
        footer = {"", "Example:", "  gitops recover snapshot --store backups --recipient age1..."})
final class RecoverSnapshotCommand implements Callable<Integer> {
    @Mixin
    private Workspace workspace = new Workspace();

    @Mixin
    private SnapshotOptions snapshots = new SnapshotOptions();

    @Mixin
    private ClusterChoice choice = new ClusterChoice();

    @Option(names = "--recipient", paramLabel = "age1…", description = "Encrypt Secrets for it. May be repeated.")
    private List<String> recipients = new ArrayList<>();

    @Option(names = "--without-secrets", description = "Leave Secrets out.")
    private boolean withoutSecrets;

    @Option(names = "--everything", description = "Keep what Git holds, too.")
    private boolean everything;

    @Option(names = "--sign", paramLabel = "FILE", description = "Ed25519 private key in PEM that signs the snapshot.")
    private @Nullable Path sign;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Application> applications = workspace.applications(err);
        GitOps gitops = workspace.gitops(applications);
        Cluster cluster = choice.of(gitops);
        GitSide git = GitSide.of(gitops, applications, cluster);
        Snapshotter.Options options = Snapshotter.into(snapshots.store(), InstantSource.system())
                .scope(everything ? SnapshotScope.everything() : git.scope())
                .sealing(recipients.isEmpty() ? null : AgeSealing.sealer(recipients))
                .gitRevisions(git.revisions())
                .renders(git.renders())
                .volumes(SnapshotOptions.volumes())
                .listener((what, done, total) -> choice.progress(err, what, done, total));
        if (withoutSecrets) {
            options.withoutSecrets();
        }
        if (sign != null) {
            options.signing(Ed25519.signer(Files.readString(sign)).orThrow());
        }
        SnapshotResult taken = options.take(cluster).orThrow();
        snapshots.remember(taken.manifest());
        git.unrendered()
                .forEach((name, problem) -> err.print(
                        Problem.warning("RENDER_NOT_KEPT", name + " would not come back without Git: " + problem.text())
                                .display()));
        taken.problems().forEach(problem -> err.print(problem.display()));
        out.println(taken.manifest().id() + " " + taken.status() + ": "
                + taken.manifest().entries().size() + " objects kept, "
                + taken.manifest().tracked().size() + " left to Git, "
                + taken.blobsAdded() + " new blobs, " + taken.bytesAdded() + " bytes");
        out.flush();
        err.flush();
        return taken.manifest().complete() ? 0 : 1;
    }
}
