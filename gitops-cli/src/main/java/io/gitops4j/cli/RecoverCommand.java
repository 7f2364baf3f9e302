package io.gitops4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Keeps what Git does not, and proves that a cluster comes back. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description =
                "Takes, checks and restores snapshots of clusters, rebuilds clusters from Git, and drills the recovery.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RecoverSnapshotCommand.class,
            RecoverVerifyCommand.class,
            RecoverRestoreCommand.class,
            RecoverDrillCommand.class,
            RecoverRebuildCommand.class,
            RecoverFailoverPlanCommand.class
        },
        footer = {
            "",
            "Example:",
            "  gitops recover snapshot --store backups --recipient age1...",
            "  gitops recover drill --store backups --identity keys.txt"
        })
final class RecoverCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
