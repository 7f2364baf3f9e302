package io.gitops4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code gitops}: one subcommand a job. */
@Command(
        name = "gitops",
        mixinStandardHelpOptions = true,
        version = "gitops4j 0.1.0",
        description = "Renders, plans, syncs and watches GitOps repositories.",
        synopsisSubcommandLabel = "COMMAND")
public final class GitOpsCli implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    /** Runs the program and exits with its code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new GitOpsCli()).execute(args));
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
