package io.gitops4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the main job on the example repository and shows it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Makes Git repositories of the example, syncs three in-memory clusters, drifts, heals, bumps an image,"
                        + " previews, syncs, rolls back, takes a snapshot and drills the recovery.",
        footer = {"", "Example:", "  gitops demo"})
final class DemoCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        return new Demo(spec.commandLine().getOut()).run() ? 0 : 1;
    }
}
