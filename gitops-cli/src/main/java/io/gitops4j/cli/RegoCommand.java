package io.gitops4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Evaluates, checks and tests Rego, with the flags and the output of {@code opa}. */
@Command(
        name = "rego",
        mixinStandardHelpOptions = true,
        description = "Evaluates, checks and tests Rego policies.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RegoEvalCommand.class, RegoCheckCommand.class, RegoTestCommand.class})
final class RegoCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
